"""The register of agency units: days, successors, and who keeps it."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.units.repository import UnitRepository
from services.intake.units.unit import Unit, UnitEnded, UnknownUnit, check_valid
from shared.identity import ANONYMOUS
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.intake.builders import ENDED, MARKET, OPERATOR, SUCCESSOR
from tests.services.intake.conftest import Desk

LAST = date(2025, 6, 30)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "valid"),
    [(LAST, True), (LAST + DAY, False), (ENDED.valid_from, True), (ENDED.valid_from - DAY, False)],
)
def test_a_unit_exists_from_its_first_day_to_its_last(day: date, valid: bool) -> None:
    assert ENDED.valid_on(day) is valid


def test_the_successor_named_is_the_one_that_exists_today() -> None:
    middle = Unit("m", "Phường Giữa", date(2025, 7, 1), date(2026, 1, 1), SUCCESSOR.id)
    with pytest.raises(UnitEnded) as caught:
        check_valid((ENDED, middle, SUCCESSOR), date(2026, 11, 1), unit_id=ENDED.id)
    assert SUCCESSOR.name in caught.value.advises().vi and middle.name not in caught.value.advises().vi


def test_a_unit_outside_the_register_is_unknown() -> None:
    with pytest.raises(UnknownUnit):
        check_valid((), LAST, unit_id="nowhere")


async def test_the_lineage_follows_the_successors(store: Database) -> None:
    units = UnitRepository(store)
    assert await units.lineage(ENDED.id) == (ENDED, SUCCESSOR)
    assert await units.lineage("nowhere") == await units.lineage(None) == ()


async def test_successors_in_a_ring_are_walked_once(store: Database) -> None:
    ring = [Unit("a", "Đơn vị A", LAST, None, "b"), Unit("b", "Đơn vị B", LAST, None, "a")]

    async def body(session: Session) -> None:
        for unit in ring:
            await UnitRepository(store).put(unit, session=session)

    await transact(store, body)
    assert await UnitRepository(store).lineage("a") == tuple(ring)


async def test_anyone_reads_the_register(program: Desk) -> None:
    desk = program(ANONYMOUS)
    names = [unit["name"] for unit in (await desk.get("/units")).json()]
    assert MARKET.name in names and names == sorted(names)
    assert (await desk.get(f"/units/{ENDED.id}")).json()["successor_id"] == SUCCESSOR.id
    assert (await desk.get("/units/nowhere")).status_code == 404


async def test_operations_keeps_the_register(program: Desk) -> None:
    desk = program(OPERATOR)
    unit = {"name": "UBND Phường Hòa Hưng", "valid_from": "2025-07-01"}
    assert (await desk.put("/units/p-hoa-hung", json=unit)).status_code == 200
    ended = unit | {"valid_to": "2030-01-01", "successor_id": MARKET.id}
    assert (await desk.put("/units/p-hoa-hung", json=ended)).status_code == 200
    assert (await desk.get("/units/p-hoa-hung")).json() == {"id": "p-hoa-hung", **ended}


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"name": "P"}, "name"),
        ({"valid_from": "hôm nay"}, "valid_from"),
        ({"valid_to": "2024-01-01"}, "valid_to"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_bad_entry_is_refused(program: Desk, part: dict[str, Any], field: str) -> None:
    unit = {"name": "UBND Phường Hòa Hưng", "valid_from": "2025-07-01", **part}
    answer = await program(OPERATOR).put("/units/p-hoa-hung", json=unit)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("unit_id", ["P HOA", "x", "p" * 61])
async def test_an_id_is_a_short_slug(program: Desk, unit_id: str) -> None:
    answer = await program(OPERATOR).put(f"/units/{unit_id}", json={"name": "UBND X", "valid_from": "2025-07-01"})
    assert answer.status_code == 422
