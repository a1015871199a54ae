"""Prints what happened, in Vietnamese with a short English gloss."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.tree import Tree

from deploy.demo.cases import OPEN, people
from deploy.demo.office import StepFailed
from deploy.demo.outcome import Outcome
from deploy.demo.story import Told
from deploy.embedded.parts import Running
from deploy.embedded.system import SERVICES, System
from services.intake.problems.lifecycle import states

REASONS = 3
KINDS = {
    "problem.received": "đã nhận",
    "problem.to_review": "chờ xem xét",
    "problem.clarification_requested": "cần làm rõ",
    "problem.approved": "đã duyệt",
    "problem.published": "đã công bố",
    "problem.matched": "phù hợp với bạn",
    "problem.pilot_started": "bắt đầu áp dụng thử",
    "problem.declined": "không tiếp nhận",
    "problem.withdrawn": "đã rút",
}
SIGN_IN = (
    ("so-y-te.soan", "đơn vị đặt hàng: soạn / agency, drafts"),
    ("so-y-te.duyet", "đơn vị đặt hàng: lãnh đạo gửi / agency, sends"),
    ("dieu-phoi", "điều phối của Sở / DOST's coordinator"),
    ("lanh-dao", "lãnh đạo Sở phê duyệt / DOST's leader"),
    ("nc.y-te", "nhà khoa học / researcher"),
    ("van-hanh", "vận hành / operations"),
)


def trail(told: Told) -> str:
    return " → ".join(states()[code].label.vi for code in told.trail)


def tell(console: Console, outcome: Outcome, public_url: str) -> None:
    names = {person["id"]: person["name"] for person in people()}
    console.print("\n[bold]Mười hai đề bài – Dữ liệu minh họa[/bold] / twelve cases, illustrative data")
    for told in outcome.told:
        case, problem = told.case, told.problem
        tree = Tree(f"[bold]{case.number}. {case.title}[/bold]\n{problem['agency']['name']} · {problem['ref']}")
        tree.add(f"{trail(told)} / {states()[told.trail[-1]].label.en}")
        for line in _meetings(told, outcome, names):
            tree.add(line)
        tree.add(f"Hộp thư / inboxes: {_inboxes(told, outcome, names)}")
        tree.add(f"{public_url}/bai-toan/{problem['id']}")
        console.print(tree)


def _meetings(told: Told, outcome: Outcome, names: Mapping[str, str]) -> list[str]:
    if told.case.ends_at != OPEN:
        return [
            "hạn chế: dừng ở hàng chờ, người ngoài không thấy / restricted: waits in the queue, nobody else sees it"
        ]
    return [f"{names[who]}: {why(match)}" for who, match in outcome.matched(told.problem["id"])]


def why(match: Mapping[str, Any]) -> str:
    """The score as a sum: its largest terms and the rest."""
    reasons = match["reasons"]
    searches = [f"đang theo dõi / follows «{r['label']}»" for r in reasons if r["kind"] == "saved_search"]
    shown = _largest([r for r in reasons if r["kind"] == "term"])
    terms = [f"«{r['label']}» {r['share']:.1%}" for r in shown]
    rest = match["score"] - sum(r["share"] for r in shown)
    scored = f"{match['score']:.1%} = {' + '.join([*terms, f'khác / other {rest:.1%}'])}"
    return "; ".join([*([scored] if match["score"] else []), *searches])


def _largest(terms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A word that is part of a longer one shown says nothing new."""
    shown: list[dict[str, Any]] = []
    for term in sorted(terms, key=lambda r: (-len(r["label"].split()), -r["share"])):
        if not any(term["label"] in other["label"].split() for other in shown):
            shown.append(term)
    return sorted(shown, key=lambda r: -r["share"])[:REASONS]


def _inboxes(told: Told, outcome: Outcome, names: Mapping[str, str]) -> str:
    found = {who: outcome.about(who, told.problem["id"]) for who in outcome.inboxes}
    heard = {who: [_kind(item) for item in reversed(items)] for who, items in found.items() if items}
    return "; ".join(f"{names[who]} ({', '.join(dict.fromkeys(kinds))})" for who, kinds in heard.items())


def _kind(item: Mapping[str, Any]) -> str:
    """One that the story does not know is named as it is."""
    kind = str(item["kind"])
    return KINDS.get(kind, kind)


def tell_addresses(console: Console, system: System, outcome: Outcome) -> None:
    repeated = sum(outcome.mails.values()) - len(outcome.mails)
    console.print(f"\nHộp thư / inbox items: {outcome.items}")
    console.print(f"Thư điện tử / mails: {len(outcome.mails)}, gửi lặp / repeated: {repeated} – {system.maildir}")
    console.print(f"Bộ nhớ / memory: {memory_mb(system.running)} MB (PSS, {', '.join(system.running)})")
    console.print(f"\nMở / open: [bold]{system.public_url}/[/bold]")
    console.print(f"Đăng nhập / sign in: [bold]{system.public_url}/dang-nhap[/bold]")
    for person, what in SIGN_IN:
        console.print(f"  {person:<14} {what}")
    for name in SERVICES:
        console.print(f"API: {system.public_url}/{name}/docs")
    console.print(f"Kafka: {system.engines.kafka_bootstrap}")
    console.print(f"MongoDB: {system.engines.mongo_url}")
    console.print(f"Nhật ký / logs: {system.logs}")


def memory_mb(running: Mapping[str, Running]) -> int:
    """Shared pages counted once (PSS), of everything that we started."""
    return sum(_pss_kb(part.pid) for part in running.values() if part.pid) // 1024


def _pss_kb(pid: int) -> int:
    """0 for one that has just died, and where the kernel does not say."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def failure(error: StepFailed, logs: Path) -> str:
    return f"Bước này không thành / this step failed: {error}. Xem / see {logs}."
