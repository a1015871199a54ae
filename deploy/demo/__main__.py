"""`make demo`: starts everything, plays the story, stays up until Ctrl-C. `--once`: ends after it; `--reset`: clears the data."""

import argparse
import asyncio
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console

from deploy.demo.cases import cases
from deploy.demo.expectations import wait_for
from deploy.demo.office import Office, StepFailed
from deploy.demo.story import Story, Told
from deploy.demo.telling import failure, tell, tell_addresses, trail
from deploy.embedded import data_folder
from deploy.embedded.system import Options, System
from deploy.embedded.trouble import Trouble

DATA = Path(os.environ.get("DATA", ".data"))
console = Console(highlight=False)


async def show(*, once: bool) -> int:
    """The exit code: 0 when every step of the story came true."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    showing = asyncio.ensure_future(_show(once=once))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({showing, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not showing.done():
        console.print("Đang dừng / stopping …")
        showing.cancel()
    stopped.cancel()
    try:
        return await showing
    except asyncio.CancelledError:
        return 0 if not once else 130


async def _show(*, once: bool) -> int:
    """Without `once` it ends by being cancelled, and only there: a cancelled stop would leave it to the kernel to kill."""
    async with System(_options(), _say) as system:
        failed = await _play(system)
        if not once and not failed:
            console.print("\nĐang chạy. Ctrl-C để dừng / running, Ctrl-C stops")
            await asyncio.Event().wait()
    return failed


def _options() -> Options:
    """The prefixes set this system apart on engines of the user's own that serve others too."""
    database_prefix = os.environ.get("DATABASE_PREFIX", "debai_")
    return Options(DATA, database_prefix=database_prefix, topic_prefix=os.environ.get("TOPIC_PREFIX", ""))


async def _play(system: System) -> int:
    office = Office(system.public_url)
    try:
        told = await _tell_all(Story(office, _say))
        outcome, missing = await wait_for(office, told, system.maildir, _say)
    finally:
        await office.close()
    tell(console, outcome, system.public_url)
    tell_addresses(console, system, outcome)
    for sentence in missing:
        console.print(f"[red]Chưa đúng / not as it should be:[/red] {sentence}")
    return 1 if missing else 0


async def _tell_all(story: Story) -> list[Told]:
    await story.set_the_stage()
    planned, told = cases(datetime.now(UTC).date()), list[Told]()
    for case in planned:
        told.append(await story.play(case))
        _say(f"Đề bài {len(told)}/{len(planned)} «{case.title}»: {trail(told[-1])}")
    return told


def _say(sentence: str) -> None:
    console.print(f"[dim]{datetime.now(UTC):%H:%M:%S}[/dim] {sentence}")


def _reset() -> int:
    """Not under a system that runs: the folder is held by it. Raises Trouble."""
    data_folder.hold(DATA).close()
    shutil.rmtree(DATA, ignore_errors=True)
    console.print(f"Đã xóa / cleared: {DATA}")
    if given := [name for name in ("MONGO_URL", "KAFKA_BOOTSTRAP") if name in os.environ]:
        console.print(f"Không đụng tới {', '.join(given)}: máy chủ riêng / your own servers were left alone")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy.demo", description=__doc__)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--reset", action="store_true")
    wanted = parser.parse_args()
    try:
        return _reset() if wanted.reset else asyncio.run(show(once=wanted.once))
    except StepFailed as error:
        console.print(failure(error, DATA / "logs"), style="red", markup=False)
    except Trouble as error:
        console.print(str(error), style="red", markup=False)
    except httpx.HTTPError as error:
        console.print(f"[red]Không gọi được hệ thống / the system does not answer: {error!r}. Xem {DATA}/logs.[/red]")
    except OSError as error:
        console.print(f"[red]{error.strerror or error}: {error.filename or ''}[/red]")
    return 1


if __name__ == "__main__":
    sys.exit(main())
