"""What a field is called where something is said of it."""

import pytest

from services.intake.problems.field_names import name_of, named
from services.intake.problems.form import ROWS
from services.intake.problems.record_words import CELLS
from services.intake.problems.request_models import RecordIn
from shared.refusals import FieldError, Text

WHOLE = Text("Ghi một số nguyên", "Write a whole number")


@pytest.mark.parametrize(
    ("field", "vi", "en"),
    [
        ("budget", "Kinh phí tối đa: ghi một số nguyên", "Budget ceiling: write a whole number"),
        (
            "affected.0.count",
            "Nhóm chịu ảnh hưởng, bao nhiêu: ghi một số nguyên",
            "Who is affected, how many: write a whole number",
        ),
        (
            "affected.2.count",
            "Nhóm chịu ảnh hưởng, dòng 3, bao nhiêu: ghi một số nguyên",
            "Who is affected, row 3, how many: write a whole number",
        ),
        (
            "plan.budget",
            "Kế hoạch áp dụng thử, kinh phí: ghi một số nguyên",
            "The plan of the pilot, budget: write a whole number",
        ),
        (
            "plan.measures.1.value",
            "Đích cần đạt, dòng 2, con số: ghi một số nguyên",
            "Target, row 2, the number: write a whole number",
        ),
        ("version", WHOLE.vi, WHOLE.en),
    ],
)
def test_what_is_to_be_done_is_told_with_the_fields_name(field: str, vi: str, en: str) -> None:
    assert named(FieldError(field, "int_parsing", WHOLE)) == FieldError(field, "int_parsing", Text(vi, en))


def test_every_field_of_the_record_has_a_name() -> None:
    assert [field for field in RecordIn.model_fields if name_of(field) is None] == []


def test_every_cell_of_the_form_has_a_name() -> None:
    assert CELLS.keys() == {f"{group}.{name}" for group, names in ROWS.items() for name in names}
