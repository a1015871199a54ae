"""One process of the system: started, started anew when it dies, stopped; nothing of it is left behind."""

import asyncio
import contextlib
import errno
import os
import shutil
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.trouble import Trouble

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
DEATHS = 5
"""So many deaths in a row are no accident."""
STEADY_S = 10


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
        self.restarts, self._deaths = 0, 0
        self._stopping = asyncio.Event()
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def start(self) -> None:
        """Raises Trouble when there is no such program, and as `wait_ready` does."""
        try:
            process = await self._spawn()
        except OSError as error:
            raise Trouble(f"{self.part.name} cannot be started: {error.filename}: {error.strerror}.") from error
        self._keeper = asyncio.create_task(self._keep(process))
        await self.wait_ready()

    async def _spawn(self) -> Process:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *bound_to_us(*self.part.argv),
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                env={**os.environ, **self.part.env},
                start_new_session=True,
            )
        return self._process

    async def _keep(self, process: Process) -> None:
        while True:
            await self._live(process)
            await self._pause()
            if self._stopping.is_set():
                return
            process = await self._spawn()
            self.restarts += 1
            if self._stopping.is_set():  # it was told so while the process was being made
                self.signal(signal.SIGTERM)

    async def _live(self, process: Process) -> None:
        born = time.monotonic()
        await process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started and left behind
        self._deaths = 1 if time.monotonic() - born > STEADY_S else self._deaths + 1

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BACKOFF_S[min(self._deaths, len(BACKOFF_S)) - 1]):
                await self._stopping.wait()

    async def wait_ready(self) -> None:
        """Raises Trouble with the end of the log when it is not ready in time, or dies again and again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.part.ready_s):
                while self._deaths < DEATHS:
                    if self.pid and await self.part.ready():
                        self._deaths = 0
                        return
                    await asyncio.sleep(0.05)
        raise Trouble(f"{self.part.name} does not start. The end of {self.log}:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def signal(self, number: signal.Signals) -> None:
        """To the process and all that it started."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        """As a crash would; it is started anew."""
        self.signal(signal.SIGKILL)

    async def stop(self, limit_s: float) -> None:
        """Asks it to end; kills it when it has not in time."""
        self._stopping.set()
        if self._keeper is None:
            return
        self.signal(signal.SIGTERM)
        await asyncio.wait({self._keeper}, timeout=max(0, limit_s))
        self.kill()
        await asyncio.wait({self._keeper})


def bound_to_us(*argv: str) -> Sequence[str]:
    """The same program, but the kernel kills it when this process dies, however it dies (Linux); it does not begin when we
    died before that. `preexec_fn` would fork: where a parent has threads, as jax's, the child may hang there. Raises
    FileNotFoundError as starting it would: the shell could only tell the log."""
    if shutil.which(argv[0]) is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), argv[0])
    alive = f'[ "$PPID" = {os.getpid()} ] && exec "$0" "$@"'
    return "setpriv", "--pdeathsig", "KILL", "sh", "-c", alive, *argv


async def listens(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
