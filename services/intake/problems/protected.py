"""What a problem must not hold: a marking of secrecy is not even stored, personal data is not sent on."""

from collections.abc import Iterator
from dataclasses import fields

from services.intake.coach.gates import Finding, Found, personal_data, secrets
from services.intake.coach.sentences import compose
from services.intake.problems.record import Record
from services.intake.problems.record_words import LABELS
from shared.events.problem import Part
from shared.refusals import FieldError, Refusal, Text

NAMES = {
    Finding.ID_CARD: Text("số giấy tờ tùy thân", "an identity number"),
    Finding.PHONE: Text("số điện thoại", "a phone number"),
    Finding.MAIL: Text("địa chỉ thư điện tử", "a mail address"),
    Finding.PLATE: Text("biển số xe", "a vehicle plate"),
    Finding.ACCOUNT: Text("số tài khoản", "an account number"),
    Finding.SECRET: Text("dấu chỉ độ mật", "a marking of secrecy"),
}


class MarkedSecret(Refusal):
    status = 422
    title = Text("Nội dung có dấu chỉ độ mật, không được lưu ở đây", "The text is marked secret and is not stored here")
    advice = Text(
        "Bỏ phần mật khỏi đề bài; việc có bí mật nhà nước thì gửi theo đường công văn mật.",
        "Take the secret part out; what holds state secrets goes by the channel for secret documents.",
    )


class PersonalDataFound(Refusal):
    status = 422
    title = Text("Đề bài có dữ liệu cá nhân", "The problem holds personal data")
    advice = Text(
        "Bỏ hoặc thay bằng mô tả chung ở các mục được nêu, rồi gửi lại.",
        "Take it out, or describe it in general, in the fields named below; then send again.",
    )


def findings(record: Record) -> tuple[FieldError, ...]:
    """All of them: what the form shows while one types."""
    return (*_errors(record, secrecy=True), *_errors(record, secrecy=False))


def refuse_secrets(record: Record) -> None:
    if errors := tuple(_errors(record, secrecy=True)):
        raise MarkedSecret(errors=errors)


def refuse_secret_words(field: str, text: str) -> None:
    """Of what is said about a problem: a question, an answer, a reason."""
    if found := secrets(compose(text)):
        raise MarkedSecret(errors=(_error(field, found[0], Text("Nội dung này", "This text")),))


def refuse_personal_data(record: Record) -> None:
    if errors := tuple(_errors(record, secrecy=False)):
        raise PersonalDataFound(errors=errors)


def _errors(record: Record, *, secrecy: bool) -> Iterator[FieldError]:
    """The first finding of each field."""
    for field, text in texts(record):
        composed = compose(text)
        if found := secrets(composed) if secrecy else personal_data(composed):
            yield _error(field, found[0], LABELS[_label(field)])


def _error(field: str, found: Found, where: Text) -> FieldError:
    name = NAMES[found.finding]
    text = Text(f"{where.vi}: bỏ {name.vi}", f"{where.en}: take out {name.en}")
    return FieldError(field, found.finding.value, text)


def _label(field: str) -> str:
    return field if field in LABELS else field.partition(".")[0]


def texts(record: Record) -> Iterator[tuple[str, str]]:
    """(field, text) of all that people wrote: «affected.0.group»."""
    for one in fields(record):
        yield from _texts(one.name, getattr(record, one.name))


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield name, value
        case Part():
            for part, inner in value:
                yield from _texts(f"{name}.{part}", inner)
        case tuple():
            for n, inner in enumerate(value):
                yield from _texts(f"{name}.{n}", inner)
