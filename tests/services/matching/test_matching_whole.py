"""From the problem's topic to the match's, by two replicas at once."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from services.matching.main import make_app
from services.matching.settings import Settings
from shared.events.envelope import Event
from shared.messaging.wire import headers, pack
from shared.mongo import Database
from shared.service import Service
from tests.services.matching.samples import EXPERTS, HOSPITAL, MARKET, SCHOOL, pilot_started, published
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]
TITLES = (MARKET, HOSPITAL, SCHOOL)


async def publish(bootstrap: str, topic: str, events: Iterable[Event[Any]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    for event in events:
        packed = pack(event, "")
        await producer.send_and_wait(topic, packed["value"], key=event.subject.encode(), headers=headers(packed))
    await producer.stop()


@asynccontextmanager
async def running(*replicas: Service) -> AsyncIterator[None]:
    jobs: list[Any] = [job for one in replicas for job in (*one.background, *one.work["relay"], *one.work["events"])]
    tasks = [asyncio.ensure_future(job()) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.timeout(90)
async def test_two_replicas_match_each_problem_once_though_it_is_told_twice(
    settings: Settings, topic_prefix: str, kafka_bootstrap: str
) -> None:
    chosen = settings.model_copy(update={"topic_prefix": topic_prefix})
    replicas = [make_app(chosen), make_app(chosen)]
    await replicas[0].prepare()
    store: Database = replicas[0].http.state.database
    for person, statement in EXPERTS.items():
        await store.profiles.insert_one({"_id": person, "version": 1, "statement": statement, "updated_at": None})
    twice = [published(title, number=number) for _ in range(2) for number, title in enumerate(TITLES * 4, 1)]
    async with running(*replicas):
        await publish(kafka_bootstrap, f"{topic_prefix}problem-events", twice)

        async def all_applied() -> bool:
            return await store.inbox.count_documents({"n": 9}) == 12 and await store.outbox.find_one() is None

        await until(all_applied, 60)
    found = [match async for match in store.matches.find()]
    right = {MARKET: "cho", HOSPITAL: "y-te", SCHOOL: "truong"}
    titles = {p["_id"]: p["title"] async for p in store.open_problems.find()}
    assert {(titles[m["problem_id"]], m["researcher_id"]) for m in found} >= set(right.items())
    assert await store.events.count_documents({}) == len(found)
    traces = {event["traceparent"][:4] async for event in store.events.find()}
    assert traces == {"00-0"}
    await store.client.drop_database(store.name)
    for replica in replicas:
        replica.client.close()


@pytest.mark.timeout(90)
async def test_a_pilot_that_is_told_on_the_topic_ends_the_offer(
    settings: Settings, topic_prefix: str, kafka_bootstrap: str
) -> None:
    replica = make_app(settings.model_copy(update={"topic_prefix": topic_prefix}))
    await replica.prepare()
    store: Database = replica.http.state.database

    async def ended() -> bool:
        return await store.open_problems.find_one({"open": False, "state": "piloting", "title": MARKET}) is not None

    async with running(replica):
        await publish(kafka_bootstrap, f"{topic_prefix}problem-events", [published(MARKET), pilot_started()])
        await until(ended, 60)
    await store.client.drop_database(store.name)
    replica.client.close()
