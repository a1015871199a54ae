"""The topics, made by provisioning alone: broker and clients never make one by accident."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from shared.events.match import MATCH_EVENTS
from shared.events.notification import NOTIFICATION_EVENTS
from shared.events.problem import PROBLEM_EVENTS
from shared.kafka import settled

log = structlog.get_logger()

PARTITIONS = 12
MESSAGE_BYTES = 1_048_576
HEADER_BYTES = 4_096
"""What key and headers of one event may take of a topic's limit."""
FOR_EVER = -1
VISIBLE_S = 20
DAYS_30 = int(timedelta(days=30).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    retention_ms: int


TOPICS = (Topic(PROBLEM_EVENTS, FOR_EVER), Topic(MATCH_EVENTS, DAYS_30), Topic(NOTIFICATION_EVENTS, DAYS_30))


async def provision(bootstrap: str, *, prefix: str = "", replication: int = 1) -> list[str]:
    """Makes what is missing. Gives a sentence for each topic that is there but differs: that is for an operator to judge."""
    async with _administration(bootstrap) as admin:
        await _make(admin, prefix, replication)
        return await _once_visible(partial(_differences, admin, prefix, replication))


@asynccontextmanager
async def _administration(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def _make(admin: AIOKafkaAdminClient, prefix: str, replication: int) -> None:
    answer = await admin.create_topics([_new(topic, prefix, replication) for topic in TOPICS])
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(name)


async def _once_visible(look: Callable[[], Awaitable[list[str]]]) -> list[str]:
    """The controller has made a topic a moment before the broker knows of it."""
    async with asyncio.timeout(VISIBLE_S):
        while True:
            try:
                return await look()
            except UnknownTopicOrPartitionError:
                await asyncio.sleep(0.05)


def _new(topic: Topic, prefix: str, replication: int) -> NewTopic:
    return NewTopic(prefix + topic.name, PARTITIONS, replication, topic_configs=_wanted(topic, replication))


def _wanted(topic: Topic, replication: int) -> dict[str, str]:
    return {
        "retention.ms": str(topic.retention_ms),
        "max.message.bytes": str(MESSAGE_BYTES),
        "min.insync.replicas": str(max(1, replication - 1)),
    }


async def _differences(admin: AIOKafkaAdminClient, prefix: str, replication: int) -> list[str]:
    names = [prefix + topic.name for topic in TOPICS]
    configs = await _configs(admin, names)
    found = {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics(names)}
    told = [f"{name}: {found[name]} partitions, not {PARTITIONS}" for name in names if found[name] != PARTITIONS]
    for topic in TOPICS:
        told += _differing(prefix + topic.name, configs[prefix + topic.name], _wanted(topic, replication))
    return told


def _differing(name: str, found: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    return [f"{name}: {key} is {found[key]}, not {value}" for key, value in wanted.items() if found[key] != value]


async def value_sizes(bootstrap: str, prefix: str) -> dict[str, int]:
    """Topic (without the prefix) → the largest value in bytes that it takes. Raises KafkaError when the broker does not answer."""
    return await settled(_value_sizes(bootstrap, prefix))


async def _value_sizes(bootstrap: str, prefix: str) -> dict[str, int]:
    async with _administration(bootstrap) as admin:
        names = [name for name in await admin.list_topics() if name.startswith(prefix) and not name.startswith("__")]
        configs = await _configs(admin, names)
    return {n.removeprefix(prefix): int(given["max.message.bytes"]) - HEADER_BYTES for n, given in configs.items()}


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    wanted = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    configs: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(wanted) if wanted else []:
        for code, _, _, name, entries in answer.resources:
            if code:
                raise for_code(code)(name)
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return configs
