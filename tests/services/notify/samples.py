"""Events, items and deliveries as the real ones look."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from services.notify.delivery.plan import MAIL, Delivery, delivery_id
from services.notify.inbox.item import Item, item_id
from shared.events.envelope import Event
from shared.events.match import MatchFound, Reason, ReasonKind
from shared.events.problem import Agency, ProblemEvent, ProblemPublished, ProblemReturned, ProblemSubmitted, Statement

E = TypeVar("E", bound=ProblemEvent)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNIT = "unit-chanh-hung"


def problem_event(
    kind: type[E], *, problem: str = "problem-1", version: int = 2, unit: str = UNIT, **more: Any
) -> Event[E]:
    data = kind(
        problem_id=problem,
        ref="BT-2026-0001",
        problem_version=version,
        from_state="draft",
        to_state="submitted",
        actor_role="approver",
        agency_id=unit,
        occurred_at=NOW,
        **more,
    )
    return Event(subject=problem, sequence=version, data=data, time=NOW, traceparent=TRACE)


def submitted(**given: Any) -> Event[ProblemSubmitted]:
    return problem_event(ProblemSubmitted, **given)


def returned(**given: Any) -> Event[ProblemReturned]:
    return problem_event(ProblemReturned, question_count=2, answer_due=date(2026, 12, 1), **given)


def published(**given: Any) -> Event[ProblemPublished]:
    return problem_event(
        ProblemPublished,
        title="Giảm ngập hẻm khi mưa trên 50 mm",
        statement=Statement(who="412 hộ", trouble="ngập", cause="cống nhỏ", consequence="hư tài sản"),
        agency=Agency(unit_id=UNIT, name="UBND Phường Chánh Hưng"),
        field_codes=["105"],
        closes_at=datetime(2026, 12, 31, 16, 59, tzinfo=UTC),
        **given,
    )


def match_found(researcher: str = "researcher-1", match: str = "match-1") -> Event[MatchFound]:
    data = MatchFound(
        match_id=match,
        problem_id="problem-1",
        problem_ref="BT-2026-0001",
        researcher_id=researcher,
        score=0.62,
        reasons=[
            Reason(kind=ReasonKind.TERM, label="ngập", share=0.42),
            Reason(kind=ReasonKind.FIELD, label="105", share=0.2),
        ],
        title="Giảm ngập hẻm khi mưa trên 50 mm",
        agency_name="UBND Phường Chánh Hưng",
        closes_at=datetime(2026, 12, 31, 16, 59, tzinfo=UTC),
        published_at=NOW,
        illustrative=True,
    )
    return Event(subject=match, sequence=1, data=data, time=NOW, traceparent=TRACE)


def item(person: str = "p1", number: int = 1, *, read: bool = False, at: datetime = NOW) -> Item:
    return Item(
        id=item_id(person, "vn.debai.problem.approved.v1", "problem-1", number),
        person_id=person,
        kind="problem.approved",
        about="vn.debai.problem.approved.v1",
        link="/bai-toan/problem-1",
        facts={"problem_id": "problem-1", "ref": f"BT-2026-{number:04}"},
        created_at=at,
        traceparent=TRACE,
        read_at=at if read else None,
    )


def delivery(person: str = "p1", number: int = 1) -> Delivery:
    told = item(person, number)
    return Delivery(
        id=delivery_id(told.id, MAIL),
        item_id=told.id,
        person_id=person,
        channel=MAIL,
        kind=told.kind,
        about=told.about,
        link=told.link,
        facts=told.facts,
        traceparent=TRACE,
    )
