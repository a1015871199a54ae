"""Finding problems: filters, words with and without marks, pages; on a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.problems.acts import Acts
from services.intake.problems.authorize import Scope
from services.intake.problems.problem import Given, Problem, reference
from services.intake.problems.record import Record
from services.intake.problems.repository import Filters, Order
from services.intake.problems.step import create
from shared.events.problem import Agency, Place, Statement, Visibility
from shared.identity import ANONYMOUS
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.intake.builders import COMPLETE, DRAFTER, MARKET, NOW, OTHER
from tests.services.intake.conftest import Desk

EVERYTHING = Scope(None, True, frozenset(Visibility))
FLOOD = replace(
    COMPLETE,
    title="Không báo trước được đoạn đường nào sẽ ngập",
    statement=Statement(who="Trực ban", trouble="không biết điểm ngập", cause="trạm đo thưa", consequence="kẹt xe"),
    place=(Place(name="Thành phố Thủ Đức"),),
    field_codes=("105",),
)


def numbered(number: int, record: Record = COMPLETE) -> Problem:
    """Sent one minute after the one before."""
    problem_id = f"01a210c7-7409-752d-95d7-{number * 65537:012x}"
    at = NOW + timedelta(minutes=number)
    problem, _ = create(problem_id, Given(record=record), lineage=(MARKET,), actor=DRAFTER, now=at)
    return replace(problem, state="submitted", submitted_at=at)


@pytest.fixture
async def shelf(acts: Acts, store: Database) -> AsyncIterator[Acts]:
    """Three problems: 1 about markets, 2 about floods, 3 of another unit."""
    third = replace(numbered(3), agency=Agency(unit_id=OTHER.id, name=OTHER.name), state="open", published_at=NOW)
    await put(acts, store, numbered(1), numbered(2, FLOOD), third)
    yield acts


async def put(acts: Acts, store: Database, *problems: Problem) -> None:
    async def body(session: Session) -> None:
        for problem in problems:
            _, event = create(problem.id, Given(record=problem.record), lineage=(MARKET,), actor=DRAFTER, now=NOW)
            await acts.problems.add(problem, event, session=session)

    await transact(store, body)


async def found(acts: Acts, filters: Filters, seen: Scope = EVERYTHING) -> list[int]:
    page = await acts.problems.page(seen, filters, Order("submitted_at", newest_first=False))
    return [int(problem.id.rpartition("-")[2], 16) // 65537 for problem in page.items]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(), [1, 2, 3]),
        (Filters(states=("submitted",)), [1, 2]),
        (Filters(states=("submitted", "open")), [1, 2, 3]),
        (Filters(field="105"), [2]),
        (Filters(field="1"), [2]),
        (Filters(field=".*"), []),
        (Filters(unit_id=OTHER.id), [3]),
        (Filters(place="Thành phố Thủ Đức"), [2]),
        (Filters(text="sạp"), [1, 3]),
        (Filters(text="SAP bo trong"), [1, 3]),
        (Filters(text="kẹt xe"), [2]),
        (Filters(text="thu duc"), [2]),
        (Filters(text=OTHER.name), [3]),
        (Filters(text="sạp ngập"), []),
        (Filters(text='sạp" -"trống'), [1, 3]),
        (Filters(text="sạp", unit_id=OTHER.id), [3]),
    ],
    ids=str,
)
async def test_filters_find(shelf: Acts, filters: Filters, numbers: list[int]) -> None:
    assert await found(shelf, filters) == numbers


@pytest.mark.parametrize(
    ("seen", "numbers"),
    [
        (Scope(None, False, frozenset({Visibility.PUBLIC})), [3]),
        (Scope(None, False, frozenset({Visibility.INVITED})), []),
        (Scope(MARKET.id, False, frozenset({Visibility.PUBLIC})), [1, 2, 3]),
        (Scope(OTHER.id, False, frozenset()), [3]),
        (Scope(None, True, frozenset()), [1, 2, 3]),
    ],
    ids=str,
)
async def test_a_filter_widens_no_scope(shelf: Acts, seen: Scope, numbers: list[int]) -> None:
    assert await found(shelf, Filters(), seen) == numbers
    assert await found(shelf, Filters(text="sạp"), seen) == [n for n in numbers if n != 2]


@pytest.mark.parametrize("newest_first", [True, False])
async def test_pages_follow_each_other_without_gap_or_double(acts: Acts, store: Database, newest_first: bool) -> None:
    """Every other two share their time."""
    problems = [replace(numbered(n), submitted_at=NOW + timedelta(minutes=n // 2)) for n in range(1, 10)]
    await put(acts, store, *problems)
    order, cursor, sizes, seen = Order("submitted_at", newest_first), "", list[int](), list[str]()
    while len(sizes) == 0 or cursor:
        page = await acts.problems.page(EVERYTHING, Filters(), order, limit=4, cursor=cursor)
        seen += [problem.id for problem in page.items]
        sizes.append(len(page.items))
        cursor = page.next or ""
    in_order = sorted(problems, key=lambda one: (one.submitted_at, one.id), reverse=newest_first)
    assert sizes == [4, 4, 1]
    assert seen == [problem.id for problem in in_order]


async def test_a_problem_is_read_as_it_was_written(acts: Acts, store: Database) -> None:
    await put(acts, store, numbered(1))
    assert await acts.problems.get(numbered(1).id, EVERYTHING) == numbered(1)


def test_a_reference_is_short_and_made_of_the_id() -> None:
    assert reference("01a210c7-7409-752d-95d7-9b42cdf0d425") == "DB-6Z1N15"


async def test_a_page_has_the_size_that_was_asked_for(program: Desk, shelf: Acts) -> None:
    desk = program(DRAFTER)
    first = (await desk.get("/problems", params={"limit": 2})).json()
    second = (await desk.get("/problems", params={"limit": 2, "cursor": first["next"]})).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)


@pytest.mark.parametrize("limit", [0, 101, "x"])
async def test_a_page_size_out_of_bounds_is_refused(program: Desk, limit: object) -> None:
    answer = await program(ANONYMOUS).get(f"/problems?limit={limit}")
    assert answer.json()["errors"][0]["field"] == "limit"
