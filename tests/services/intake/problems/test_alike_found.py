"""What is like a problem, looked for in the database: as well as among texts, and never beyond what the asker sees."""

import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from services.intake.problems.acts import Acts
from services.intake.problems.alike import Candidate, Near, nearest
from services.intake.problems.problem import Given, Problem
from services.intake.problems.record import Record
from services.intake.problems.step import create
from shared.events.problem import Statement, Visibility
from shared.identity import ANONYMOUS, Actor, Role
from shared.messaging.transaction import transact
from shared.mongo import Database, Session, deadline
from tests.services.intake.builders import COORDINATOR, DRAFTER, MARKET, NOW, OTHER, RESEARCHER, person
from tests.services.intake.conftest import Desk
from tests.services.intake.path import post, walk
from tests.services.intake.problems.retold import (
    MARKET_TEXT,
    RETYPED,
    check_recall,
    found_of,
    retold,
    strangers,
    weigh_once,
)

A_WHILE_S = 0.5


def posted(number: int, text: str, *, unit: str = MARKET.id, sent: bool = True) -> Problem:
    record = Record(statement=Statement(who="", trouble=text, cause="", consequence=""))
    problem_id = f"01a210c7-7409-752d-95d7-{number * 65537:012x}"
    problem, _ = create(problem_id, Given(record=record), lineage=(MARKET,), actor=DRAFTER, now=NOW)
    agency = problem.agency.model_copy(update={"unit_id": unit})
    return replace(problem, agency=agency, submitted_at=NOW if sent else None, state="submitted" if sent else "draft")


async def put(acts: Acts, store: Database, problems: Iterable[Problem]) -> None:
    async def body(session: Session) -> None:
        for problem in problems:
            _, event = create(problem.id, Given(record=problem.record), lineage=(MARKET,), actor=DRAFTER, now=NOW)
            await acts.problems.add(problem, event, session=session)

    await transact(store, body)


async def test_they_are_found_in_the_database_too(acts: Acts, store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    weigh_once(monkeypatch)
    told = retold(every=9)
    problems = [posted(n, text) for n, text in enumerate([*(one.text for one in told), *strangers()])]
    for at in range(0, len(problems), 100):
        await put(acts, store, problems[at : at + 100])
    numbers = {problem.id: str(n) for n, problem in enumerate(problems) if n < len(told)}
    found = []
    for n in range(len(told)):
        alike = await acts.alike(problems[n], COORDINATOR)
        found.append(found_of(told, n, [numbers.get(one.problem.id, "") for one in alike]))
    check_recall(told, found)


OUTSIDER = person(Role.DRAFTER, unit=OTHER.id)


async def ids(program: Desk, problem: Problem | dict[str, str], actor: Actor) -> list[str]:
    of = problem.id if isinstance(problem, Problem) else problem["id"]
    answer = await program(actor).get(f"/problems/{of}/alike")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]


async def test_the_department_finds_what_is_sent_and_no_draft(program: Desk, acts: Acts, store: Database) -> None:
    sent, draft = posted(1, MARKET_TEXT, unit=OTHER.id), posted(2, MARKET_TEXT, unit=OTHER.id, sent=False)
    await put(acts, store, [sent, draft])
    assert await ids(program, await walk(program, "submitted"), COORDINATOR) == [sent.id]


async def test_an_agency_finds_its_own_and_what_is_published_to_it_alone(
    program: Desk, acts: Acts, store: Database
) -> None:
    own, foreign = posted(1, MARKET_TEXT, sent=False), posted(2, MARKET_TEXT, unit=OTHER.id)
    published = replace(posted(3, MARKET_TEXT, unit=OTHER.id), state="open", published_at=NOW)
    invited = replace(published, id=posted(4, "").id, ref="DB-INVITE")
    invited = replace(invited, record=replace(invited.record, visibility=Visibility.INVITED))
    await put(acts, store, [own, foreign, published, invited])
    assert await ids(program, await post(program(DRAFTER)), DRAFTER) == [own.id, published.id]


async def test_what_is_found_comes_with_its_reason(program: Desk, acts: Acts, store: Database) -> None:
    await put(acts, store, [posted(1, RETYPED, unit=OTHER.id)])
    problem = await walk(program, "submitted")
    (found,) = (await program(COORDINATOR).get(f"/problems/{problem['id']}/alike")).json()
    assert (found["state"], found["agency"]["unit_id"], found["band"]) == ("submitted", OTHER.id, "high")
    assert "sap nao" in found["words"] and found["ref"].startswith("DB-") and 0.25 < found["score"] < 1


@pytest.mark.parametrize(("actor", "status"), [(RESEARCHER, 403), (OUTSIDER, 403), (ANONYMOUS, 401)])
async def test_outsiders_do_not_ask_what_is_like_a_problem(program: Desk, actor: Actor, status: int) -> None:
    problem = await walk(program, "open")
    assert (await program(actor).get(f"/problems/{problem['id']}/alike")).status_code == status


async def test_a_problem_is_not_like_itself(program: Desk) -> None:
    assert await ids(program, await walk(program, "submitted"), COORDINATOR) == []


async def test_comparing_is_not_on_the_databases_time(
    acts: Acts, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(text: str, candidates: Iterable[Candidate]) -> tuple[Near, ...]:
        time.sleep(2 * A_WHILE_S)
        return nearest(text, candidates)

    await put(acts, store, [posted(1, RETYPED)])
    monkeypatch.setattr("services.intake.problems.acts.nearest", slowly)
    with deadline(A_WHILE_S):
        (found,) = await acts.alike(posted(2, MARKET_TEXT), COORDINATOR)
    assert found.problem.id == posted(1, RETYPED).id
