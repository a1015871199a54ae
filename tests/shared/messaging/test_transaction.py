"""One act, one transaction, within its limit."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from shared.messaging.outbox import EventTooLarge, emit
from shared.messaging.schema import COLLECTIONS, prepare_database
from shared.messaging.transaction import Body, transact
from shared.mongo import Client, Database, Session, connect, unreachable
from shared.tracing import current, follow
from tests.shared.messaging.world import Kept, World, posted

pytestmark = [pytest.mark.mongo]


async def test_too_large_an_event_fails_in_the_request_and_nothing_is_written(world: World) -> None:
    with pytest.raises(EventTooLarge):
        await world.write("k", 1, text="x" * 950_000)
    for name in ("problems", "events", "outbox"):
        assert await world.database[name].count_documents({}) == 0


async def test_the_log_has_every_event_and_the_outbox_the_public_ones(world: World) -> None:
    told = posted("k", 1)
    starred = type(told)(subject="k", sequence=2, data=Kept(n=2), time=told.time)

    async def body(session: Session) -> None:
        await emit(world.database, [told, starred], session=session)

    await transact(world.database, body, 30)
    logged = [row async for row in world.database.events.find().sort("sequence", 1)]
    assert [(row["_id"], row["topic"], row["data"]["n"]) for row in logged] == [
        ("k/1", "problem-events", 1),
        ("k/2", None, 2),
    ]
    rows = [row async for row in world.database.outbox.find()]
    assert [event["sequence"] for row in rows for event in row["events"]] == [1]


async def test_one_sequence_is_told_once(world: World) -> None:
    """Two acts that both took version 1 to 2 are a bug that the log's key finds."""
    await world.write("k", 1)
    with pytest.raises(PyMongoError, match="duplicate key"):
        await world.write("k", 1)


async def test_an_event_carries_the_trace_of_the_request_at_hand_unless_it_has_its_own(world: World) -> None:
    own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    told = posted("k", 1)
    caused = type(told)(subject="k", sequence=2, data=told.data, time=told.time, traceparent=own)

    async def body(session: Session) -> None:
        await emit(world.database, [told, caused], session=session)

    with follow({}):
        request = current()
        await transact(world.database, body, 30)
    rows = [row async for row in world.database.outbox.find()]
    assert [event["traceparent"] for row in rows for event in row["events"]] == [request, own]
    assert [row["traceparent"] async for row in world.database.events.find().sort("sequence", 1)] == [request, own]


async def test_a_database_that_does_not_answer_ends_the_act_within_its_limit(world: World, server_fault: Any) -> None:
    """The driver's own patience is 120 s."""
    await server_fault.arm(50, "insert", "update", blockConnection=True, blockTimeMS=1500)
    async with asyncio.timeout(10):
        with pytest.raises(PyMongoError) as caught:
            await transact(world.database, _insert_into(world), 0.5)
    assert unreachable(caught.value)
    await server_fault.disarm()
    assert await world.database.problems.count_documents({}) == 0


async def test_a_commit_that_nobody_confirms_ends_within_the_limit_too(world: World, server_fault: Any) -> None:
    unconfirmed = {"code": 91, "errmsg": "shutting down"}
    await server_fault.arm(10_000, "commitTransaction", writeConcernError=unconfirmed)
    async with asyncio.timeout(10):
        with pytest.raises(PyMongoError) as caught:
            await transact(world.database, _insert_into(world), 0.5)
    assert unreachable(caught.value)


def _insert_into(world: World) -> Body[None]:
    async def body(session: Session) -> None:
        await world.database.problems.insert_one({"_id": "k"}, session=session)

    return body


async def test_a_conflict_is_tried_again_until_it_is_over(world: World, server_fault: Any) -> None:
    labels = ["TransientTransactionError"]
    await server_fault.arm(4, "insert", errorCode=112, errorLabels=labels)
    await transact(world.database, _insert_into(world))
    assert await world.database.problems.count_documents({}) == 1


async def test_an_absent_database_is_told_within_the_limit(unused_port: int) -> None:
    client = connect(f"mongodb://127.0.0.1:{unused_port}/?replicaSet=rs0", app_name="absent")

    async def body(session: Session) -> None:
        await client["absent"].problems.insert_one({"_id": "k"}, session=session)

    try:
        async with asyncio.timeout(10):
            with pytest.raises(PyMongoError) as caught:
                await transact(client["absent"], body)
    finally:
        client.close()
    assert unreachable(caught.value)


async def test_two_replicas_that_start_at_once_prepare_one_database(client: Client, database: Database) -> None:
    await client.drop_database(database.name)
    await asyncio.gather(*(prepare_database(database) for _ in range(4)))
    assert set(COLLECTIONS) <= set(await database.list_collection_names())
    assert await database.lanes.count_documents({}) == 16
