"""A web server with something to download."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


async def _zeros(request: web.Request) -> web.Response:
    """Answer with as many bytes as the path says."""
    return web.Response(body=bytes(int(request.match_info["size"])))


@asynccontextmanager
async def file_server() -> AsyncIterator[str]:
    """Serve files of any size at `/bytes/<size>`, and nothing else; gives the address."""
    app = web.Application()
    app.router.add_get("/bytes/{size}", _zeros)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
