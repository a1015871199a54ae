"""Another problem that a person names, by id or by reference."""

from collections.abc import Mapping

from shared.refusals import FieldError, Text

NOT_SEEN = Text("Kiểm tra mã: không thấy đề bài này", "Check the code: there is no such problem to be seen")
NOT_ITSELF = Text("Ghi mã của một đề bài khác, không phải chính đề bài này", "Name another problem, not this one")


def naming_error(field: str, name: str, *, problem_id: str, known: Mapping[str, str]) -> FieldError | None:
    """`known`: the id of each problem that is named and that the actor sees."""
    of = known.get(name)
    if of is None:
        return FieldError(field, "unknown", NOT_SEEN)
    return FieldError(field, "itself", NOT_ITSELF) if of == problem_id else None
