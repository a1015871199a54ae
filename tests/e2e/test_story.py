"""The whole story, once, through the gateway: what became of each case, who heard, and what others can read on the topics."""

import email
import mailbox
import re
from collections import Counter
from collections.abc import AsyncIterator
from email.message import Message
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from deploy.demo.cases import people
from deploy.demo.outcome import MATCHED, Outcome
from deploy.demo.story import Told
from deploy.embedded.engines import Engines
from shared.events.registry import PUBLIC
from tests.e2e.stage import Stage, staged, todays_cases

pytestmark = [pytest.mark.e2e, pytest.mark.mongo, pytest.mark.kafka, pytest.mark.timeout(300)]

STRAIGHT = ("draft", "submitted", "under_review", "approved", "open")
RETURNED = ("draft", "submitted", "returned", *STRAIGHT[1:])
RESTRICTED = ("draft", "submitted")
RIGHT_PERSON = {
    1: "nc.du-lieu",
    2: "nc.ngon-ngu",
    3: "nc.ngon-ngu",
    4: "nc.do-thi",
    6: "nc.giao-duc",
    7: "nc.y-te",
    8: "nc.cho",
    9: "nc.ngon-ngu",
    10: "nc.ban-do",
    11: "nc.doi-moi",
    12: "nc.thong-ke",
}
FAR_OFF = ("nc.thuy-san", "nc.vat-lieu", "nc.di-san")
PHONE = re.compile(rb"(?<![0-9a-f.-])(?:\+84|0)[0-9]{9}(?![0-9a-f-])")


@pytest.fixture(scope="module")
async def stage(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("story"), engines) as stage:
        yield stage


@pytest.fixture(scope="module")
async def outcome(stage: Stage) -> Outcome:
    return await stage.tell()


def test_each_case_goes_through_its_states_in_order(outcome: Outcome) -> None:
    trails = {told.case.number: told.trail for told in outcome.told}
    assert trails == dict.fromkeys(range(1, 13), STRAIGHT) | {5: RESTRICTED, 8: RETURNED, 12: RETURNED}


def test_the_market_case_is_published_as_the_problem_it_was_rewritten_to(outcome: Outcome) -> None:
    problem = outcome.told[7].problem
    assert problem["record"]["title"] == "Ban quản lý chợ không biết sạp nào đang hoạt động"
    assert all(question["answer"] for question in problem["questions"])


def test_the_right_person_comes_first_for_each_open_case_and_the_far_off_hear_of_none(outcome: Outcome) -> None:
    first = {t.case.number: outcome.matched(t.problem["id"])[0][0] for t in outcome.told if not t.case.restricted}
    assert first == RIGHT_PERSON
    assert [outcome.matches[who] for who in FAR_OFF] == [[], [], []]


def test_the_reasons_of_each_match_add_up_to_its_score(outcome: Outcome) -> None:
    found = [match for rows in outcome.matches.values() for match in rows]
    assert found
    assert all(match["reasons"] for match in found)
    for match in found:
        assert sum(reason["share"] for reason in match["reasons"]) == pytest.approx(match["score"], abs=1e-9)


def test_each_match_lies_in_its_researchers_inbox_once_with_its_reasons(outcome: Outcome) -> None:
    for who, rows in outcome.matches.items():
        told = Counter(item["facts"]["problem_id"] for item in outcome.inboxes[who] if item["kind"] == MATCHED)
        assert told == Counter(match["problem_id"] for match in rows)
        reasons = {item["facts"]["problem_id"]: item["facts"]["reasons"] for item in outcome.inboxes[who]}
        assert all(reasons[match["problem_id"]] == match["reasons"] for match in rows)


def test_every_item_is_mailed_once_under_a_message_id_of_its_own(stage: Stage, outcome: Outcome) -> None:
    items = {item["id"] for rows in outcome.inboxes.values() for item in rows}
    assert set(outcome.mails.values()) == {1}
    assert {message_id[1:].split(".")[0] for message_id in outcome.mails} == items


def test_mails_go_to_the_person_alone_and_name_a_problem_that_is_not_public_by_its_reference(
    stage: Stage, outcome: Outcome
) -> None:
    restricted = outcome.told[4]
    about = [mail for mail in _mails(stage) if restricted.problem["ref"] in _text(mail)]
    receivers = {f"{restricted.case.drafter}@debai.example", f"{restricted.case.approver}@debai.example"}
    assert {str(mail["To"]) for mail in about} == receivers | {"dieu-phoi@debai.example"}
    assert not [mail for mail in _mails(stage) if restricted.case.title in _text(mail)]


def _mails(stage: Stage) -> list[Message]:
    return [email.message_from_bytes(m.as_bytes()) for m in mailbox.Maildir(stage.system.maildir)]


def _text(mail: Message) -> str:
    parts = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    return "\n".join(part.decode() for part in parts if isinstance(part, bytes))


async def test_the_restricted_case_is_in_no_list_but_its_own_agencys_and_dosts(stage: Stage, outcome: Outcome) -> None:
    hidden = outcome.told[4].problem["id"]
    seen = {}
    for who in ("", "nc.du-lieu", "so-y-te.duyet", "cong-an.soan", "dieu-phoi"):
        page = await stage.office.ask(who, "GET", "/intake/v1/problems", params={"limit": 100})
        seen[who] = hidden in {problem["id"] for problem in page["items"]}
    assert seen == {"": False, "nc.du-lieu": False, "so-y-te.duyet": False, "cong-an.soan": True, "dieu-phoi": True}


async def test_the_catalogue_shows_the_eleven_open_cases_labelled_as_illustrative(
    stage: Stage, outcome: Outcome
) -> None:
    answers = [await stage.office.raw("", "GET", f"/bai-toan/{told.problem['id']}") for told in outcome.told]
    assert [answer.status_code for answer in answers] == [200] * 4 + [404] + [200] * 7
    shown = [answer.text for answer in answers if answer.status_code == 200]
    assert all("Dữ liệu minh họa" in page for page in shown)


async def test_what_lies_on_the_topics_is_valid_cloudevents_in_each_problems_order(
    stage: Stage, outcome: Outcome
) -> None:
    read = [_cloud_event(record) for record in await stage.records()]
    assert {kind for _, kind, _ in read} <= set(PUBLIC)
    by_subject: dict[str, list[int]] = {}
    for subject, _, sequence in read:
        by_subject.setdefault(subject, []).append(sequence)
    assert all(found == sorted(set(found)) for found in by_subject.values())


def _cloud_event(record: ConsumerRecord) -> tuple[str, str, int]:
    """(subject, type, sequence). The package raises on what is no CloudEvent."""
    headers = dict(record.headers)
    event = from_binary(KafkaMessage(headers, record.key, record.value), JSONFormat())
    PUBLIC[event.get_type()].model_validate_json(record.value)
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", headers["traceparent"])
    subject = event.get_subject()
    assert subject is not None
    return subject, event.get_type(), int(event.get_extension("sequence"))


async def test_no_name_mail_or_phone_and_nothing_of_the_restricted_case_lies_on_the_topics(
    stage: Stage, outcome: Outcome
) -> None:
    bytes_read = [b"%r %b" % (record.headers, record.value) for record in await stage.records()]
    restricted = todays_cases()[4]
    private = [person["name"] for person in people()] + [
        "@",
        restricted.title,
        *restricted.record["statement"].values(),
    ]
    hits = [(word, raw) for raw in bytes_read for word in private if word.encode() in raw]
    assert bytes_read
    assert not hits
    assert not [found for raw in bytes_read if (found := PHONE.findall(raw))]


async def test_topics_carry_what_is_public_and_nothing_that_stays_inside(stage: Stage, outcome: Outcome) -> None:
    kinds = Counter(dict(record.headers)["ce_type"].decode() for record in await stage.records())
    matches = sum(map(len, outcome.matches.values()))
    assert kinds["vn.debai.problem.published.v1"] == 11
    assert kinds["vn.debai.problem.submitted.v1"] == 12
    assert kinds["vn.debai.problem.returned.v1"] == kinds["vn.debai.problem.resubmitted.v1"] == 2
    assert kinds["vn.debai.match.found.v1"] == matches
    assert kinds["vn.debai.notification.delivered.v1"] == outcome.items
    assert not {kind for kind in kinds if "draft" in kind}


async def test_telling_it_again_posts_and_tells_nothing_twice(stage: Stage, outcome: Outcome) -> None:
    before, on_topics = await stage.stored(), len(await stage.records())
    again = await stage.tell()
    assert list(map(_standing, again.told)) == list(map(_standing, outcome.told))
    assert await stage.stored() == before
    assert len(await stage.records()) == on_topics
    assert again.mails == outcome.mails


def _standing(told: Told) -> tuple[str, int, str, dict[str, Any]]:
    problem = told.problem
    return problem["id"], problem["version"], problem["state"], problem["record"]


async def test_a_story_that_people_went_on_with_is_not_posted_anew(stage: Stage, outcome: Outcome) -> None:
    told = outcome.told[0]
    body = {"version": told.problem["version"], "reason": "Đơn vị đã tự giải quyết được."}
    path = f"/intake/v1/problems/{told.problem['id']}/withdraw"
    await stage.office.ask(told.case.approver, "POST", path, json=body)
    again = await stage.tell()
    assert again.told[0].problem["id"] == told.problem["id"]
    assert again.told[0].trail == (*STRAIGHT, "withdrawn")
