"""Claims are leases: one holder at a time, by the server's clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.delivery.ledger import Ledger
from services.notify.delivery.plan import Delivery, State
from shared.messaging.transaction import transact
from shared.mongo import Database, Document, Session
from tests.services.notify.samples import delivery

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def plan(database: Database, *deliveries: Delivery, now: datetime = LONG_AGO) -> None:
    async def body(session: Session) -> None:
        await Ledger(database).plan(deliveries, now=now, session=session)

    await transact(database, body, 30)


async def finish(database: Database, claimed: Delivery, state: State) -> bool:
    async def body(session: Session) -> bool:
        return await Ledger(database).finish(claimed, state, session=session)

    return await transact(database, body, 30)


async def row(database: Database, number: int = 1) -> Document:
    found: Any = await database.deliveries.find_one({"_id": delivery(number=number).id})
    return dict(found)


async def lease_runs_out(database: Database) -> None:
    await database.deliveries.update_many({}, {"$set": {"due": LONG_AGO}})


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    ledger = Ledger(database)
    await ledger.prepare()
    yield ledger


async def test_a_hundred_at_once_never_claim_the_same(database: Database, ledger: Ledger) -> None:
    await plan(database, *(delivery(number=number) for number in range(60)))
    claims = await asyncio.gather(*(ledger.claim() for _ in range(100)))
    claimed = [claim.id for claim in claims if claim]
    assert len(claimed) == len(set(claimed)) == 60


async def test_planning_twice_is_planning_once(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery())
    claimed = await ledger.claim()
    assert claimed is not None
    await plan(database, delivery(), delivery(number=2))
    assert (await row(database))["state"] == State.CLAIMED
    assert await database.deliveries.count_documents({}) == 2


async def test_what_is_not_due_is_left_alone(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery(), now=datetime.now(UTC) + timedelta(hours=1))
    assert await ledger.claim() is None


async def test_the_longest_due_comes_first(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery(number=1), now=LONG_AGO + timedelta(days=1))
    await plan(database, delivery(number=2), now=LONG_AGO)
    claimed = await ledger.claim()
    assert claimed is not None and claimed.id == delivery(number=2).id


async def test_a_claim_whose_lease_ran_out_is_taken_again_and_counted(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery())
    first = await ledger.claim()
    assert first is not None and (first.attempts, first.in_doubt) == (1, 0)
    await lease_runs_out(database)
    second = await ledger.claim()
    assert second is not None and (second.attempts, second.in_doubt) == (2, 1)


async def test_a_retry_is_in_no_doubt(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery())
    first = await ledger.claim()
    assert first is not None
    await ledger.retry(first, timedelta(0), "$451")
    second = await ledger.claim()
    assert second is not None and (second.attempts, second.in_doubt) == (2, 0)
    assert (await row(database))["reason"] == "$451"


async def test_who_lost_the_claim_can_neither_finish_nor_retry(database: Database, ledger: Ledger) -> None:
    await plan(database, delivery())
    slow = await ledger.claim()
    await lease_runs_out(database)
    quick = await ledger.claim()
    assert slow is not None and quick is not None
    await ledger.retry(slow, timedelta(0), "late")
    assert not await finish(database, slow, State.DEAD)
    assert (await row(database))["state"] == State.CLAIMED
    assert await finish(database, quick, State.SENT)
    assert not await finish(database, slow, State.DEAD)
    assert (await row(database))["state"] == State.SENT


@pytest.mark.parametrize("state", [State.SENT, State.DEAD, State.SUPPRESSED])
async def test_what_is_finished_is_never_claimed_again(database: Database, ledger: Ledger, state: State) -> None:
    await plan(database, delivery())
    claimed = await ledger.claim()
    assert claimed is not None and await finish(database, claimed, state)
    await lease_runs_out(database)
    assert await ledger.claim() is None
