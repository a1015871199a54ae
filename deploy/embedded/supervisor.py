"""Starts processes in order, starts a dead one anew, stops them in reverse; leaves none behind."""

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.trouble import Trouble

PR_SET_PDEATHSIG = 1
STOP_S = 4.5
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Part:
    """One process. `ready` is asked again and again until it says yes, for at most `ready_s`. Parts of one `rank` stop
    together, higher ranks first."""

    name: str
    argv: Sequence[str]
    ready: Callable[[], Awaitable[bool]]
    env: Mapping[str, str] = field(default_factory=dict)
    ready_s: float = 60
    rank: int = 0


class Running:
    """A part's process, started anew when it dies, until it is told to stop."""

    def __init__(self, part: Part, log: Path) -> None:
        self.part, self.log = part, log
        self.restarts, self._stopping = 0, False
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def start(self) -> None:
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())
        await self.wait_ready()

    async def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.part.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, **self.part.env},
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),
            )

    async def _keep(self) -> None:
        while self._process is not None:
            await self._process.wait()
            if self._stopping:
                return
            await asyncio.sleep(BACKOFF_S[min(self.restarts, len(BACKOFF_S) - 1)])
            self.restarts += 1
            await self._spawn()

    async def wait_ready(self) -> None:
        """Raises Trouble with the end of the log when it is not ready in time, or dies again and again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.part.ready_s):
                while self.restarts < len(BACKOFF_S):
                    if self.pid and await self.part.ready():
                        return
                    await asyncio.sleep(0.05)
        raise Trouble(f"{self.part.name} does not start. The end of {self.log}:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def kill(self) -> None:
        """As a crash would; it is started anew."""
        if self.pid:
            os.killpg(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        self._stopping = True
        if self._process is not None and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_S):
                    await self._process.wait()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)


class Supervisor:
    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: dict[str, Running] = {}

    async def start(self, *parts: Part) -> None:
        """These side by side; returns when all are ready."""
        started = [Running(part, self._logs / f"{part.name}.log") for part in parts]
        self.running |= {one.part.name: one for one in started}
        await asyncio.gather(*(one.start() for one in started))

    async def stop(self) -> None:
        for rank in sorted({one.part.rank for one in self.running.values()}, reverse=True):
            await asyncio.gather(*(one.stop() for one in self.running.values() if one.part.rank == rank))
        self.running.clear()


def _die_with_parent(parent: int) -> Callable[[], None]:
    """The kernel kills the child when the supervisor dies, however it dies (Linux)."""

    def prepare() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call above
            os._exit(1)

    return prepare


async def listens(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
