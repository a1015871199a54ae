"""The coach for other programs: text or a whole record in, verdicts out, nothing kept."""

from typing import Any

import pytest

from services.intake.coach.answers import OpinionOut
from services.intake.problems.api import coaching_examples as examples
from shared.identity import ANONYMOUS
from shared.mongo import Database
from tests.services.intake.builders import DRAFTER, RECORD_BODY, RESEARCHER
from tests.services.intake.conftest import Desk

ORDER = "Xây dựng phần mềm quản lý hộ kinh doanh."
pytestmark = pytest.mark.mongo


def verdicts(answer: dict[str, Any]) -> dict[str, str]:
    return {one["criterion"]: one["verdict"] for one in answer["verdicts"]}


async def test_text_is_judged_in_ten_criteria_and_six_groups(program: Desk) -> None:
    answer = await program(RESEARCHER).post("/coach", json={"text": ORDER})
    told = answer.json()
    assert (answer.status_code, len(told["verdicts"]), len(told["groups"]), told["of"]) == (200, 10, 6, 6)
    assert told["blocking"] == ["solution"]
    solution = told["verdicts"][0]
    assert (solution["criterion"], solution["verdict"], solution["sentence"]) == ("solution", "fail", 0)
    assert solution["advice"]["vi"] and solution["advice"]["en"]
    assert told["sentences"][0]["roles"][0]["role"] == "order"
    assert told["sentences"][0]["roles"][0]["name"] == {"vi": "đòi một giải pháp", "en": "asks for a given solution"}
    assert set(told["versions"]) == {"rubric", "words", "model"}


async def test_a_record_answers_with_its_fields_too(program: Desk) -> None:
    told = (await program(DRAFTER).post("/coach", json={"record": RECORD_BODY})).json()
    found = verdicts(told)
    assert {found["baseline"], found["target"], found["data"]} <= {"pass", "warn"}
    assert RECORD_BODY["title"] in told["text"]


async def test_an_empty_record_is_asked_for_everything(program: Desk) -> None:
    told = (await program(DRAFTER).post("/coach", json={"record": {}})).json()
    assert (told["text"], told["sentences"], told["clear"]) == ("", [], 0)
    solution = next(one for one in told["verdicts"] if one["criterion"] == "solution")
    assert (solution["verdict"], solution["reason"]["en"]) == ("ask", "There is no sentence to look at yet.")


async def test_personal_data_is_pointed_at_and_not_repeated(program: Desk) -> None:
    text = "Bà con chờ lâu. Gọi anh Ba 0903 123 456."
    told = (await program(DRAFTER).post("/coach", json={"text": text})).json()
    (found,) = told["in_the_way"]
    assert found["finding"] == "phone"
    assert told["text"][found["start"] : found["end"]] == "0903 123 456"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": ORDER, "record": {}},
        {"text": "a" * 8001},
        {"texts": ORDER},
        {"record": {"name": "x"}},
    ],
)
async def test_what_cannot_be_read_is_refused(program: Desk, body: dict[str, Any]) -> None:
    answer = await program(DRAFTER).post("/coach", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": ORDER, "record": {}}])
async def test_a_body_with_neither_or_both_is_told_to_send_one(program: Desk, body: dict[str, Any]) -> None:
    (error,) = (await program(DRAFTER).post("/coach", json=body)).json()["errors"]
    assert error["code"] == "text_or_record" and "«text» hoặc «record»" in str(error)


async def test_strangers_sign_in_first(program: Desk) -> None:
    assert (await program(ANONYMOUS).post("/coach", json={"text": ORDER})).status_code == 401


async def test_nothing_of_it_is_stored(program: Desk, store: Database) -> None:
    await program(DRAFTER).post("/coach", json={"text": ORDER})
    counts = [await store[name].count_documents({}) for name in ("problems", "events", "outbox", "receipts")]
    assert counts == [0, 0, 0, 0]


@pytest.mark.parametrize("body", [examples.TEXT, examples.RECORD])
async def test_the_examples_of_the_reference_are_read(program: Desk, body: dict[str, Any]) -> None:
    assert (await program(DRAFTER).post("/coach", json=body)).status_code == 200


async def test_the_answer_in_the_reference_is_the_coachs_own(program: Desk) -> None:
    told = (await program(DRAFTER).post("/coach", json=examples.TEXT)).json()
    shown = OpinionOut.model_validate(examples.OPINION).model_dump(mode="json")
    assert set(shown) == set(told)
    for name in ("text", "clear", "of", "blocking", "in_the_way", "unmarked"):
        assert shown[name] == told[name]
    for name in ("rubric", "words"):
        assert shown["versions"][name] == told["versions"][name]
    for name in ("verdicts", "groups"):
        assert all(one in told[name] for one in shown[name])
    (sentence,) = shown["sentences"]
    assert _without_probability(sentence) == _without_probability(told["sentences"][0])


def _without_probability(sentence: dict[str, Any]) -> dict[str, Any]:
    roles = [{**role, "probability": None} for role in sentence["roles"]]
    return {**sentence, "roles": roles}


def test_every_field_of_the_answer_has_its_meaning_said() -> None:
    schema = OpinionOut.model_json_schema()
    objects = [schema, *(one for one in schema["$defs"].values() if "properties" in one)]
    fields = [(one["title"], name, given) for one in objects for name, given in one["properties"].items()]
    assert [(title, name) for title, name, given in fields if not given.get("description")] == []
