"""Small real processes to supervise, and how to see that one is gone."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from deploy.embedded.parts import Part

STEADY = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(600)"


async def at_once() -> bool:
    return True


def python(
    name: str,
    code: str,
    *words: object,
    ready: Callable[[], Awaitable[bool]] = at_once,
    rank: int = 0,
    ready_s: float = 20,
) -> Part:
    """A part that runs `import sys` and then the code; the words are its sys.argv[1:]."""
    argv = [sys.executable, "-c", f"import sys; {code}", *map(str, words)]
    return Part(name, argv, ready, rank=rank, ready_s=ready_s)


def appears(path: Path) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return await asyncio.to_thread(path.exists)

    return ready


def alive(pid: int) -> bool:
    """By the state that the kernel tells: a zombie is dead, though `kill -0` finds it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] not in "ZX"
