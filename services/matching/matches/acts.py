"""Saving a profile is this room's act too: it meets the open problems at once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request as HttpRequest

from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository
from services.matching.matches.telling import found_events
from services.matching.profiles.profile import Profile
from services.matching.profiles.repository import ProfileRepository
from shared.messaging.outbox import emit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.refusals import VersionMismatch


class Acts:
    def __init__(self, database: Database, matcher: Matcher) -> None:
        self._database, self._matcher = database, matcher
        self.profiles, self.matches = ProfileRepository(database), MatchRepository(database)

    async def save_profile(self, wanted: Profile, *, version: int) -> Profile:
        """Commits the profile first, then looks: see the follower's race rule. Raises VersionMismatch."""

        async def body(session: Session) -> Profile:
            known = await self.profiles.get(wanted.id, session=session)
            if known.version != version:
                raise VersionMismatch(current=known.version)
            saved = replace(wanted, version=version + 1, updated_at=datetime.now(UTC))
            await self.profiles.save(saved, session=session)
            return saved

        saved = await transact(self._database, body)
        await self._meet_open_problems(saved)
        return saved

    async def _meet_open_problems(self, profile: Profile) -> None:
        fits = self._matcher.for_profile(profile, await self.matches.open_problems())
        now = datetime.now(UTC)

        async def body(session: Session) -> None:
            new = await self.matches.add_new(fits, now=now, session=session)
            await emit(self._database, found_events(new, now=now), session=session)

        if fits:
            await transact(self._database, body)


async def _acts(request: HttpRequest) -> Acts:
    found: Acts = request.app.state.acts
    return found


Room = Annotated[Acts, Depends(_acts)]
"""What this room's doors ask for."""
