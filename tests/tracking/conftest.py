"""What the tests of the pure core share."""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def garbage_collection() -> None:
    """Show the garbage collector everything again, in place of what Home Assistant's harness does.

    The harness freezes all objects. Hypothesis then finds no owner of its own random numbers, and
    warns about them.
    """
    gc.unfreeze()
