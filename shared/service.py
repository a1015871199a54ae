"""Runs a service: the HTTP doors, the relay, the event handlers and the workers in one TaskGroup."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI
from pydantic import ValidationError

from shared import logs
from shared.garbage import collect_seldom
from shared.messaging.inbox import Inbox
from shared.messaging.outages import patiently
from shared.mongo import Client
from shared.settings import BadSetting, Settings

log = structlog.get_logger()
S = TypeVar("S", bound=Settings)
Task = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a main.py builds. Nothing in it has connected yet.

    `prepare` makes collections and indexes, again and again until the database answers. `work` is what each role
    runs for ever, beside `http`: relay, events, workers. `background` runs whatever the roles.
    """

    name: str
    settings: Settings
    client: Client
    http: FastAPI
    prepare: Task
    work: Mapping[str, Sequence[Task]]
    background: Sequence[Task] = ()
    inboxes: Sequence[Inbox] = ()

    def runs(self, role: str) -> bool:
        return self.settings.roles == "all" or role in self.settings.roles.split(",")


class _Server(uvicorn.Server):
    """Signals are ours: one of them stops every task, not the doors alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(service: Service) -> None:
    """Until SIGTERM or SIGINT. A task that dies takes the process down; the orchestrator starts it anew."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    main = asyncio.ensure_future(_run_roles(service))
    ended = asyncio.ensure_future(stop.wait())
    await asyncio.wait({main, ended}, return_when=asyncio.FIRST_COMPLETED)
    main.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await main
    service.client.close()


async def _run_roles(service: Service) -> None:
    """The doors open at once, ready or not; everything else waits for the database."""
    async with asyncio.TaskGroup() as tasks:
        if service.runs("http"):
            tasks.create_task(_serve_http(service))
        await patiently("database", service.prepare)
        log.info("started", roles=service.settings.roles, instance=service.settings.instance)
        for job in service.background:
            tasks.create_task(job())
        for role, jobs in service.work.items():
            for job in jobs if service.runs(role) else ():
                tasks.create_task(job())


async def _serve_http(service: Service) -> None:
    server = _Server(
        uvicorn.Config(
            service.http,
            host=service.settings.http_host,
            port=service.settings.http_port,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


async def replay(service: Service, quarantined: str) -> bool:
    """Runs one quarantined event through its handler again; False when no inbox of this service holds it."""
    for inbox in service.inboxes:
        if await inbox.replay(quarantined):
            return True
    return False


def main(make_app: Callable[[S], Service], settings_type: type[S]) -> None:
    """`python -m services.<name>.main` serves; with `replay ID` it replays one quarantined event."""
    try:
        settings = settings_type()
    except ValidationError as error:
        sys.exit(_named(error))
    try:
        service = make_app(settings)
    except BadSetting as error:
        sys.exit(str(error))
    logs.configure(service.name, level=settings.log_level, json=settings.log_json)
    if sys.argv[1:2] == ["replay"]:
        sys.exit(0 if asyncio.run(replay(service, sys.argv[2])) else f"{sys.argv[2]}: not in quarantine")
    collect_seldom()
    uvloop.run(run(service))


def _named(error: ValidationError) -> str:
    """A line each. What is wrong with several settings together is at none of them, and names them in its message."""
    return "\n".join(": ".join([*(str(part).upper() for part in e["loc"][:1]), e["msg"]]) for e in error.errors())
