"""The whole system on one machine: engines, mail sink, three services, gateway. The same shape as docker-compose.yml."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from aiokafka.errors import KafkaError

from deploy.embedded import caddy, data_folder, engines
from deploy.embedded.engines import Engines
from deploy.embedded.keys import key_pair
from deploy.embedded.parts import Part, Running, listens
from deploy.embedded.places import PROJECT
from deploy.embedded.ports import Ports
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.trouble import Trouble
from shared.messaging.topics import provision

PEOPLE = PROJECT / "deploy" / "demo" / "people.toml"
SERVICES = ("intake", "matching", "notify")


@dataclass(frozen=True, slots=True)
class Options:
    """`replicas`: how many processes of a service (1 where not named). `env`: further settings for a service's processes."""

    data: Path
    database_prefix: str = "debai_"
    topic_prefix: str = ""
    replicas: Mapping[str, int] = field(default_factory=dict)
    env: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    engines: Engines | None = None
    people: Path = PEOPLE


class System:
    """`async with System(options) as system`: everything is up and ready inside, and gone after. Raises Trouble."""

    engines: Engines

    def __init__(self, options: Options, say: Callable[[str], None] = lambda _: None) -> None:
        self._options, self._say = options, say
        self.data = options.data.resolve()
        self.maildir = self.data / "mail"
        self.logs = self.data / "logs"
        self._supervisor = Supervisor(self.logs)

    async def __aenter__(self) -> Self:
        self._held = data_folder.hold(self.data)
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        await self._supervisor.stop()
        self._held.close()

    @property
    def running(self) -> Mapping[str, Running]:
        """By name: mongodb, kafka, mail, gateway, intake-1, matching-1 …"""
        return self._supervisor.running

    async def _start(self) -> None:
        data_folder.need_space(self.data)
        self.logs.mkdir(exist_ok=True)
        self._ports = Ports(self.data)
        given = self._options.engines
        self.engines = given or await engines.start(self._supervisor, self.data, self._ports, self._say)
        await self._provision()
        gateway, smtp = self._ports.get("gateway"), self._ports.get("smtp")
        self.public_url = f"http://127.0.0.1:{gateway}"
        self._say("Khởi động ba dịch vụ và cổng vào / starting three services and the gateway")
        await self._supervisor.start(self._mail_sink(smtp), *self._services(smtp))
        await self._supervisor.start(caddy.part(self.data, gateway, self.addresses))

    async def _provision(self) -> None:
        try:
            await provision(self.engines.kafka_bootstrap, prefix=self._options.topic_prefix)
        except KafkaError as error:
            raise Trouble(f"Kafka at {self.engines.kafka_bootstrap} does not answer: {error}") from error

    def _mail_sink(self, port: int) -> Part:
        argv = [sys.executable, "-m", "deploy.embedded.mail_sink", str(port), str(self.maildir)]
        return Part("mail", argv, lambda: listens(port), env={"PYTHONPATH": str(PROJECT)}, rank=1)

    def _services(self, smtp: int) -> list[Part]:
        self.addresses: dict[str, list[str]] = {name: [] for name in SERVICES}
        return [
            self._service(name, number, smtp)
            for name in SERVICES
            for number in range(1, self._options.replicas.get(name, 1) + 1)
        ]

    def _service(self, name: str, number: int, smtp: int) -> Part:
        port = self._ports.get(f"{name}-{number}")
        self.addresses[name].append(f"127.0.0.1:{port}")
        argv = [sys.executable, "-m", self._options.env.get(name, {}).get("MODULE", f"services.{name}.main")]
        env = {
            **self._settings(port, smtp),
            **(self._issuer() if name == "intake" else {}),
            **self._options.env.get(name, {}),
        }
        return Part(f"{name}-{number}", argv, lambda: _ready(f"http://127.0.0.1:{port}/readyz"), env=env, rank=2)

    def _settings(self, port: int, smtp: int) -> dict[str, str]:
        return {
            "MODE": "local",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(port),
            "PUBLIC_URL": self.public_url,
            "MONGO_URL": self.engines.mongo_url,
            "KAFKA_BOOTSTRAP": self.engines.kafka_bootstrap,
            "DATABASE_PREFIX": self._options.database_prefix,
            "TOPIC_PREFIX": self._options.topic_prefix,
            "SESSION_PUBLIC_KEY_FILE": str(key_pair(self.data)[1]),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(smtp),
            "MAIL_FROM": "khong-tra-loi@debai.example",
            "PYTHONPATH": str(PROJECT),
        }

    def _issuer(self) -> dict[str, str]:
        return {
            "SESSION_PRIVATE_KEY_FILE": str(key_pair(self.data)[0]),
            "DEMO_PEOPLE_FILE": str(self._options.people),
        }


async def _ready(url: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
