"""What a problem must not hold: a marking of secrecy is not even stored, personal data is not sent on."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from services.intake.coach.gates import Finding, Found, personal_data, secrets
from services.intake.coach.sentences import compose
from services.intake.problems.adoption import Adoption, Consent
from services.intake.problems.field_names import name_of
from services.intake.problems.pilot import PilotPlan
from services.intake.problems.record import Record
from shared.events.problem import Part
from shared.refusals import FieldError, Refusal, Text

Said = Record | Adoption
"""What people wrote, with a name for each of its fields."""

NAMES = {
    Finding.ID_CARD: Text("số giấy tờ tùy thân", "an identity number"),
    Finding.PHONE: Text("số điện thoại", "a phone number"),
    Finding.MAIL: Text("địa chỉ thư điện tử", "a mail address"),
    Finding.PLATE: Text("biển số xe", "a vehicle plate"),
    Finding.ACCOUNT: Text("số tài khoản", "an account number"),
    Finding.SECRET: Text("dấu chỉ độ mật", "a marking of secrecy"),
}
THIS_TEXT = Text("Nội dung này", "This text")


class MarkedSecret(Refusal):
    status = 422
    title = Text("Nội dung có dấu chỉ độ mật, không được lưu ở đây", "The text is marked secret and is not stored here")
    advice = Text(
        "Bỏ phần mật khỏi đề bài; việc có bí mật nhà nước thì gửi theo đường công văn mật.",
        "Take the secret part out; what holds state secrets goes by the channel for secret documents.",
    )


class PersonalDataFound(Refusal):
    status = 422
    title = Text("Nội dung có dữ liệu cá nhân", "The text holds personal data")
    advice = Text(
        "Bỏ hoặc thay bằng mô tả chung ở các mục được nêu, rồi gửi lại.",
        "Take it out, or describe it in general, in the fields named below; then send again.",
    )


def findings(record: Record) -> tuple[FieldError, ...]:
    """All of them: what the form shows while one types."""
    return (*_errors(record, secrecy=True), *_errors(record, secrecy=False))


def refuse_secrets(said: Said) -> None:
    if errors := tuple(_errors(said, secrecy=True)):
        raise MarkedSecret(errors=errors)


def refuse_secret_words(field: str, text: str) -> None:
    """Of what is said about a problem: a question, an answer, a reason."""
    if found := secrets(compose(text)):
        raise MarkedSecret(errors=tuple(_each(field, found, THIS_TEXT)))


def refuse_said(field: str, text: str) -> None:
    """Of what others read at once: neither a marking of secrecy nor personal data."""
    refuse_secret_words(field, text)
    if found := personal_data(compose(text)):
        raise PersonalDataFound(errors=tuple(_each(field, found, THIS_TEXT)))


def personal_findings(said: Said) -> tuple[FieldError, ...]:
    return tuple(_errors(said, secrecy=False))


def refuse_personal_data(said: Said) -> None:
    if errors := personal_findings(said):
        raise PersonalDataFound(errors=errors)


def _errors(said: Said, *, secrecy: bool) -> Iterator[FieldError]:
    for field, text in texts(said):
        composed = compose(text)
        found = secrets(composed) if secrecy else personal_data(composed)
        yield from _each(field, found, name_of(field) or THIS_TEXT)


def _each(field: str, found: Sequence[Found], where: Text) -> Iterator[FieldError]:
    """Every kind of finding, once."""
    for finding in dict.fromkeys(one.finding for one in found):
        name = NAMES[finding]
        text = Text(f"{where.vi}: bỏ {name.vi}", f"{where.en}: take out {name.en}")
        yield FieldError(field, finding.value, text)


def texts(said: Said) -> Iterator[tuple[str, str]]:
    """(field, text) of all that people wrote: «affected.0.group»."""
    for one in fields(said):
        yield from _texts(one.name, getattr(said, one.name))


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield name, value
        case Part():
            for part, inner in value:
                yield from _texts(f"{name}.{part}", inner)
        case Consent() | PilotPlan():
            for one in fields(value):
                yield from _texts(f"{name}.{one.name}", getattr(value, one.name))
        case tuple():
            for n, inner in enumerate(value):
                yield from _texts(f"{name}.{n}", inner)
