"""How long a request waits for the database."""

import pytest
from pymongo.errors import PyMongoError

from shared.mongo import Client, Database, deadline, uncounted, unreachable

pytestmark = pytest.mark.mongo
NO_TIME_S, A_WHILE_S = 0.000_001, 0.3


async def ping(client: Client) -> None:
    await client.admin.command("ping")


async def test_a_deadline_that_has_passed_refuses(client: Client) -> None:
    with deadline(NO_TIME_S), pytest.raises(PyMongoError) as refused:
        await ping(client)
    assert unreachable(refused.value)


async def test_what_is_uncounted_is_not_bounded_and_what_follows_is(client: Client) -> None:
    with deadline(NO_TIME_S):
        with uncounted():
            await ping(client)
        with pytest.raises(PyMongoError):
            await ping(client)
    await ping(client)


async def test_after_long_work_the_deadline_begins_anew(client: Client, database: Database) -> None:
    await database.waiting.insert_one({})
    with deadline(A_WHILE_S):
        with uncounted():
            await database.waiting.find_one({"$where": f"sleep({2000 * A_WHILE_S}) || true"})
        await ping(client)


async def test_an_inner_deadline_is_over_when_it_ends(client: Client) -> None:
    with deadline(60):
        with deadline(NO_TIME_S), pytest.raises(PyMongoError):
            await ping(client)
        await ping(client)


async def test_without_a_deadline_nothing_is_counted(client: Client) -> None:
    with uncounted():
        await ping(client)
