"""The story: agencies post twelve cases, DOST reviews and publishes them, researchers hear of those that fit.

Each step looks at how things stand, so a story that was cut short goes on, and one that is finished is not told twice.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from deploy.demo.cases import Case, people, profiles, units
from deploy.demo.office import Office, StepFailed

COORDINATOR, LEADER, OPERATOR = "dieu-phoi", "lanh-dao", "van-hanh"
ANSWER_DAYS = timedelta(days=10)
STEPS_MAX = 20
Say = Callable[[str], None]
Problem = dict[str, Any]


def mail_of(person: str) -> str:
    return f"{person}@debai.example"


class Story:
    def __init__(self, office: Office, say: Say) -> None:
        self._office, self._say = office, say

    async def set_the_stage(self) -> None:
        """Units, contacts and profiles: saving them again changes nothing."""
        for unit in units():
            body = {k: v for k, v in unit.items() if k != "id"}
            await self._office.ask(OPERATOR, "PUT", f"/intake/v1/units/{unit['id']}", json=body)
        for person in people():
            body = {"mail": mail_of(person["id"]), "language": "vi"}
            await self._office.ask(person["id"], "PUT", "/notify/v1/contact", json=body)
        for profile in profiles():
            await self._save_profile(profile)

    async def _save_profile(self, profile: dict[str, Any]) -> None:
        person = profile["person"]
        known = await self._office.ask(person, "GET", "/matching/v1/profile")
        if known["version"] == 0:
            body = {"version": 0, **{k: v for k, v in profile.items() if k != "person"}}
            await self._office.ask(person, "PUT", "/matching/v1/profile", json=body)

    async def play(self, case: Case) -> Problem:
        """Takes one case as far as it goes."""
        problem = await self._find(case) or await self._post(case)
        for _ in range(STEPS_MAX):
            if problem["state"] == case.ends_at and not self._questions_wait(case, problem):
                return problem
            problem = await self._advance(case, problem)
            self._say(f"{case.number:>2}. {case.title} → {problem['state']}")
        raise StepFailed(f"case {case.number} does not get beyond {problem['state']}")

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

    def _questions_wait(self, case: Case, problem: Problem) -> bool:
        return bool(case.questions) and not problem.get("questions")

    async def _advance(self, case: Case, problem: Problem) -> Problem:
        signed = {"no_secrets": True, "no_personal_data": True}
        match problem["state"]:
            case "draft":
                return await self._take(case.approver, problem, "submit", **signed)
            case "submitted" if self._questions_wait(case, problem):
                return await self._ask_back(case, problem)
            case "submitted":
                return await self._take(COORDINATOR, problem, "start_review")
            case "returned":
                return await self._answer(case, problem)
            case "under_review":
                reason = "Vấn đề rõ, đo được, có dữ liệu; đồng ý đặt hàng giải pháp."
                return await self._take(LEADER, problem, "approve", reason=reason)
            case "approved":
                closing = {"closes_at": case.closes_at.isoformat(), "terms": "shared"}
                return await self._take(COORDINATOR, problem, "publish", **closing)
        raise StepFailed(f"case {case.number} is {problem['state']}: the story does not know how to go on")

    async def _take(self, person: str, problem: Problem, command: str, **given: Any) -> Problem:
        path = f"/intake/v1/problems/{problem['id']}/{command}"
        body = {"version": problem["version"], **given}
        key = {"Idempotency-Key": f"demo-{problem['id']}-{problem['version']}-{command}"}
        after: Problem = await self._office.ask(person, "POST", path, json=body, headers=key)
        return after

    async def _ask_back(self, case: Case, problem: Problem) -> Problem:
        asked = [{"field": question["field"], "text": question["text"]} for question in case.questions]
        due = (case.closes_at.date() + ANSWER_DAYS).isoformat()
        return await self._take(COORDINATOR, problem, "return", questions=asked, answer_due=due)

    async def _answer(self, case: Case, problem: Problem) -> Problem:
        if problem["record"]["title"] != case.title:
            body = {"version": problem["version"], "record": case.record}
            problem = await self._office.ask(case.drafter, "PUT", f"/intake/v1/problems/{problem['id']}", json=body)
        for question, planned in zip(problem["questions"], case.questions, strict=True):
            if not question["answer"]:
                given = {"question_id": question["id"], "answer": planned["answer"]}
                problem = await self._take(case.drafter, problem, "answer_clarification", **given)
        return await self._take(case.approver, problem, "resubmit", no_secrets=True, no_personal_data=True)
