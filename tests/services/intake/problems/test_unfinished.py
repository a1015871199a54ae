"""Saving while someone writes: which rows wait, and what is stored of them meanwhile."""

from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.intake.problems import form as forms
from services.intake.problems.form import Draft
from services.intake.problems.record import Record
from services.intake.problems.request_models import RecordIn, lacking
from services.intake.problems.unfinished import finished
from shared.events.problem import Affected, Baseline, Place
from tests.services.intake.builders import EVERYTHING

WAIT, LOSS = (
    Baseline(metric="thời gian chờ", value=40, unit="ngày", period="năm 2025", source="sổ một cửa"),
    Baseline(metric="thất thu", value=6, unit="%", period="năm 2025", source="sổ thu phí"),
)
STORED = forms.of_record(Record(baseline=(WAIT, LOSS)))


def saved(draft: Draft, stored: Draft = STORED) -> Record:
    left = finished(draft, stored, lacking(forms.body(draft)))
    return RecordIn.model_validate(forms.body(left)).record()


def written(shown: Draft = STORED, /, **typed: str) -> Draft:
    values = {name.replace("__", "."): text for name, text in typed.items()}
    rows = forms.of_form({name: [text] for name, text in (dict(shown.values) | values).items()}).counts
    return replace(shown, values={**shown.values, **values}, counts=rows)


@pytest.mark.parametrize("name", ["metric", "value", "unit"])
def test_a_stored_row_stays_as_it_is_until_it_is_whole_again(name: str) -> None:
    assert saved(written(**{f"baseline__0__{name}": ""}, baseline__1__value="7")).baseline == (
        WAIT,
        LOSS.model_copy(update={"value": 7}),
    )


def test_a_row_of_which_only_the_first_letter_stands_there_is_unfinished() -> None:
    assert saved(written(baseline__1__metric="t")).baseline == (WAIT, LOSS)


def test_a_row_that_was_never_stored_is_left_out() -> None:
    assert saved(written(baseline__2__metric="số hồ sơ", baseline__2__unit="ngày")).baseline == (WAIT, LOSS)


def test_a_row_being_rewritten_is_no_new_one_however_little_of_it_is_left() -> None:
    stored = Record(affected=(Affected(group="Hộ kinh doanh cá thể"), Affected(group="Dân cư")), baseline=(WAIT,))
    shown = forms.of_record(stored)
    left = saved(written(shown, affected__0__group="H", baseline__0__metric="", baseline__0__value=""), shown)
    assert (left.affected, left.baseline) == (stored.affected, stored.baseline)


@pytest.mark.parametrize("metric", ["", "thời gian chờ"])
def test_a_new_row_that_says_the_same_takes_no_stored_one_that_waits(metric: str) -> None:
    new = {"baseline.1.metric": "hồ sơ trễ", "baseline.1.value": "40", "baseline.1.unit": "ngày"}
    shown = forms.of_record(Record(baseline=(WAIT,)))
    rows = saved(written(shown, **new, baseline__0__metric=metric, baseline__0__unit=""), shown).baseline
    assert rows == (WAIT, Baseline(metric="hồ sơ trễ", value=40, unit="ngày"))


def test_a_new_row_under_the_key_of_one_that_waits_waits_with_it() -> None:
    new = {"baseline.1.metric": WAIT.metric, "baseline.1.value": "45", "baseline.1.unit": "ngày"}
    shown = forms.of_record(Record(baseline=(WAIT,)))
    assert saved(written(shown, **new, baseline__0__value=""), shown).baseline == (WAIT,)


def test_a_row_that_was_never_stored_waits_before_a_stored_one() -> None:
    draft = written(forms.of_record(Record(baseline=(WAIT, WAIT, LOSS))), baseline__0__metric="số hồ sơ")
    draft = written(draft, baseline__0__value="", baseline__2__value="7")
    assert [one.value for one in saved(draft).baseline] == [40, 7]


def test_rows_of_one_key_are_not_taken_for_each_other() -> None:
    earlier = WAIT.model_copy(update={"value": 55, "period": "năm 2024"})
    shown = forms.of_record(Record(baseline=(earlier, WAIT)))
    assert saved(written(shown, baseline__0__value=""), shown).baseline == (earlier, WAIT)
    assert saved(written(shown, baseline__0__metric="", baseline__1__value="41"), shown).baseline == (earlier, WAIT)


def test_two_rows_wait_and_a_new_one_is_saved() -> None:
    new = {"baseline.2.metric": "hồ sơ trễ", "baseline.2.value": "310", "baseline.2.unit": "hồ sơ"}
    rows = saved(written(**new, baseline__0__value="", baseline__1__metric="")).baseline
    assert rows == (WAIT, LOSS, Baseline(metric="hồ sơ trễ", value=310, unit="hồ sơ"))


def test_a_row_that_is_renamed_while_another_waits_is_saved_with_it() -> None:
    draft = written(baseline__0__metric="chờ đợi", baseline__1__value="")
    assert saved(draft).baseline == (WAIT, LOSS)
    assert [one.metric for one in saved(written(draft, baseline__1__value="6")).baseline] == ["chờ đợi", "thất thu"]


def test_an_emptied_or_removed_row_goes_when_no_row_waits() -> None:
    fewer = forms.changed_rows(STORED, "drop:baseline.0")
    emptied = written(**{f"baseline__0__{name}": "" for name in forms.ROWS["baseline"]})
    for draft, last in ((fewer, 0), (emptied, 1)):
        assert saved(draft).baseline == (LOSS,)
        assert saved(written(draft, **{f"baseline__{last}__value": ""})).baseline == (WAIT, LOSS)
        assert saved(written(draft, baseline__2__unit="ngày")).baseline == (WAIT, LOSS)


def test_a_number_written_in_another_way_is_the_same_number() -> None:
    many = Baseline(metric="hồ sơ", value=1200, unit="hồ sơ")
    draft = written(forms.of_record(Record(baseline=(many,))), baseline__0__metric="", baseline__0__value="1.200")
    assert saved(draft, forms.of_record(Record(baseline=(many,)))).baseline == (many,)


def test_a_line_of_one_letter_waits_and_the_other_lines_are_saved() -> None:
    draft = written(must_connect="sổ thu phí\n\nc\ncổng dữ liệu", place="P")
    assert (saved(draft).must_connect, saved(draft).place) == (("sổ thu phí", "cổng dữ liệu"), ())


def test_a_stored_line_stays_while_it_is_being_rewritten() -> None:
    stored = forms.of_record(Record(must_connect=("hệ thống một cửa", "sổ thu phí"), place=(Place(name="Phường 1"),)))
    left = saved(written(stored, must_connect="H\nsổ thu phí\ncổng dữ liệu", place="P"), stored)
    assert left.must_connect == ("hệ thống một cửa", "sổ thu phí", "cổng dữ liệu")
    assert left.place == (Place(name="Phường 1"),)


def test_a_line_that_may_be_another_one_waits_with_the_half_written_one() -> None:
    stored = forms.of_record(Record(must_connect=("hệ thống một cửa", "sổ thu phí")))
    for typed in ("H\nsổ thu phí chợ", "sổ thu phí\nH", "H"):
        assert saved(written(stored, must_connect=typed), stored).must_connect == ("hệ thống một cửa", "sổ thu phí")


def test_what_is_wrong_in_another_way_is_left_for_the_model_to_refuse() -> None:
    assert lacking(forms.body(written(baseline__0__value="nhiều", title="t" * 121))) == frozenset()


TEXTS = {"value": ["6"], "count": ["6"], "due": ["2027-12-31"], "personal": ["basic"]}
NAMES = [f"{group}.{n}.{name}" for group, names in forms.ROWS.items() for name in names for n in range(3)]


@given(
    st.fixed_dictionaries(
        {},
        optional={name: st.sampled_from(["", *TEXTS.get(name.split(".")[2], ["a", "sổ thu phí"])]) for name in NAMES}
        | {name: st.sampled_from(["a", "Phường Chợ Lớn\nb\n\nPhường Bình Thới"]) for name in forms.LISTS},
    )
)
def test_whatever_is_half_written_the_rest_can_be_saved(sent: dict[str, str]) -> None:
    saved(forms.of_form({name: [text] for name, text in sent.items()}), forms.of_record(EVERYTHING))


KEYS = st.sampled_from(["thời gian chờ", "thất thu", "hồ sơ trễ", "khác hẳn"])
HALVES = ["wait: no key", "wait: a letter", "wait: no number"]


class Typed(NamedTuple):
    """A row on the page. `was`: the number of the stored row that it was; of a new one, a number that none has."""

    was: int
    key: str
    number: str
    edit: str

    @property
    def waits(self) -> bool:
        return self.edit in HALVES


@st.composite
def typed_rows(draw: st.DrawFn, was: int, key: str, edits: list[str]) -> Typed:
    edit = draw(st.sampled_from(edits))
    empty, number = Typed(was, "", "", edit), draw(st.integers(100, 102))
    typed = {
        "number": Typed(was, key, str(number), edit),
        "key": Typed(was, draw(KEYS), str(was), edit),
        "wait: no key": Typed(was, "", str(was), edit),
        "wait: a letter": Typed(was, "t", str(was), edit),
        "wait: no number": Typed(was, key, "", edit),
    }
    return typed.get(edit, empty if edit in ("drop", "empty") else Typed(was, key, str(was), edit))


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[str], list[Typed]]:
    """The keys of what is stored, and what someone made of it; something waits."""
    keys = draw(st.lists(KEYS, max_size=3))
    edits = ["keep", "number", "key", *HALVES, "drop", "empty"]
    rows = [draw(typed_rows(n, key, edits)) for n, key in enumerate(keys)]
    rows += [draw(typed_rows(n, draw(KEYS), ["keep", *HALVES])) for n in range(10, 10 + draw(st.integers(0, 2)))]
    assume(any(row.waits for row in rows))
    return keys, [row for row in rows if row.edit != "drop"]


Said = tuple[str, str]


def all_there(wanted: list[set[Said]], found: list[Said]) -> bool:
    """Each of them is another one of those found."""
    return any(
        all(one in wish for one, wish in zip(order, wanted, strict=False)) for order in permutations(found, len(wanted))
    )


@given(pages())
def test_nothing_stored_is_lost_while_a_row_waits(page: tuple[list[str], list[Typed]]) -> None:
    keys, rows = page
    stored = forms.of_record(Record(baseline=tuple(Baseline(metric=k, value=n, unit="%") for n, k in enumerate(keys))))
    sent = {f"baseline.{n}.metric": row.key for n, row in enumerate(rows)}
    sent |= {f"baseline.{n}.value": row.number for n, row in enumerate(rows)}
    sent |= {f"baseline.{n}.unit": "%" for n, row in enumerate(rows) if row.edit != "empty"}
    found = [
        (one.metric, f"{one.value:g}")
        for one in saved(forms.of_form({k: [v] for k, v in sent.items()}), stored).baseline
    ]
    whole = [row for row in rows if not row.waits and row.edit != "empty"]
    own = [(key, str(n)) for n, key in enumerate(keys)]
    assert all_there(
        [
            {own[n], *((row.key, row.number) for row in whole if row.was == n or row.key == key)}
            for n, key in enumerate(keys)
        ],
        found,
    )
    assert set(found) <= {*own, *((row.key, row.number) for row in whole)}


@given(pages())
def test_no_stored_line_is_lost_while_one_waits(page: tuple[list[str], list[Typed]]) -> None:
    keys, rows = page
    written = [row.key[:1] if row.waits else row.key for row in rows]
    assume(any(len(line) == 1 for line in written))
    draft = Draft({"must_connect": "\n".join(written)}, dict.fromkeys(forms.ROWS, 1))
    found = saved(draft, forms.of_record(Record(must_connect=tuple(keys)))).must_connect
    assert not Counter(keys) - Counter(found)
    assert set(found) <= {*keys, *written}
