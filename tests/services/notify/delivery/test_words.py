"""Words of every kind, in both languages, from facts that an event has."""

import json
from typing import Any

import pytest
from jinja2 import UndefinedError

from services.notify.delivery.facts import FACTS, facts_of
from services.notify.delivery.rendering import FOLDER, kinds, render
from shared.events.problem import ProblemPilotStarted
from tests.services.notify.samples import match_found, problem_event, returned, submitted

SAMPLES = sorted(FOLDER.glob("*/*/sample.json"))


def sample(kind: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / kind / "1" / "sample.json").read_text())
    return read


def test_every_kind_has_words_and_a_schema() -> None:
    assert kinds() == sorted(FACTS)


def test_every_version_has_a_sample() -> None:
    assert [path.parent for path in SAMPLES] == sorted(path for path in FOLDER.glob("*/*") if path.is_dir())


@pytest.mark.parametrize("kind", kinds())
def test_the_sample_is_what_the_schema_allows_and_no_more(kind: str) -> None:
    assert FACTS[kind].model_validate(sample(kind)).model_dump(mode="json") == sample(kind)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_subject_a_body_and_a_reason(kind: str, language: str) -> None:
    words = render(kind, sample(kind), language)
    assert words.template == f"{kind}@1"
    assert words.subject and words.body and words.why
    assert "\n" not in words.subject
    assert not any(mark in words.subject + words.body + words.why for mark in "{}")


@pytest.mark.parametrize("kind", kinds())
def test_the_two_languages_differ(kind: str) -> None:
    assert render(kind, sample(kind), "vi").body != render(kind, sample(kind), "en").body


@pytest.mark.parametrize("kind", [one for one in kinds() if FACTS[one].model_fields])
def test_a_missing_fact_is_an_error_and_no_gap_in_a_sentence(kind: str) -> None:
    with pytest.raises(UndefinedError):
        render(kind, {}, "vi")


def test_a_return_says_how_many_questions_and_until_when() -> None:
    words = render(
        "problem.clarification_requested", facts_of("problem.clarification_requested", returned().data), "vi"
    )
    assert words.subject == "Cần làm rõ 2 điểm trong BT-2026-0001 trước 01/12/2026"


def test_a_match_says_why_and_how_well_it_fits() -> None:
    words = render("problem.matched", facts_of("problem.matched", match_found().data), "vi")
    assert words.why == "Khớp ở: «ngập»; lĩnh vực Khoa học trái đất và môi trường."
    assert "62%" in words.body
    assert words.subject == "UBND Phường Chánh Hưng cần lời giải: Giảm ngập hẻm khi mưa trên 50 mm"


def test_a_closing_date_is_that_of_the_city() -> None:
    facts = sample("problem.published") | {"closes_at": "2026-12-31T17:30:00Z"}
    assert "01/01/2027" in render("problem.published", facts, "en").body


def test_a_line_end_in_a_title_does_not_reach_a_header() -> None:
    facts = sample("problem.published") | {"title": "Ngập\r\nBcc: x@y.vn"}
    assert render("problem.published", facts, "vi").subject == "Đã công bố: Ngập Bcc: x@y.vn"


def test_of_a_problem_that_is_not_public_only_the_reference_is_kept() -> None:
    assert facts_of("problem.received", submitted().data) == {"problem_id": "problem-1", "ref": "BT-2026-0001"}


def test_a_pilot_says_from_when_to_when_and_that_the_solution_exists() -> None:
    words = render("problem.pilot_started", sample("problem.pilot_started"), "vi")
    assert "một giải pháp đã có, từ 01/12/2026 đến 30/05/2027." in words.body


def test_a_pilot_without_days_is_told_without_days() -> None:
    facts = facts_of("problem.pilot_started", problem_event(ProblemPilotStarted).data)
    assert render("problem.pilot_started", facts, "en").body.startswith(
        "Problem BT-2026-0001: the solution that was chosen is piloted. Open it"
    )
