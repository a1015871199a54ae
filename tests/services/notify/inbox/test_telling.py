"""Who hears of which event."""

import pytest

from services.notify.delivery.facts import FACTS
from services.notify.inbox.telling import AGENCY, COORDINATORS, PROBLEM_REGISTRY, TO_AGENCY, problem_link, tellings
from shared.events.problem import (
    ProblemApproved,
    ProblemDeclined,
    ProblemEvent,
    ProblemPilotStarted,
    ProblemResubmitted,
    ProblemSubmitted,
    ProblemWithdrawn,
)
from tests.services.notify.samples import problem_event, published, returned

PLAIN: list[type[ProblemEvent]] = [
    ProblemSubmitted,
    ProblemResubmitted,
    ProblemApproved,
    ProblemDeclined,
    ProblemWithdrawn,
    ProblemPilotStarted,
]
EVENTS = [*(problem_event(kind) for kind in PLAIN), returned(), published()]


def test_every_kind_of_event_that_is_read_is_tested_here() -> None:
    assert {type(event.data) for event in EVENTS} == TO_AGENCY.keys()
    assert len(PROBLEM_REGISTRY) == len(EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_the_agency_hears_of_each(event: object) -> None:
    first = tellings(event)[0]  # type: ignore[arg-type]  # pytest gives parameters no type
    assert first.roles == AGENCY and first.in_unit
    assert first.kind in FACTS
    assert problem_link(first, "problem-1") == "/bai-toan/problem-1"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_coordinators_hear_of_what_waits_for_them_alone(event: object) -> None:
    others = tellings(event)[1:]  # type: ignore[arg-type]  # pytest gives parameters no type
    sent_to_review = type(event.data) in (ProblemSubmitted, ProblemResubmitted)  # type: ignore[attr-defined]  # as above
    assert [one.kind for one in others] == (["problem.to_review"] if sent_to_review else [])
    for one in others:
        assert one.roles == COORDINATORS and not one.in_unit
        assert problem_link(one, "problem-1") == "/dieu-phoi/problem-1"
