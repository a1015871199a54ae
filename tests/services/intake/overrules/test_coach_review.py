"""`make coach-review`: what coordinators said of the coach, listed and written as labelled statements; on a real database."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from services.intake.coach.coach import coach_with
from services.intake.coach.criteria import Criterion, Verdict
from services.intake.coach.learning.statements import FOLDER, load
from services.intake.coach.roles import Label, Role
from services.intake.overrules.__main__ import Settings, parse, run
from services.intake.overrules.labelled import by_text, line
from services.intake.overrules.overrule import Overrule
from services.intake.overrules.repository import OverruleRepository
from services.intake.settings import Settings as Intake
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from tests.services.intake.builders import NOW, PROBLEM_ID

FIRST, SECOND = "Phường cần mua 40 máy tính bảng.", "Mỗi hồ sơ mất 9 ngày, khoảng 1.200 hộ phải chờ."
KEPT = Overrule(
    id="o1",
    problem_id=PROBLEM_ID,
    ref="DB-6Z1N15",
    version=1,
    criterion=Criterion.SOLUTION,
    given=Verdict.FAIL,
    wanted=Verdict.WARN,
    reason="Có vấn đề [thật] ở câu sau.",
    text=f"{FIRST}\n{SECOND}",
    versions={"rubric": "1", "words": "1", "model": "m0d31"},
    at=NOW,
    by="coordinator-1",
    sentence=SECOND,
    roles=(Role.TROUBLE, Role.BASELINE),
)
BASELINE = replace(
    KEPT, id="o2", criterion=Criterion.BASELINE, wanted=Verdict.ASK, sentence="", roles=(), at=NOW + timedelta(hours=1)
)
OTHER = replace(KEPT, id="o3", ref="DB-000003", text=FIRST, sentence="", roles=(), at=NOW + timedelta(minutes=5))


async def keep(store: Database, *overrules: Overrule) -> None:
    async def body(session: Session) -> None:
        for one in overrules:
            await OverruleRepository(store).save(one, session=session)

    await transact(store, body)


async def review(settings: Intake, *words: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    own = Settings(mongo_url=settings.mongo_url, database_prefix=settings.database_prefix, coach_embedding="none")
    console = Console(file=io.StringIO(), width=400)
    code = await run(parse(list(words)), own, console)
    assert isinstance(console.file, io.StringIO)
    return code, console.file.getvalue()


def rows(file: Path) -> list[dict[str, object]]:
    return [json.loads(one) for one in file.read_text().splitlines()]


async def test_every_standing_overrule_is_listed(store: Database, settings: Intake) -> None:
    await keep(store, KEPT, replace(OTHER, withdrawn_at=NOW, withdrawn_by="coordinator-1"))
    code, text = await review(settings)
    shown = ("DB-6Z1N15", "solution", "fail → warn", SECOND, "nêu vấn đề, hiện trạng", "Có vấn đề [thật]", "m0d31")
    assert code == 0 and [one for one in shown if one not in text] == []
    assert "DB-000003" not in text and "coordinator-1" not in text


async def test_what_is_exported_can_be_learned_from(store: Database, settings: Intake, tmp_path: Path) -> None:
    await keep(store, OTHER, BASELINE, KEPT)
    code, text = await review(settings, "--export", str(tmp_path / "overruled.jsonl"))
    assert code == 0 and "2 statements" in text
    first, second = load(tmp_path)
    assert [one.text for one in first.sentences] == [FIRST, SECOND]
    assert first.sentences[1].roles == {Role.TROUBLE, Role.BASELINE}
    assert Role.ORDER in first.sentences[0].roles
    assert Label.SOLUTION in first.labels and Label.BASELINE not in first.labels
    assert (first.id, second.id, first.language) == ("DB-6Z1N15-1", "DB-000003-1", "vi")


async def test_a_person_is_told_to_read_it_and_what_was_overruled(
    store: Database, settings: Intake, tmp_path: Path
) -> None:
    file = tmp_path / "overruled.jsonl"
    await keep(store, KEPT, BASELINE)
    await review(settings, "--export", str(file))
    (row,) = rows(file)
    assert row["review"] is True
    assert row["overruled"] == ["solution: fail → warn", "baseline: fail → ask"]


async def test_exporting_again_gives_the_same_bytes(store: Database, settings: Intake, tmp_path: Path) -> None:
    await keep(store, KEPT, BASELINE, OTHER)
    for name in ("one", "two"):
        await review(settings, "--export", str(tmp_path / name))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{FIRST}\nLiên hệ 0903 123 456.", "a phone number"),
        (f"TỐI MẬT\n{FIRST}", "a marking of secrecy"),
    ],
)
async def test_what_must_not_be_in_the_data_is_not_written_and_told(
    store: Database, settings: Intake, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "overruled.jsonl"
    await keep(store, replace(OTHER, id="o4", ref="DB-000004", text=text), KEPT)
    code, printed = await review(settings, "--export", str(file))
    assert code == 1 and f"DB-000004 is not written: it holds {told}" in printed and "0903" not in printed
    assert [row["id"] for row in rows(file)] == ["DB-6Z1N15-1"]


async def test_a_sentence_that_is_none_any_more_is_told(store: Database, settings: Intake, tmp_path: Path) -> None:
    file = tmp_path / "overruled.jsonl"
    await keep(store, replace(KEPT, sentence="Mỗi hồ sơ mất 9 ngày"))
    code, printed = await review(settings, "--export", str(file))
    assert (code, file.read_text()) == (1, "") and "split otherwise now (o1)" in printed


def test_a_file_that_someone_may_have_read_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "overruled.jsonl").write_text("read and mended")
    with pytest.raises(SystemExit):
        parse(["--export", str(tmp_path / "overruled.jsonl")])


@pytest.mark.parametrize(
    ("criterion", "wanted", "label", "value"),
    [
        (Criterion.SOLUTION, Verdict.PASS, Label.SOLUTION, "no"),
        (Criterion.SOLUTION, Verdict.WARN, Label.SOLUTION, "partly"),
        (Criterion.SOLUTION, Verdict.FAIL, Label.SOLUTION, "yes"),
        (Criterion.SOLUTION, Verdict.ASK, Label.SOLUTION, "yes"),
        (Criterion.AFFECTED, Verdict.WARN, Label.AFFECTED, True),
        (Criterion.TARGET, Verdict.PASS, Label.TARGET, True),
        (Criterion.TARGET, Verdict.ASK, Label.TARGET, False),
        (Criterion.ONE_PROBLEM, Verdict.ASK, Label.SEVERAL, True),
        (Criterion.ONE_PROBLEM, Verdict.PASS, Label.SEVERAL, False),
    ],
)
def test_a_verdict_says_what_the_statement_is(
    criterion: Criterion, wanted: Verdict, label: Label, value: object
) -> None:
    """For «ask» on the solution the present model is believed: it takes this text for an order."""
    said = replace(OTHER, criterion=criterion, wanted=wanted)
    doc = json.loads(line([said], coach_with("none").look(said.text)))["doc"]
    assert doc[label] == value
    assert doc.keys() == {*Label, "quality"} and 1 <= doc["quality"] <= 5


def test_what_several_overrules_say_of_one_sentence_is_put_together() -> None:
    said = [replace(KEPT, id=role, roles=(role,)) for role in (Role.BASELINE, Role.AFFECTED)]
    row = json.loads(line(said, coach_with("none").look(KEPT.text)))
    assert row["sentences"][1] == {"t": SECOND, "r": ["affected", "baseline"]}


def test_overrules_of_one_text_come_together_in_the_order_of_the_first() -> None:
    assert by_text([KEPT, OTHER, BASELINE]) == [(KEPT, BASELINE), (OTHER,)]


def test_no_statement_that_nobody_has_read_is_learned_from() -> None:
    """When this fails: read it, mend it, and take out `review`."""
    lines = [one for path in sorted(FOLDER.glob("*.jsonl")) for one in path.read_text().splitlines()]
    assert [row["id"] for row in map(json.loads, lines) if "review" in row] == []
