"""A whole system of real processes, and the demo's people at their desks."""

import asyncio
import mailbox
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.demo.cases import Case, cases
from deploy.demo.expectations import wait_for
from deploy.demo.office import Office
from deploy.demo.outcome import Outcome
from deploy.demo.story import Story, Told
from deploy.embedded.engines import Engines
from deploy.embedded.system import SERVICES, Options, System
from shared.messaging.topics import TOPICS
from shared.mongo import Client, Database, Document
from tests.waiting import until

Replicas = Mapping[str, int]
TWO_OF_EACH: Replicas = dict.fromkeys(SERVICES, 2)


@dataclass(frozen=True, slots=True)
class Stage:
    """`prefix` names the databases and the topics of this system alone."""

    system: System
    office: Office
    client: Client
    prefix: str
    said: list[str] = field(default_factory=list)

    def database(self, service: str) -> Database:
        return self.client[f"{self.prefix}{service}"]

    async def tell(self) -> Outcome:
        """The whole story, until nothing is missing."""
        story = Story(self.office, self.said.append)
        await story.set_the_stage()
        told = [await story.play(case) for case in todays_cases()]
        return await self.wait(told)

    async def wait(self, told: list[Told]) -> Outcome:
        outcome, wanting = await wait_for(self.office, told, self.system.maildir, self.said.append)
        assert wanting == []
        await until(self.quiet, 60)
        return outcome

    async def quiet(self) -> bool:
        """Nothing is left to relay or to send."""
        waiting = [await self.database(service).outbox.count_documents({}) for service in SERVICES]
        under_way = {"state": {"$in": ["pending", "claimed", "retry"]}}
        return not any(waiting) and not await self.database("notify").deliveries.count_documents(under_way)

    async def stored(self) -> dict[str, int]:
        """Documents by collection, of everything that a story leaves behind; what is under way at the moment is not."""
        kept = {
            "intake": ("problems", "events", "units"),
            "matching": ("profiles", "matches", "events", "open_problems"),
        }
        kept["notify"] = ("items", "deliveries", "contacts", "events")
        names = [(service, name) for service, found in kept.items() for name in found]
        return {f"{s}.{name}": await self.database(s)[name].count_documents({}) for s, name in names}

    async def mails(self) -> Counter[str]:
        """Inbox item → how many mails of it lie in the sink: the Message-ID names the item."""
        box = mailbox.Maildir(self.system.maildir)
        ids = await asyncio.to_thread(lambda: [str(message["Message-ID"]) for message in box])
        return Counter(message_id[1:].split(".")[0] for message_id in ids)

    async def rows(self, service: str, collection: str, **which: Any) -> list[Document]:
        return await self.database(service)[collection].find(which).to_list(None)

    async def records(self) -> list[ConsumerRecord]:
        """Everything on the topics, as any client reads it."""
        consumer = AIOKafkaConsumer(
            *(self.prefix + topic.name for topic in TOPICS),
            bootstrap_servers=self.system.engines.kafka_bootstrap,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            return await _to_the_end(consumer)
        finally:
            await consumer.stop()


async def _to_the_end(consumer: AIOKafkaConsumer) -> list[ConsumerRecord]:
    ends = await consumer.end_offsets(consumer.assignment())
    found: list[ConsumerRecord] = []
    while any([await consumer.position(part) < end for part, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=500)).values():
            found += records
    return found


def todays_cases() -> list[Case]:
    return cases(datetime.now(UTC).date())


@asynccontextmanager
async def staged(
    data: Path,
    engines: Engines | None,
    *,
    replicas: Replicas | None = None,
    env: Mapping[str, Mapping[str, str]] | None = None,
) -> AsyncIterator[Stage]:
    """`engines` None: the system starts its own."""
    prefix = f"e2e{os.urandom(4).hex()}_"
    options = Options(
        data, database_prefix=prefix, topic_prefix=prefix, replicas=replicas or {}, env=env or {}, engines=engines
    )
    async with System(options) as system:
        client: Client = AsyncIOMotorClient(system.engines.mongo_url, tz_aware=True)
        office = Office(system.public_url)
        try:
            yield Stage(system, office, client, prefix)
        finally:
            await office.close()
            client.close()
    if engines is not None:
        await forget(engines, prefix)


async def forget(engines: Engines, prefix: str) -> None:
    """What a system left on engines that others use too: a broker slows down with the number of its topics."""
    client: Client = AsyncIOMotorClient(engines.mongo_url)
    for service in SERVICES:
        await client.drop_database(f"{prefix}{service}")
    client.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=engines.kafka_bootstrap)
    await admin.start()
    await admin.delete_topics([prefix + topic.name for topic in TOPICS])
    await admin.close()
