"""The three services behind one origin, in this process, with the demo's people and a problem in each state."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.demo import cases
from deploy.demo.cases import Case
from deploy.demo.office import Office
from deploy.demo.story import DIFFERENT, Story
from services.intake.main import make_app as make_intake
from services.intake.settings import Settings as IntakeSettings
from services.matching.main import make_app as make_matching
from services.matching.settings import Settings as MatchingSettings
from services.notify.main import make_app as make_notify
from services.notify.settings import Settings as NotifySettings
from shared.service import Service
from tests.serving import serving
from tests.waiting import until

PREFIXES = {"matching": ("/matching", "/ket-noi"), "notify": ("/notify", "/hop-thu")}
CASE, LOOKED_FOR_BY = 8, "nc.cho"
WAYS: Mapping[str, Sequence[str]] = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "under_review": ("submit", "start_review"),
    "approved": ("submit", "start_review", "approve"),
    "open": ("submit", "start_review", "approve", "publish"),
}


@dataclass(frozen=True, slots=True)
class House:
    url: str
    office: Office
    problems: Mapping[str, str]
    """State → the id of a problem in it, all of one agency unit."""
    drafter: str
    approver: str


class Gateway:
    """Routes by the first path segment, as the Caddyfile does."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope["path"])(scope, receive, send)

    def _app(self, path: str) -> ASGIApp:
        parts = {name for name, prefixes in PREFIXES.items() if any(_under(path, one) for one in prefixes)}
        return self._services[parts.pop() if parts else "intake"].http


def _under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


def make_services(given: Mapping[str, Any], private_key: Path) -> dict[str, Service]:
    people = Path(cases.__file__).parent / "people.toml"
    return {
        "intake": make_intake(IntakeSettings(session_private_key_file=private_key, demo_people_file=people, **given)),
        "matching": make_matching(MatchingSettings(**given)),
        "notify": make_notify(
            NotifySettings(smtp_host="127.0.0.1", smtp_port=1, mail_from="debai@debai.example", **given)
        ),
    }


@asynccontextmanager
async def house(given: Mapping[str, Any], private_key: Path) -> AsyncIterator[House]:
    """`given` are the settings that all services share."""
    services = make_services(given, private_key)
    async with AsyncExitStack() as stack:
        for service in services.values():
            stack.push_async_callback(_clear, service, given["database_prefix"])
        await stack.enter_async_context(running(services.values()))
        url = await stack.enter_async_context(serving(Gateway(services)))
        for service in services.values():
            service.http.state.public_url = url
        office = Office(url)
        stack.push_async_callback(office.close)
        yield await _furnished(url, office)


async def _clear(service: Service, prefix: str) -> None:
    await service.client.drop_database(f"{prefix}{service.name}")
    service.client.close()


@asynccontextmanager
async def running(services: Iterable[Service]) -> AsyncIterator[None]:
    tasks = []
    for service in services:
        await service.prepare()
        jobs = [*service.background, *(job for jobs in service.work.values() for job in jobs)]
        tasks += [asyncio.ensure_future(job()) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _furnished(url: str, office: Office) -> House:
    story = Story(office, lambda line: None)
    await story.set_the_stage()
    case = next(one for one in cases.cases(datetime.now(UTC).date()) if one.number == CASE)
    problems = {state: await _problem(office, case, way) for state, way in WAYS.items()}
    await until(lambda: _heard(office, "/notify/v1/inbox"), 60)
    await until(lambda: _heard(office, "/matching/v1/matches"))
    return House(url, office, problems, case.drafter, case.approver)


async def _heard(office: Office, path: str) -> bool:
    return bool((await office.ask(LOOKED_FOR_BY, "GET", path))["items"])


async def _problem(office: Office, case: Case, way: Sequence[str]) -> str:
    problem = await office.ask(case.drafter, "POST", "/intake/v1/problems", json=case.record)
    for command in way:
        person, given = _step(case, command)
        body = {"version": problem["version"], **given}
        path = f"/intake/v1/problems/{problem['id']}/{command}"
        problem = await office.ask(person, "POST", path, json=body)
    return str(problem["id"])


def _step(case: Case, command: str) -> tuple[str, dict[str, Any]]:
    """Who takes it, and what they give."""
    question = {"field": "baseline", "text": "Con số này lấy từ đâu?"}
    due = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        "submit": (case.approver, {"no_secrets": True, "no_personal_data": True}),
        "return": ("dieu-phoi", {"questions": [question], "answer_due": due}),
        "start_review": ("dieu-phoi", {"duplicates": DIFFERENT}),
        "approve": ("lanh-dao", {"reason": "Vấn đề rõ, đo được, có dữ liệu."}),
        "publish": ("dieu-phoi", {"closes_at": case.closes_at.isoformat(), "terms": "shared"}),
    }
    return steps[command]
