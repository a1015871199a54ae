"""Saving a profile is this room's act too: it meets the open problems at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import structlog

from services.matching.matches.match import Match
from services.matching.matches.matcher import Matcher
from services.matching.matches.repository import MatchRepository
from services.matching.matches.telling import found_events
from services.matching.profiles.profile import Profile
from services.matching.profiles.repository import ProfileRepository
from shared.messaging.outages import transient
from shared.messaging.outbox import emit
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.refusals import VersionMismatch
from shared.web.application import built

log = structlog.get_logger()
Change = Callable[[Profile], Profile]


class Acts:
    def __init__(self, database: Database, matcher: Matcher) -> None:
        self._database, self._matcher = database, matcher
        self.profiles, self.matches = ProfileRepository(database), MatchRepository(database)

    async def prepare(self) -> None:
        await self.profiles.prepare()
        await self.matches.prepare()

    async def change_profile(self, person_id: str, change: Change, *, version: int) -> Profile:
        """Commits the profile first, then looks: see the follower's race rule. What was asked before is answered as then.
        Raises VersionMismatch, and what `change` raises."""
        saved = await self._save(person_id, change, version)
        try:
            await self.meet(saved)
        except Exception as error:
            if not transient(error):
                raise
            log.warning("meeting_put_off", error=type(error).__name__)  # the profile is stored; a timer does the rest
        return saved

    async def _save(self, person_id: str, change: Change, version: int) -> Profile:
        now = _now()

        async def body(session: Session) -> Profile:
            known = await self.profiles.get(person_id, session=session)
            if known.version == version + 1 and known.says_the_same(change(known)):
                return known
            if known.version != version:
                raise VersionMismatch(current=known.version)
            saved = replace(change(known), version=version + 1, updated_at=now)
            await self.profiles.save(saved, session=session)
            return saved

        return await transact(self._database, body)

    async def meet(self, profile: Profile) -> None:
        """Looks at the open problems for a profile that is committed; afterwards it is no longer `unmet`."""
        now = _now()
        fits = self._matcher.for_profile(profile, await self.matches.open_problems(now))

        async def body(session: Session) -> None:
            await self._tell(fits, now, session)
            await self.profiles.mark_met(profile, session=session)

        await transact(self._database, body)

    async def _tell(self, fits: list[Match], now: datetime, session: Session) -> None:
        new = await self.matches.add_new(fits, now=now, session=session)
        await emit(self._database, found_events(new, now=now), session=session)


def _now() -> datetime:
    """As MongoDB keeps it: what is answered now is what is read later."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


Room = Annotated[Acts, built("acts")]
"""What this room's doors ask for."""
