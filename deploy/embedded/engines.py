"""MongoDB and Kafka: those that the user gives, or the embedded ones."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import kafka, mongodb
from deploy.embedded.parts import Part
from deploy.embedded.places import TOOLS
from deploy.embedded.ports import Ports
from deploy.embedded.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Engines:
    mongo_url: str
    kafka_bootstrap: str


async def start(
    supervisor: Supervisor, data: Path, ports: Ports, say: Callable[[str], None], *, test_commands: bool = False
) -> Engines:
    """Both side by side. MONGO_URL and KAFKA_BOOTSTRAP of the environment are used instead. Raises Trouble."""
    parts: list[Part] = []
    mongo_url, bootstrap = os.environ.get("MONGO_URL", ""), os.environ.get("KAFKA_BOOTSTRAP", "")
    if not mongo_url:
        port = ports.get("mongodb")
        parts.append(mongodb.part(data, port, test_commands=test_commands))
        mongo_url = mongodb.url(port)
    if not bootstrap:
        port = ports.get("kafka")
        parts.append(await _kafka(data, port, ports.get("kafka_controller"), say))
        bootstrap = f"127.0.0.1:{port}"
    if parts:
        say("Khởi động " + ", ".join(part.name for part in parts) + " / starting")
        await supervisor.start(*parts)
    return Engines(mongo_url, bootstrap)


async def _kafka(data: Path, port: int, controller_port: int, say: Callable[[str], None]) -> Part:
    jar_folder = await kafka.jars(TOOLS, say)
    part = kafka.part(data, jar_folder, port=port, controller_port=controller_port)
    await kafka.format_once(data, jar_folder)
    return part
