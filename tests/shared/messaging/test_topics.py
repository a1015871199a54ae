"""Topics are made by provisioning alone, by any number of processes at once."""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.messaging.topics import HEADER_BYTES, MESSAGE_BYTES, PARTITIONS, TOPICS, provision, value_sizes

pytestmark = [pytest.mark.kafka]


async def test_several_at_once_make_each_topic_once(kafka_bootstrap: str, topic_name: str) -> None:
    answers = await asyncio.gather(*(provision(kafka_bootstrap, prefix=topic_name) for _ in range(3)))
    assert answers == [[], [], []]
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        found = await admin.describe_topics([topic_name + topic.name for topic in TOPICS])
    finally:
        await admin.close()
    assert [len(topic["partitions"]) for topic in found] == [PARTITIONS] * len(TOPICS)


async def test_a_topic_that_differs_is_named_and_left_as_it_is(kafka_bootstrap: str, topic_name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{topic_name}match-events", 3, 1, topic_configs={"retention.ms": "1000"})])
    await admin.close()
    for _ in range(2):
        told = await provision(kafka_bootstrap, prefix=topic_name)
        assert [line.removeprefix(topic_name) for line in told if "max.message" not in line] == [
            "match-events: 3 partitions, not 12",
            "match-events: retention.ms is 1000, not 2592000000",
        ]


async def test_sizes_leave_room_for_headers_and_name_our_topics_alone(kafka_bootstrap: str, topic_name: str) -> None:
    await provision(kafka_bootstrap, prefix=topic_name)
    assert await value_sizes(kafka_bootstrap, topic_name) == {
        topic.name: MESSAGE_BYTES - HEADER_BYTES for topic in TOPICS
    }
