"""kill -9 at every failpoint, in every service that passes it: nothing lost, nothing doubled. `CHAOS_HITS` deaths at each (3 in
CI, 20 in `make chaos`), `CHAOS_SEED` for another run of chance."""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from deploy.demo.story import Story
from deploy.embedded.engines import Engines
from deploy.embedded.system import SERVICES
from services.matching.matches.event_handlers import REGISTRY as MATCHING_REGISTRY
from services.notify.inbox.telling import MATCH_REGISTRY, PROBLEM_REGISTRY
from tests.chaos.counting import EFFECTS
from tests.chaos.lives import Lives
from tests.e2e.desk import Desk
from tests.e2e.stage import Stage, staged, todays_cases
from tests.waiting import until

HITS = int(os.environ.get("CHAOS_HITS", "3"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
LIMIT_S = 120 + 20 * HITS
LOOK_S = 0.25
pytestmark = [pytest.mark.chaos, pytest.mark.mongo, pytest.mark.kafka, pytest.mark.timeout(LIMIT_S + 60 * HITS)]

PASSES = (
    ("intake", "intake.committed_not_acked"),
    ("intake", "relay.sent_not_marked"),
    ("matching", "consumer.before_tx"),
    ("matching", "consumer.done_not_committed"),
    ("matching", "relay.sent_not_marked"),
    ("notify", "consumer.before_tx"),
    ("notify", "consumer.done_not_committed"),
    ("notify", "relay.sent_not_marked"),
    ("notify", "mail.accepted_not_recorded"),
)
GROUPS = {
    ("matching", "matching"): ("intake", MATCHING_REGISTRY),
    ("notify", "notify-problems"): ("intake", PROBLEM_REGISTRY),
    ("notify", "notify-matches"): ("matching", MATCH_REGISTRY),
}
"""(service, consumer group) → whose events it takes in, and which types of them."""


@dataclass(frozen=True, slots=True)
class House:
    """A system whose inboxes count, its desk, and the lives of its services."""

    stage: Stage
    desk: Desk
    lives: Mapping[str, Lives]
    deaths: Counter[str] = field(default_factory=Counter)

    async def kill(self, service: str, failpoint: str, *, hits: int) -> None:
        lives = self.lives[service]
        await lives.die_at(failpoint, hits=hits, feed=self._feed, after=self._expire_leases)
        await lives.live_on()
        await self._expire_leases()
        self.deaths[failpoint] += lives.hits

    async def _feed(self) -> None:
        """One problem more when the last one has come through: batches stay small, and a death comes in the midst of them."""
        await self.desk.publish()
        await until(self.desk.all_told_once, LIMIT_S, every_s=LOOK_S)

    async def _expire_leases(self) -> None:
        """What the dead held: lanes and claimed mails. Instead of waiting for the time to pass."""
        now = datetime.now(UTC)
        for service in SERVICES:
            await self.stage.database(service).lanes.update_many({}, {"$set": {"until": now}})
        await self.stage.database("notify").deliveries.update_many({"state": "claimed"}, {"$set": {"due": now}})

    async def effects(self, service: str, group: str) -> Counter[str]:
        """Event id → how often it took effect in this group."""
        rows = await self.stage.rows(service, EFFECTS, _id={"$regex": f"^{group}\\|"})
        return Counter({row["_id"].partition("|")[2]: row["n"] for row in rows})

    async def awaited(self, service: str, group: str) -> set[str]:
        producer, registry = GROUPS[service, group]
        rows = await self.stage.rows(producer, "events", topic={"$ne": None}, type={"$in": list(registry)})
        return {row["_id"] for row in rows}

    async def nothing_is_lost(self) -> bool:
        for service, group in GROUPS:
            if await self.awaited(service, group) - set(await self.effects(service, group)):
                return False
        return await self.desk.all_told_once() and await self.stage.quiet()

    async def doubled(self) -> dict[str, int]:
        found = [await self.effects(service, group) for service, group in GROUPS]
        return {event: n for counted in found for event, n in counted.items() if n != 1}

    async def close(self) -> None:
        for lives in self.lives.values():
            await lives.stop()
        await self.desk.close()


async def _house(stage: Stage) -> House:
    await Story(stage.office, stage.said.append).set_the_stage()
    chance = random.Random(SEED)
    lives = {name: Lives(stage.system.running[f"{name}-1"], chance) for name in SERVICES}
    return House(stage, Desk(stage.system.public_url, todays_cases()[6], patience_s=LIMIT_S), lives)


def _counting(memory: str) -> dict[str, dict[str, str]]:
    entry = {"MODULE": "tests.chaos.counting", "MEMORY": memory}
    return {name: {**entry, "SERVICE": name} for name in ("matching", "notify")}


@pytest.fixture(scope="module")
async def house(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with staged(tmp_path_factory.mktemp("chaos"), engines, env=_counting("inbox")) as stage:
        house = await _house(stage)
        yield house
        await house.close()


@pytest.mark.parametrize(("service", "failpoint"), PASSES)
async def test_dying_at_a_failpoint_loses_and_doubles_nothing(house: House, service: str, failpoint: str) -> None:
    await house.kill(service, failpoint, hits=HITS)
    await until(house.nothing_is_lost, LIMIT_S, every_s=LOOK_S)
    assert await house.doubled() == {}
    assert [await house.stage.rows(name, "quarantine") for name in SERVICES] == [[], [], []]


async def test_after_all_deaths_each_item_lies_once_and_each_command_was_done_once(house: House) -> None:
    items = await house.stage.rows("notify", "items")
    told = Counter((row["person_id"], row["about"], row["facts"]["problem_id"]) for row in items)
    assert set(told.values()) == {1}
    problems = {row["_id"]: row["version"] for row in await house.stage.rows("intake", "problems")}
    assert {problems[problem] for problem in house.desk.published} == {5}
    titles = Counter(row["record"]["title"] for row in await house.stage.rows("intake", "problems"))
    assert set(titles.values()) == {1}


async def test_mails_are_repeated_under_the_same_message_id_alone_and_each_repetition_is_counted(house: House) -> None:
    mails = await house.stage.mails()
    deliveries = await house.stage.rows("notify", "deliveries")
    assert {row["state"] for row in deliveries} == {"sent"}
    assert len(mails) == len(deliveries)
    in_doubt = {row["item_id"]: row["in_doubt"] for row in deliveries}
    repeated = {item: n - 1 for item, n in mails.items() if n > 1}
    assert all(n <= in_doubt[item] for item, n in repeated.items())
    assert sum(repeated.values()) >= house.deaths["mail.accepted_not_recorded"]


async def test_without_an_inbox_that_remembers_the_same_deaths_double_effects(
    engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The control: it shows that the tests above can fail."""
    async with staged(tmp_path_factory.mktemp("control"), engines, env=_counting("none")) as stage:
        house = await _house(stage)
        await house.kill("notify", "consumer.done_not_committed", hits=3)
        await until(house.nothing_is_lost, LIMIT_S, every_s=LOOK_S)
        doubled = await house.doubled()
        await house.close()
    assert doubled
    assert all(n > 1 for n in doubled.values())
