"""The story: agencies post twelve cases, DOST reviews and publishes them, researchers hear of those that fit.

Each step looks at how things stand, so a story that was cut short goes on, and one that is finished is not told twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.demo.cases import Case, people, profiles, units
from deploy.demo.office import Office, StepFailed

COORDINATOR, LEADER, OPERATOR = "dieu-phoi", "lanh-dao", "van-hanh"
APPROVAL = "Vấn đề rõ, đo được, có dữ liệu; đồng ý đặt hàng giải pháp."
ANSWER_DAYS = timedelta(days=10)
STEPS_MAX = 20
SIGNED = {"no_secrets": True, "no_personal_data": True}
DIFFERENT: dict[str, Any] = {"likeness": "different", "shown": []}
Say = Callable[[str], None]
Problem = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A case and how it stands. `trail`: its states, in the order in which it came to them."""

    case: Case
    problem: Problem
    trail: tuple[str, ...]

    @property
    def finished(self) -> bool:
        """What people do with a problem after the story is theirs: it may have gone further since."""
        return self.case.ends_at in self.trail and (not self.case.questions or "returned" in self.trail)


class Story:
    def __init__(self, office: Office, say: Say) -> None:
        self._office, self._say = office, say

    async def set_the_stage(self) -> None:
        """What is there already stays as people left it."""
        self._say(f"Đơn vị: {len(units())} / agency units")
        for unit in units():
            body = {name: value for name, value in unit.items() if name != "id"}
            await self._office.ask(OPERATOR, "PUT", f"/intake/v1/units/{unit['id']}", json=body)
        self._say(f"Người dùng và nơi nhận tin: {len(people())} / people and their contacts")
        for person in people():
            await self._save_contact(person["id"])
        self._say(f"Hồ sơ chuyên môn: {len(profiles())} / researchers' profiles")
        for profile in profiles():
            await self._save_profile(profile)

    async def _save_contact(self, person: str) -> None:
        known = await self._office.ask(person, "GET", "/notify/v1/contact")
        if not known["roles"]:
            body = {"mail": f"{person}@debai.example", "language": "vi"}
            await self._office.ask(person, "PUT", "/notify/v1/contact", json=body)

    async def _save_profile(self, profile: dict[str, Any]) -> None:
        person = profile["person"]
        known = await self._office.ask(person, "GET", "/matching/v1/profile")
        if known["version"] == 0:
            body = {"version": 0, **{name: value for name, value in profile.items() if name != "person"}}
            await self._office.ask(person, "PUT", "/matching/v1/profile", json=body)

    async def play(self, case: Case) -> Told:
        """Takes one case as far as it goes. Raises StepFailed."""
        problem = await self._find(case) or await self._post(case)
        for _ in range(STEPS_MAX):
            told = Told(case, problem, await self._trail(case, problem))
            if told.finished:
                return told
            problem = await self._advance(told)
        raise StepFailed(f"đề bài {case.number} không qua được / does not get beyond «{problem['state']}»")

    async def _find(self, case: Case) -> Problem | None:
        query = {"unit": case.unit, "limit": 100}
        page = await self._office.ask(case.drafter, "GET", "/intake/v1/problems", params=query)
        titles = {case.title, case.first_record["title"]}
        return next((problem for problem in page["items"] if problem["record"]["title"] in titles), None)

    async def _post(self, case: Case) -> Problem:
        key = {"Idempotency-Key": f"demo-{case.number}"}
        created: Problem = await self._office.ask(
            case.drafter, "POST", "/intake/v1/problems", json=case.first_record, headers=key
        )
        return created

    async def _trail(self, case: Case, problem: Problem) -> tuple[str, ...]:
        steps = await self._office.ask(case.drafter, "GET", f"/intake/v1/problems/{problem['id']}/history")
        states = [step["data"]["to_state"] for step in steps]
        return tuple(state for n, state in enumerate(states) if n == 0 or state != states[n - 1])

    async def _advance(self, told: Told) -> Problem:
        case, problem = told.case, told.problem
        match problem["state"]:
            case "draft":
                return await self._take(case.approver, problem, "submit", **SIGNED, override=case.override)
            case "submitted" if case.questions and "returned" not in told.trail:
                return await self._ask_back(case, problem)
            case "submitted":
                return await self._review(problem)
            case "returned":
                return await self._answer(case, problem)
            case "under_review":
                return await self._take(LEADER, problem, "approve", reason=APPROVAL)
            case "approved":
                closing = {"closes_at": case.closes_at.isoformat(), "terms": "shared"}
                return await self._take(COORDINATOR, problem, "publish", **closing)
        raise StepFailed(f"đề bài {case.number} đang «{problem['state']}»: không kể tiếp được / the story cannot go on")

    async def _take(self, person: str, problem: Problem, command: str, **given: Any) -> Problem:
        path = f"/intake/v1/problems/{problem['id']}/{command}"
        body = {"version": problem["version"], **given}
        key = {"Idempotency-Key": f"demo-{problem['id']}-{problem['version']}-{command}"}
        after: Problem = await self._office.ask(person, "POST", path, json=body, headers=key)
        return after

    async def _review(self, problem: Problem) -> Problem:
        """The cases are twelve different problems; the coordinator looks all the same."""
        alike = await self._office.ask(COORDINATOR, "GET", f"/intake/v1/problems/{problem['id']}/alike")
        decision = {**DIFFERENT, "shown": [one["id"] for one in alike]}
        return await self._take(COORDINATOR, problem, "start_review", duplicates=decision)

    async def _ask_back(self, case: Case, problem: Problem) -> Problem:
        asked = [{"field": question["field"], "text": question["text"]} for question in case.questions]
        due = (case.closes_at.date() + ANSWER_DAYS).isoformat()
        return await self._take(COORDINATOR, problem, "return", questions=asked, answer_due=due)

    async def _answer(self, case: Case, problem: Problem) -> Problem:
        """Rewrites what was asked about, answers each question, sends again."""
        if problem["record"]["title"] != case.title:
            body = {"version": problem["version"], "record": case.record}
            problem = await self._office.ask(case.drafter, "PUT", f"/intake/v1/problems/{problem['id']}", json=body)
        answers = {question["text"]: question["answer"] for question in case.questions}
        for question in problem["questions"]:
            if not question["answer"] and question["text"] in answers:
                given = {"question_id": question["id"], "answer": answers[question["text"]]}
                problem = await self._take(case.drafter, problem, "answer_clarification", **given)
        return await self._take(case.approver, problem, "resubmit", **SIGNED)
