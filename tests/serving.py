"""Reaches an application: on a free port of this machine, for what needs a real connection, or in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from shared.web.session import CSRF_COOKIE, SESSION_COOKIE

PUBLIC = "http://debai.test"
CSRF = "csrf-of-this-browser"


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Gives the address, without a slash at its end."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def browsers(app: ASGIApp, **headers: str) -> AsyncIterator[Callable[[str], AsyncClient]]:
    """Opens browsers in this process: each is signed in with the session token it is given (empty: with none), has its CSRF
    cookie and sends these headers."""
    async with AsyncExitStack() as opened:

        def open_one(token: str) -> AsyncClient:
            client = AsyncClient(transport=ASGITransport(app), base_url=PUBLIC, headers=headers)
            opened.push_async_callback(client.aclose)
            client.cookies.set(CSRF_COOKIE, CSRF)
            if token:
                client.cookies.set(SESSION_COOKIE, token)
            return client

        yield open_one
