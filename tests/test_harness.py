"""What the other tests rely on."""

import asyncio
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("call", "arguments"), [("call_soon", (print,)), ("call_later", (1, print))]
)
async def test_the_loop_refuses_what_comes_from_another_thread(
    call: str, arguments: tuple[Any, ...]
) -> None:
    """It might be lost, or done in the midst of something else."""
    loop = asyncio.get_running_loop()
    with pytest.raises(RuntimeError, match="another thread"):
        await asyncio.to_thread(getattr(loop, call), *arguments)
