"""Looks after profiles whose door could not look: it died between its two commits, or the database went away."""

from datetime import UTC, datetime, timedelta

from services.matching.matches.acts import Acts
from shared.messaging.outages import forever

LOOK_S = 5.0
LEFT_ALONE = timedelta(seconds=10)
"""Longer than a door takes. Looking twice is harmless, only idle."""


class Meetings:
    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def run(self) -> None:
        await forever("meetings", self._look)

    async def _look(self) -> float:
        await self.make_up(datetime.now(UTC) - LEFT_ALONE)
        return LOOK_S

    async def make_up(self, before: datetime) -> None:
        for profile in await self._acts.profiles.unmet(before=before):
            await self._acts.meet(profile)
