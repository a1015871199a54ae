"""What must hold before a step: one function for each guard sentence of the lifecycle table.

`LATER` are sentences whose rooms are not built: council, conflicts, proposals. The issue
that builds the room moves its sentence into GUARDS; nothing else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.intake.coach.criteria import Criterion, Verdict, rubric
from services.intake.problems.adoption import Adoption, SolutionNotAgreed, adoption_errors
from services.intake.problems.duplicates import Likeness, SameProblem, check_decision, refuse_different
from services.intake.problems.judgement import OVERRIDE_MIN
from services.intake.problems.pilot import PilotPlanIncomplete, plan_errors
from services.intake.problems.problem import Given, Problem, reference
from services.intake.problems.protected import personal_findings, refuse_personal_data, refuse_secrets
from services.intake.problems.reasons import REASON_MIN, TOO_SHORT
from services.intake.problems.record import missing
from services.intake.problems.record_words import LABELS
from services.intake.units.unit import check_valid
from shared.display import ZONE
from shared.events.problem import Visibility
from shared.identity import Actor
from shared.refusals import FieldError, InvalidInput, Refusal, Text

CALL_MIN = timedelta(days=16)
"""The shortest call seen in a real order of the city: 16 days (10/09 to 25/09/2021)."""
CALL_MAX = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step about to be taken. `today` is the city's date, not that of UTC."""

    problem: Problem
    actor: Actor
    given: Given
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()


class RecordIncomplete(Refusal):
    status = 422
    title = Text("Đề bài chưa đủ để gửi", "The problem is not complete enough to send")
    advice = Text(
        "Bổ sung các mục được nêu rồi gửi lại; bản nháp vẫn được giữ.",
        "Fill in the fields named below and send again; the draft is kept.",
    )


class FourEyes(Refusal):
    status = 403
    title = Text("Người gửi đề bài không được duyệt chính đề bài đó", "Whoever sent the problem may not approve it")
    advice = Text("Nhờ lãnh đạo khác của Sở phê duyệt.", "Ask another leader of the department to approve it.")


class NotForACall(Refusal):
    status = 409
    title = Text("Đề bài hạn chế không công bố rộng rãi", "A restricted problem is not put out in an open call")
    advice = Text(
        "Trả lại đơn vị để đổi mức công khai, hoặc giữ ở hàng chờ.",
        "Return it to the agency to widen who may see it, or keep it in the queue.",
    )


class FindingInTheWay(Refusal):
    status = 422
    title = Text("Góp ý còn chặn việc gửi", "A finding of the coach keeps it from being sent")
    advice = Text(
        "Sửa theo góp ý rồi gửi lại; nếu góp ý sai, ghi lý do ít nhất {least} ký tự.",
        "Follow the advice and send again; if it is wrong, say why in at least {least} characters.",
    )


Guard = Callable[[Attempt], None]


def _refuse(field: str, code: str, text: Text) -> InvalidInput:
    return InvalidInput(errors=(FieldError(field, code, text),))


def reason(attempt: Attempt) -> None:
    if len(attempt.given.reason) < REASON_MIN:
        raise _refuse("reason", "missing", TOO_SHORT)


def reason_and_channel(attempt: Attempt) -> None:
    reason(attempt)
    if attempt.given.out_of_remit and not attempt.given.channel:
        text = Text("Chỉ nơi tiếp nhận đúng", "Name the right place for it")
        raise _refuse("channel", "missing", text)


def complete(attempt: Attempt) -> None:
    if errors := missing(attempt.problem.record):
        raise RecordIncomplete(errors=errors)


def self_checked(attempt: Attempt) -> None:
    given = attempt.given
    checks = (
        (
            "no_secrets",
            given.no_secrets,
            Text("Xác nhận không có nội dung mật", "Confirm that nothing in it is secret"),
        ),
        (
            "no_personal_data",
            given.no_personal_data,
            Text("Xác nhận không có dữ liệu cá nhân", "Confirm that it holds no personal data"),
        ),
    )
    errors = tuple(FieldError(name, "missing", text) for name, signed, text in checks if not signed)
    if errors:
        raise InvalidInput(errors=errors)
    refuse_personal_data(attempt.problem.record)


def no_finding(attempt: Attempt) -> None:
    blocking = attempt.given.judgements[-1].after(attempt.problem.judgements).in_the_way
    if blocking and len(attempt.given.override) < OVERRIDE_MIN:
        told = (rubric().criteria[Criterion(name)] for name in blocking)
        errors = tuple(FieldError("override", "finding", words.reasons[Verdict.FAIL]) for words in told)
        raise FindingInTheWay(errors=errors, least=OVERRIDE_MIN)


def signed_again(attempt: Attempt) -> None:
    """What is signed anew is signed as it was the first time."""
    self_checked(attempt)
    no_finding(attempt)


def questions_tied(attempt: Attempt) -> None:
    asked = attempt.given.questions
    if not asked:
        raise _refuse("questions", "missing", Text("Nêu ít nhất một câu hỏi", "Ask at least one question"))
    errors = tuple(
        FieldError(
            f"questions.{n}.field", "unknown", Text("Gắn câu hỏi với một mục của đề bài", "Tie the question to a field")
        )
        for n, question in enumerate(asked)
        if question.field not in LABELS
    )
    if errors:
        raise InvalidInput(errors=errors)


def answer_due(attempt: Attempt) -> None:
    if attempt.given.answer_due is None or attempt.given.answer_due <= attempt.today:
        raise _refuse("answer_due", "past", Text("Chọn hạn trả lời sau hôm nay", "Choose an answer date after today"))


def question_exists(attempt: Attempt) -> None:
    if attempt.given.question_id not in {q.id for q in attempt.problem.questions}:
        raise _refuse(
            "question_id", "unknown", Text("Chọn một câu hỏi đang chờ trả lời", "Choose one of the questions asked")
        )
    if not attempt.given.answer:
        raise _refuse("answer", "missing", Text("Viết câu trả lời", "Write the answer"))


def all_answered(attempt: Attempt) -> None:
    text = Text("Trả lời câu hỏi này trước khi gửi lại", "Answer this question before sending again")
    open_questions = [q for q in attempt.problem.questions if not q.answer]
    if open_questions:
        raise InvalidInput(errors=tuple(FieldError(f"questions.{q.id}", "unanswered", text) for q in open_questions))


def newer_than_returned(attempt: Attempt) -> None:
    if attempt.problem.version <= attempt.problem.returned_version:
        text = Text(
            "Sửa đề bài hoặc trả lời câu hỏi trước khi gửi lại", "Edit the problem or answer the questions first"
        )
        raise _refuse("version", "unchanged", text)


def _duplicates_known(attempt: Attempt) -> None:
    given = attempt.given
    check_decision(given.duplicates, problem_id=attempt.problem.id, known=given.known)


def no_duplicate(attempt: Attempt) -> None:
    _duplicates_known(attempt)
    given = attempt.given
    if given.duplicates and given.duplicates.likeness is Likeness.SAME:
        raise SameProblem(of=reference(given.known[given.duplicates.of]))


def field_level(attempt: Attempt) -> None:
    """Level 2 = a branch of three digits."""
    if not any(len(code) >= 3 for code in attempt.problem.record.field_codes):
        raise _refuse("field_codes", "level", Text("Phân loại đến ngành cấp 2", "Classify to a branch of level 2"))


def approver_is_another(attempt: Attempt) -> None:
    reason(attempt)
    if attempt.actor.person_id == attempt.problem.submitted_by:
        raise FourEyes


def open_to_a_call(attempt: Attempt) -> None:
    refuse_secrets(attempt.problem.record)
    refuse_personal_data(attempt.problem.record)
    if attempt.problem.record.visibility is Visibility.INVITED:
        raise NotForACall


def call_is_long_enough(attempt: Attempt) -> None:
    closes_at = attempt.given.closes_at
    if closes_at is None or not attempt.now + CALL_MIN <= closes_at <= attempt.now + CALL_MAX:
        days = CALL_MIN.days
        text = Text(
            f"Chọn ngày đóng cách hôm nay ít nhất {days} ngày, nhiều nhất một năm",
            f"Choose a closing date at least {days} days away, at most a year",
        )
        raise _refuse("closes_at", "window", text)


def terms_chosen(attempt: Attempt) -> None:
    if attempt.given.terms is None:
        raise _refuse(
            "terms", "missing", Text("Chọn điều khoản sở hữu trí tuệ và dữ liệu", "Choose the terms for IP and data")
        )


def contact_valid(attempt: Attempt) -> None:
    check_valid(attempt.given.contact_lineage, attempt.today, unit_id=attempt.given.contact_unit_id)


def agreed_solution(attempt: Attempt) -> None:
    """Names what the plan lacks too: one page asks for both."""
    given, adoption = attempt.given, attempt.given.adoption or Adoption()
    today, of = attempt.today, attempt.problem.id
    if errors := tuple(adoption_errors(adoption, problem_id=of, known=given.known, in_use=given.in_use, today=today)):
        raise SolutionNotAgreed(errors=(*errors, *_planned(adoption, today)))


def pilot_planned(attempt: Attempt) -> None:
    adoption = attempt.given.adoption or Adoption()
    if tuple(plan_errors(adoption.plan, attempt.today)):
        raise PilotPlanIncomplete(errors=_planned(adoption, attempt.today))
    refuse_personal_data(adoption)


def _planned(adoption: Adoption, today: date) -> tuple[FieldError, ...]:
    return (*plan_errors(adoption.plan, today), *personal_findings(adoption))


def always(_: Attempt) -> None:
    """Held by what comes before every guard: the role, the unit and the version are checked for each command."""


DECIDED = "duplicate check seen and decision recorded"
GUARDS: dict[str, Guard] = {
    "expected_version matches": always,
    "member of an agency unit valid today": contact_valid,
    "all required fields": complete,
    "no blocking finding, or override reason >= 30 characters": no_finding,
    "secrecy and personal-data self-check signed": self_checked,
    "confirmation/signature of a unit head on this exact version": always,
    "reason": reason,
    ">=1 question, each tied to a field": questions_tied,
    "answer due date (working days)": answer_due,
    "the question exists and is tied to a field": question_exists,
    "every question answered": all_answered,
    "version > returned version": newer_than_returned,
    "re-signed": signed_again,
    DECIDED: no_duplicate,
    "field code level >= 2": field_level,
    "reason code + text": reason,
    "pointer to the right channel if out of remit": reason_and_channel,
    "public version checked for personal data and secrecy": open_to_a_call,
    "closes_at set and >= minimum window": call_is_long_enough,
    "IP/data terms chosen": terms_chosen,
    "contact unit valid": contact_valid,
    "quorum met": approver_is_another,
    "reference to an existing solution and its owner's consent": agreed_solution,
    "pilot plan as in select": pilot_planned,
}
"""`approver_is_another` stands in the row of the quorum: until there is a council, one leader approves, with a reason."""

LATER = frozenset(
    {
        "not yet assigned to a coordinator",
        "reviewers assigned, conflicts declared",
        "council conclusion",
        "recorded votes >= rule of the active template",
        "no vote by a conflicted member",
        "minutes attached",
        "questions from the council, each tied to a field",
        "due date",
        "if published: notice to every proposer",
    }
)


def check(sentences: tuple[str, ...], attempt: Attempt) -> None:
    """Raises the first guard that does not hold. A decision on duplicates that is brought along must name what is there, whatever
    the row asks; where it asks for none, it tells why."""
    if attempt.given.duplicates:
        _duplicates_known(attempt)
        if DECIDED not in sentences:
            refuse_different(attempt.given.duplicates)
    for sentence in sentences:
        if sentence not in LATER:
            GUARDS[sentence](attempt)
