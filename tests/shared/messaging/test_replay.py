"""What the log holds can be told again, after a topic was lost or expired."""

import asyncio
import subprocess
import sys

import pytest

from shared.messaging.replay import republish
from tests.shared.messaging.world import World, first_occurrences

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]


async def test_told_again_it_is_the_same_to_the_byte_and_consumers_are_unmoved(world: World) -> None:
    for sequence in (1, 2, 3):
        await world.write("a", sequence)
    async with world.relaying(), world.consuming():
        await world.sees("a", 3)
        assert await republish(world.database, topic="problem-events") == 3
        await world.outbox_is_empty()
        await world.is_drained()
    first, again = (await world.records())[:3], (await world.records())[3:]
    assert [(r.key, r.value, r.headers) for r in first] == [(r.key, r.value, r.headers) for r in again]
    assert await world.view() == {"a": [1, 2, 3]}


async def test_what_still_waits_is_sent_after_what_is_told_again(world: World) -> None:
    """A lost topic: a new event waits already when the old ones are told again. A new consumer misses none."""
    await world.write("a", 1)
    await world.write("a", 2)
    await world.database.outbox.delete_many({})
    await world.write("a", 3)
    await republish(world.database, topic="problem-events")
    async with world.relaying(), world.consuming():
        await world.sees("a", 3)
    assert await world.view() == {"a": [1, 2, 3]}


async def test_one_subject_of_one_topic_can_be_chosen(world: World) -> None:
    await world.write("a", 1)
    await world.write("b", 1)
    await world.tell_found("m", 1)
    await world.database.outbox.delete_many({})
    assert await republish(world.database, topic="problem-events", subject="b") == 1
    async with world.relaying():
        await world.outbox_is_empty()
    assert first_occurrences(await world.records()) == {"b": [1]}


async def test_an_operator_does_it_from_the_command_line(world: World, mongo_url: str) -> None:
    await world.write("a", 1)
    await world.database.outbox.delete_many({})
    environment = {
        "KAFKA_BOOTSTRAP": world.bootstrap,
        "TOPIC_PREFIX": world.prefix,
        "MONGO_URL": mongo_url,
        "DATABASE_PREFIX": "",
    }
    name = world.database.name
    for words in (["provision"], ["republish", name, "problem-events"], ["quarantine", name]):
        command = [sys.executable, "-m", "shared.messaging", *words]
        done = await asyncio.create_subprocess_exec(*command, env=environment, stderr=subprocess.PIPE)
        _, complaint = await done.communicate()
        assert (done.returncode, complaint) == (0, b"")
    assert await world.database.outbox.count_documents({}) == 1
