"""The people of the demo at their desks: each signs in and uses the public API, through the gateway."""

from typing import Any

import httpx


class StepFailed(Exception):
    """The API refused what the story needs."""


class Office:
    def __init__(self, public_url: str) -> None:
        self._client = httpx.AsyncClient(base_url=public_url, trust_env=False, timeout=15)
        self._tokens: dict[str, str] = {}

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, person: str, method: str, path: str, **given: Any) -> Any:
        """The answer's JSON. `person` empty: anonymous. Raises StepFailed."""
        answer = await self.raw(person, method, path, **given)
        if answer.is_error:
            raise StepFailed(f"{person or 'anonymous'} {method} {path}: {answer.status_code} {answer.text[:600]}")
        return answer.json() if answer.content else None

    async def raw(self, person: str, method: str, path: str, **given: Any) -> httpx.Response:
        headers = given.pop("headers", {})
        if person:
            headers["authorization"] = f"Bearer {await self.token(person)}"
        return await self._client.request(method, path, headers=headers, **given)

    async def token(self, person: str) -> str:
        if person not in self._tokens:
            answer = await self._client.post("/intake/v1/sessions", json={"person_id": person})
            if answer.is_error:
                raise StepFailed(f"sign in as {person}: {answer.status_code} {answer.text[:300]}")
            self._tokens[person] = answer.json()["token"]
        return self._tokens[person]
