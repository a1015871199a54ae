"""The page on which a coordinator adopts a solution that exists, and what the problem's page then shows to whom."""

from typing import Any

import pytest
from httpx import AsyncClient, Response

from shared.identity import ANONYMOUS
from shared.mongo import Database
from tests.services.intake.builders import ADOPTION, COORDINATOR, DRAFTER, LEADER, in_days
from tests.services.intake.conftest import Desk
from tests.services.intake.page_forms import follow, forms_of, open_page, press
from tests.services.intake.path import adoption, take, walk
from tests.services.intake.problems.pages.test_path_by_forms import errors_of

pytestmark = pytest.mark.mongo
TYPED = {
    "solution__what": ADOPTION.solution.what,
    "solution__whose": ADOPTION.solution.whose,
    "solution__where": ADOPTION.solution.where,
    "consent__by": ADOPTION.consent.by,
    "consent__on": "2026-01-05",
    "consent__document": ADOPTION.consent.document,
    "plan__site": ADOPTION.plan.site,
    "plan__starts": in_days(7).date().isoformat(),
    "plan__ends": in_days(180).date().isoformat(),
    "plan__stop_rule": ADOPTION.plan.stop_rule,
    "plan__budget": "50.000.000",
    "plan__data_agreement": ADOPTION.plan.data_agreement,
}


async def asked(web: AsyncClient, problem: dict[str, Any]) -> Response:
    """Follows the button on the problem's page."""
    address = f"/bai-toan/{problem['id']}"
    assert f'href="{address}/dung-lai"' in (await open_page(web, address)).text
    return await open_page(web, f"{address}/dung-lai")


@pytest.mark.parametrize("state", ["approved", "open"])
async def test_a_solution_is_adopted_by_form(program: Desk, browser: Desk, store: Database, state: str) -> None:
    problem, web = await walk(program, state), browser(COORDINATOR)
    done = await follow(web, await press(web, await asked(web, problem), **TYPED))
    assert "Đã bắt đầu áp dụng thử" in done.text and 'href="' + ADOPTION.solution.where in done.text
    stored = await store.problems.find_one({"_id": problem["id"]})
    assert stored is not None
    plan = stored["adoption"]["plan"]
    assert (plan["budget"], plan["unit"], plan["measures"][0]["value"]) == (50_000_000, "Sở Công Thương", 2.0)


async def test_the_page_offers_what_the_record_says(program: Desk, browser: Desk) -> None:
    soon = in_days(20).date().isoformat()
    problem = await walk(program, "open", pilot_site="Chợ Kim Biên", pilot_from=soon, budget=900_000_000)
    form = forms_of((await asked(browser(COORDINATOR), problem)).text)[-1].fields
    offered = ("plan.site", "plan.starts", "plan.budget", "plan.unit", "target.0.metric", "target.0.due")
    said = ["Chợ Kim Biên", soon, "900000000", "Sở Công Thương", "thất thu phí chợ", "2027-12-31"]
    assert [form[name] for name in offered] == [[text] for text in said]


async def test_a_day_that_has_passed_is_not_offered(program: Desk, browser: Desk) -> None:
    problem = await walk(program, "open", pilot_from="2021-01-15")
    assert forms_of((await asked(browser(COORDINATOR), problem)).text)[-1].fields["plan.starts"] == [""]


async def test_everything_that_lacks_is_told_at_its_field_and_the_typing_is_kept(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "open"), browser(COORDINATOR)
    emptied = {"target__0__metric": "", "target__0__value": "", "target__0__unit": "", "target__0__due": ""}
    page = await press(web, await asked(web, problem), plan__stop_rule="Sau 60 ngày", **emptied)
    assert page.status_code == 422
    plan = {f"plan.{name}" for name in ("site", "starts", "ends", "measures", "budget", "data_agreement")}
    solution = {f"solution.{name}" for name in ("what", "whose", "where")}
    assert set(errors_of(page)) == plan | solution | {f"consent.{name}" for name in ("by", "on", "document")}
    assert forms_of(page.text)[-1].fields["plan.stop_rule"] == ["Sau 60 ngày"]


async def test_a_number_that_is_none_is_told_in_its_own_row(program: Desk, browser: Desk) -> None:
    problem, web = await walk(program, "open"), browser(COORDINATOR)
    second = {"target__1__metric": "số lần kiểm đếm", "target__1__value": "nhiều", "target__1__unit": "lần"}
    first = {"target__0__metric": "", "target__0__value": "", "target__0__unit": "", "target__0__due": ""}
    page = await press(web, await asked(web, problem), **TYPED, **first, **second)
    assert set(errors_of(page)) == {"target.1.value"}


async def test_only_a_coordinator_is_asked_and_only_while_it_may_be(program: Desk, browser: Desk) -> None:
    approved, piloting = await walk(program, "approved"), await walk(program, "piloting")
    assert (await browser(LEADER).get(f"/bai-toan/{approved['id']}/dung-lai")).status_code == 404
    assert (await browser(COORDINATOR).get(f"/bai-toan/{piloting['id']}/dung-lai")).status_code == 404


async def test_everyone_reads_what_is_piloted_where_and_until_when_and_insiders_the_documents(
    program: Desk, browser: Desk
) -> None:
    problem = await walk(program, "piloting")
    address = f"/bai-toan/{problem['id']}"
    public, agency = [(await open_page(browser(who), address)).text for who in (ANONYMOUS, DRAFTER)]
    ends = "/".join(reversed(problem["adoption"]["plan"]["ends"].split("-")))
    for text in (ADOPTION.solution.what, ADOPTION.solution.whose, ADOPTION.plan.site, ends):
        assert text in public
    for text in (ADOPTION.consent.document, ADOPTION.plan.data_agreement):
        assert text not in public and text in agency


async def test_the_problem_whose_solution_it_is_is_shown_to_those_who_see_it(program: Desk, browser: Desk) -> None:
    hidden = await take(program, await walk(program, "approved"), "adopt_existing")
    source, problem = hidden.json(), await walk(program, "open")
    solution = {"what": "Sổ sạp", "whose": "Sở Công Thương", "where": source["ref"]}
    assert (await take(program, problem, "adopt_existing", **adoption(solution=solution))).status_code == 200
    address = f"/bai-toan/{problem['id']}"
    assert source["ref"] in (await open_page(browser(LEADER), address)).text
    public = (await open_page(browser(ANONYMOUS), address)).text
    assert "Sổ sạp" in public and source["ref"] not in public and source["id"] not in public
