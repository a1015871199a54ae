"""`make coach-review`: what coordinators said of the coach, as a table, and as labelled statements for a person to read.

    python -m services.intake.overrules [--export FILE]

Reads MONGO_URL, DATABASE_PREFIX, COACH_EMBEDDING and COACH_EMBEDDING_FOLDER.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.intake.coach.coach import Coach, Opinion, coach_with
from services.intake.coach.roles import SAYS
from services.intake.overrules.labelled import by_text, line, lost
from services.intake.overrules.overrule import Overrule
from services.intake.overrules.repository import OverruleRepository
from services.intake.problems.protected import NAMES
from services.intake.settings import CoachSettings
from shared.mongo import connect

COLUMNS = ("problem", "criterion", "given → wanted", "sentence", "reason", "model")


class Settings(CoachSettings):
    """Those of the service that this needs: the service's own would ask for a key, a port and a broker too."""

    mongo_url: str = "mongodb://127.0.0.1:27017"
    database_prefix: str = "debai_"


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make coach-review", description="What coordinators said of the coach")
    parser.add_argument("--export", type=_new_file, metavar="FILE", help="write labelled statements there (JSON lines)")
    return parser.parse_args(words)


def _new_file(name: str) -> Path:
    if Path(name).exists():
        raise argparse.ArgumentTypeError(f"{name} is there: give a new name, for someone may have read and mended it")
    return Path(name)


async def run(given: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Gives the exit code: 1 when some statement was not written."""
    client = connect(settings.mongo_url, app_name="debai-coach-review")
    try:
        overrules = await OverruleRepository(client[f"{settings.database_prefix}intake"]).standing()
    finally:
        client.close()
    console.print(_table(overrules))
    if not given.export:
        return 0
    coach = coach_with(settings.coach_embedding, settings.coach_embedding_folder)
    return _export(overrules, given.export, coach, console)


def _table(overrules: Sequence[Overrule]) -> Table:
    table = Table(title="Verdicts that coordinators overruled, the oldest first")
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for one in overrules:
        cells = (one.ref, one.criterion, f"{one.given} → {one.wanted}", _sentence(one), one.reason)
        table.add_row(*map(escape, cells), one.versions.get("model", ""))
    return table


def _sentence(one: Overrule) -> str:
    return f"{one.sentence} ({', '.join(SAYS[role].vi for role in one.roles)})" if one.sentence else ""


def _export(overrules: Sequence[Overrule], file: Path, coach: Coach, console: Console) -> int:
    lines, refused = list[str](), list[str]()
    for group in by_text(overrules):
        opinion = coach.look(group[0].text)
        if reasons := [
            *_findings(opinion),
            *(f"a sentence is split otherwise now ({one.id})" for one in lost(group, opinion)),
        ]:
            refused.append(f"{group[0].ref} is not written: {'; '.join(reasons)}")
        else:
            lines.append(line(group, opinion))
    file.write_text("".join(f"{one}\n" for one in lines))
    console.print(f"{len(lines)} statements in {file}: a person reads each and takes out `review`", *refused, sep="\n")
    return 1 if refused else 0


def _findings(opinion: Opinion) -> Iterator[str]:
    """What a file of data must not hold: what it is, not the words themselves."""
    kinds = dict.fromkeys(found.finding for found in opinion.reading.in_the_way)
    return (f"it holds {NAMES[kind].en}" for kind in kinds)


if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse(sys.argv[1:]), Settings(), Console())))
