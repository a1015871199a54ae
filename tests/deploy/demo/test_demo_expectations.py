"""What the demo calls missing: each expectation can fail."""

from dataclasses import replace
from datetime import date

from deploy.demo.cases import cases, people
from deploy.demo.expectations import missing
from deploy.demo.outcome import Outcome, Row
from deploy.demo.story import Told
from deploy.demo.telling import why

HANDLED, RESTRICTED = cases(date(2026, 3, 2))[0], cases(date(2026, 3, 2))[4]
TO_OPEN = ("draft", "submitted", "under_review", "approved", "open")
RESEARCHER = "nc.du-lieu"


def _told(number: int) -> Told:
    case = RESTRICTED if number == RESTRICTED.number else HANDLED
    trail = ("draft", "submitted") if case.restricted else TO_OPEN
    problem = {"id": f"p{number}", "state": trail[-1], "published_at": None if case.restricted else "2026-03-02T00:00Z"}
    return Told(case, problem, trail)


def _item(who: str, kind: str, problem: str) -> Row:
    fields = {"id": f"{who}{kind}{problem}".replace(".", "-"), "kind": kind, "about": f"of {kind}", "trace": kind}
    return {**fields, "facts": {"problem_id": problem}, "read_at": None}


def _good() -> Outcome:
    inboxes: dict[str, list[Row]] = {person["id"]: [] for person in people()}
    for told in (_told(1), _told(5)):
        case, problem = told.case, told.problem["id"]
        kinds = (
            ["problem.received"] if case.restricted else ["problem.received", "problem.approved", "problem.published"]
        )
        for who in (case.drafter, case.approver):
            inboxes[who] += [_item(who, kind, problem) for kind in kinds]
        inboxes["dieu-phoi"].append(_item("dieu-phoi", "problem.to_review", problem))
    inboxes[RESEARCHER].append(_item(RESEARCHER, "problem.matched", "p1"))
    match = {"problem_id": "p1", "problem_ref": "DB-1", "score": 0.3, "reasons": []}
    mails = {f"<{item['id']}.mail@debai.example>": 1 for rows in inboxes.values() for item in rows}
    return Outcome(
        told=[_told(1), _told(5)],
        matches={RESEARCHER: [match]},
        inboxes=inboxes,
        mails=mails,
        addressed=frozenset(inboxes),
        seen={(5, ""): 404, (5, RESEARCHER): 404},
    )


def _only(outcome: Outcome) -> str:
    (sentence,) = missing(outcome)
    return sentence


def test_a_story_that_came_true_misses_nothing() -> None:
    assert not [*missing(_good())]


def test_a_case_that_is_not_published_is_missed() -> None:
    told = replace(_told(1), problem={**_told(1).problem, "published_at": None})
    assert "is not published" in _only(replace(_good(), told=[told, _told(5)]))


def test_a_case_that_has_not_come_to_its_end_is_missed() -> None:
    told = replace(_told(1), trail=TO_OPEN[:-1])
    assert "has only come to" in _only(replace(_good(), told=[told, _told(5)]))


def test_an_agency_that_has_not_heard_is_missed() -> None:
    good = _good()
    rows = [item for item in good.inboxes[HANDLED.approver] if item["kind"] != "problem.published"]
    sentence = _only(replace(good, inboxes={**good.inboxes, HANDLED.approver: rows}))
    assert f"{HANDLED.approver} chưa nhận tin" in sentence


def test_a_match_that_is_not_in_the_inbox_is_missed() -> None:
    good = _good()
    assert "DB-1 có / lies 0 ×" in _only(replace(good, inboxes={**good.inboxes, RESEARCHER: []}))


def test_a_problem_that_met_nobody_is_missed() -> None:
    good = _good()
    assert "nobody was matched" in _only(replace(good, matches={RESEARCHER: []}))


def test_an_item_told_twice_is_told() -> None:
    good = _good()
    (item,) = good.inboxes["dieu-phoi"][:1]
    twice = [*good.inboxes["dieu-phoi"], {**item, "read_at": "2026-03-02T00:00Z"}]
    assert "lies 2 ×" in _only(replace(good, inboxes={**good.inboxes, "dieu-phoi": twice}))


def test_a_mail_that_has_not_arrived_is_missed_unless_its_item_was_read() -> None:
    good = _good()
    one, *rest = good.mails
    assert _only(replace(good, mails=dict.fromkeys(rest, 1))).startswith("1 thư chưa tới")
    read = {who: [{**item, "read_at": "2026-03-02T00:00Z"} for item in rows] for who, rows in good.inboxes.items()}
    assert not [*missing(replace(good, mails=dict.fromkeys(rest, 1), inboxes=read))]
    assert one


def test_a_restricted_case_that_a_stranger_sees_is_told() -> None:
    assert "is seen by the public: 200" in _only(replace(_good(), seen={(5, ""): 200}))


def test_the_reasons_shown_add_up_to_the_score() -> None:
    reasons = [
        {"kind": "term", "label": "hồ sơ", "share": 0.1},
        {"kind": "term", "label": "hồ", "share": 0.08},
        {"kind": "field", "label": "505", "share": 0.05},
        {"kind": "saved_search", "label": "Hồ sơ", "share": 0},
    ]
    shown = why({"score": 0.23, "reasons": reasons})
    assert shown == "23.0% = «hồ sơ» 10.0% + khác / other 13.0%; đang theo dõi / follows «Hồ sơ»"
