"""`make demo` as a user runs it: a process that tells the story, stays up until Ctrl-C, and leaves nothing behind."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.embedded.engines import Engines
from deploy.embedded.parts import bound_to_us
from tests.e2e.stage import forget
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.mongo, pytest.mark.kafka, pytest.mark.timeout(300)]

REFERENCE = re.compile(r"DB-[0-9A-Z]{6}")
STOP_S = 10.0
"""The promise is 5 s; a busy machine gets as much again."""


@pytest.fixture
async def environment(engines: Engines, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    prefix = f"demo{os.urandom(4).hex()}_"
    yield {
        "MONGO_URL": engines.mongo_url,
        "KAFKA_BOOTSTRAP": engines.kafka_bootstrap,
        "DATABASE_PREFIX": prefix,
        "TOPIC_PREFIX": prefix,
        "DATA": str(tmp_path / "data"),
        "COLUMNS": "200",
    }
    await forget(engines, prefix)


@asynccontextmanager
async def demo(environment: dict[str, str], *arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *bound_to_us(sys.executable, "-m", "deploy.demo", *arguments),
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def told(environment: dict[str, str], *arguments: str) -> tuple[int | None, str]:
    """Exit code and what it printed."""
    async with demo(environment, *arguments) as process:
        output, _ = await process.communicate()
    return process.returncode, output.decode()


def processes_of(data: str) -> list[str]:
    """Living processes that work for this data folder; a zombie works no more."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            works = data.encode() in (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if works and state != "Z" and folder.name != str(os.getpid()):
            found.append(folder.name)
    return found


async def test_it_ends_after_the_story_and_a_second_run_tells_the_same_one(environment: dict[str, str]) -> None:
    code, first = await told(environment, "--once")
    assert code == 0, first
    again, second = await told(environment, "--once")
    assert again == 0, second
    assert len(set(REFERENCE.findall(first))) == 12
    assert set(REFERENCE.findall(second)) == set(REFERENCE.findall(first))
    assert "Dữ liệu minh họa" in first
    assert processes_of(environment["DATA"]) == []


async def test_it_stays_up_until_ctrl_c_and_leaves_no_process(environment: dict[str, str]) -> None:
    async with demo(environment) as process:
        assert process.stdout is not None
        while "Ctrl-C để dừng" not in (line := (await process.stdout.readline()).decode()):
            assert line, "it ended before the story did"
        assert processes_of(environment["DATA"])
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_S):
            output, _ = await process.communicate()
        assert process.returncode == 0
    assert "Traceback" not in output.decode()
    await until(lambda: _none_left(environment["DATA"]), 2)


async def _none_left(data: str) -> bool:
    return not processes_of(data)


async def test_ctrl_c_in_the_midst_of_the_story_ends_it_and_the_next_run_goes_on_from_there(
    environment: dict[str, str],
) -> None:
    async with demo(environment, "--once") as process:
        assert process.stdout is not None
        while "Đề bài 3/12" not in (line := (await process.stdout.readline()).decode()):
            assert line, "it ended before the third case"
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_S):
            output, _ = await process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in output.decode()
    code, rest = await told(environment, "--once")
    assert code == 0, rest
    assert len(set(REFERENCE.findall(rest))) == 12
    assert "gửi lặp / repeated: 0" in rest


async def test_reset_clears_the_folder_and_leaves_engines_of_the_users_own_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    given = {"DATA": str(data), "MONGO_URL": "mongodb://127.0.0.1:1", "KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    code, said = await told(given, "--reset")
    assert code == 0
    assert not await asyncio.to_thread(data.exists)
    assert "MONGO_URL, KAFKA_BOOTSTRAP" in said
