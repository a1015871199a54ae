"""Prints what happened, in Vietnamese with an English gloss."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.demo.cases import OPEN, Case, people
from deploy.demo.outcome import Outcome
from deploy.embedded.supervisor import Running
from deploy.embedded.system import System

REASONS = 3
SIGN_IN = (
    ("so-y-te.soan", "đơn vị đặt hàng / agency"),
    ("dieu-phoi", "điều phối của Sở / coordinator"),
    ("nc.y-te", "nhà khoa học / researcher"),
    ("van-hanh", "vận hành / operations"),
)


def tell(console: Console, played: Mapping[int, tuple[Case, dict[str, Any]]], outcome: Outcome) -> None:
    names = {person["id"]: person["name"] for person in people()}
    table = Table(title="Mười hai đề bài minh họa / twelve illustrative cases", show_lines=True)
    for column in (
        "Đề bài",
        "Trạng thái",
        "Nhà khoa học phù hợp, vì sao (trong hộp thư) / matched, why (in the inbox)",
    ):
        table.add_column(column, overflow="fold")
    for number, (case, problem) in sorted(played.items()):
        title = f"{number}. {case.title}\n[dim]{problem['agency']['name']} · {problem['ref']}[/dim]"
        table.add_row(title, problem["state"], "\n".join(_matched(problem, outcome, names)) or _nobody(case))
    console.print(table)


def _nobody(case: Case) -> str:
    return (
        "–"
        if case.ends_at == OPEN
        else "hạn chế: dừng ở hàng chờ, người ngoài không thấy / restricted, seen by nobody else"
    )


def _matched(problem: dict[str, Any], outcome: Outcome, names: Mapping[str, str]) -> list[str]:
    return [
        f"{names[who]} {match['score']:.0%}: {_why(match)} {_inbox_mark(outcome, who, problem['id'])}"
        for who, match in outcome.matched(problem["id"])
    ]


def _inbox_mark(outcome: Outcome, who: str, problem_id: str) -> str:
    return "✉" if outcome.told(who, "problem.matched", problem_id) == 1 else "(✉ thiếu)"


def _why(match: dict[str, Any]) -> str:
    named = [r for r in match["reasons"] if r["kind"] in ("term", "saved_search")]
    searches = [f"theo dõi «{r['label']}»" for r in named if r["kind"] == "saved_search"]
    terms = [f"«{r['label']}» {r['share']:.3f}" for r in named if r["kind"] == "term"]
    return ", ".join([*terms[:REASONS], *searches])


def tell_addresses(console: Console, system: System, outcome: Outcome) -> None:
    items = sum(len(rows) for rows in outcome.inboxes.values())
    console.print(f"\n{items} tin trong hộp thư, {outcome.mails} thư trong {system.maildir} / inbox items, mails")
    console.print(f"Bộ nhớ / memory: {memory_mb(system.running)} MB (PSS)")
    console.print(
        f"\nMở / open: [bold]{system.public_url}/[/bold]  ·  đăng nhập / sign in: {system.public_url}/dang-nhap"
    )
    for person, what in SIGN_IN:
        console.print(f"  {person:<14} {what}")
    for name in ("intake", "matching", "notify"):
        console.print(f"  API: {system.public_url}/{name}/docs")
    console.print(f"  Kafka: {system.engines.kafka_bootstrap}  ·  nhật ký / logs: {system.logs}")


def memory_mb(running: Mapping[str, Running]) -> int:
    """Shared pages counted once (PSS), of everything that we started."""
    return sum(_pss_kb(part.pid) for part in running.values() if part.pid) // 1024


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if os.name == "posix" else ():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
