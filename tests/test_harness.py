"""What the other tests rely on."""

import asyncio

import pytest


@pytest.mark.parametrize("call", ["call_soon", "call_later"])
async def test_the_loop_refuses_what_comes_from_another_thread(call: str) -> None:
    """It might be lost, or done in the midst of something else."""
    loop = asyncio.get_running_loop()
    arguments = {"call_soon": (print,), "call_later": (1, print)}[call]
    with pytest.raises(RuntimeError, match="another thread"):
        await asyncio.to_thread(getattr(loop, call), *arguments)
