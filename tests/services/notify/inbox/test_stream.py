"""The live inbox: what comes is told, what was missed too, and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from services.notify.inbox.repository import ItemRepository
from services.notify.inbox.stream import WAITING_MAX, Change, Hub
from shared.messaging.transaction import transact
from shared.mongo import Database, Session
from shared.service import Service
from shared.web.session import SESSION_COOKIE
from tests.keys import Keys
from tests.services.notify.inbox.shelf import put
from tests.services.notify.samples import item
from tests.serving import serving
from tests.waiting import until

Told = dict[str, str]


class Ear:
    """An open stream, read event by event."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, limit_s: float = 15) -> Told:
        told: Told = {}
        async with asyncio.timeout(limit_s):
            async for line in self._lines:
                name, _, value = line.partition(":")
                if name:
                    told[name] = value.strip()
                elif told:
                    return told
        raise AssertionError("the stream ended")

    async def item(self) -> Told:
        """The next one that tells of an item."""
        while (told := await self.next()).get("event") != "inbox":
            pass
        return told


@pytest.fixture
async def hub(notify: Service) -> AsyncIterator[Hub]:
    hub: Hub = notify.http.state.hub
    task = asyncio.create_task(hub.run())

    async def runs() -> str:
        return hub.place

    await until(runs)
    yield hub
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def address(notify: Service, hub: Hub) -> AsyncIterator[str]:
    async with serving(notify.http) as address:
        yield address


@asynccontextmanager
async def listening(
    address: str, keys: Keys, person: str = "p1", *, last: str = "", after: str = ""
) -> AsyncIterator[Ear]:
    headers = {"last-event-id": last} if last else {}
    cookies = {SESSION_COOKIE: keys.token(person=person)}
    async with (
        httpx.AsyncClient(base_url=address, headers=headers, cookies=cookies, timeout=30) as web,
        web.stream("GET", "/notify/v1/inbox/stream", params={"after": after}) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Ear(answer.aiter_lines())


async def mark_read(store: Database, number: int) -> None:
    async def body(session: Session) -> None:
        await ItemRepository(store).mark("p1", item(number=number).id, read=True, session=session)

    await transact(store, body, 30)


async def test_a_new_item_is_told_at_once(store: Database, address: str, keys: Keys) -> None:
    async with listening(address, keys) as ear:
        assert (await ear.next())["event"] == "hello"
        await put(store, item())
        told = await ear.item()
    assert (told["data"], bool(told["id"])) == (item().id, True)


async def test_what_is_read_elsewhere_is_told_too(store: Database, address: str, keys: Keys) -> None:
    await put(store, item())
    async with listening(address, keys) as ear:
        await ear.next()
        await mark_read(store, 1)
        assert (await ear.item())["data"] == item().id


async def test_nobody_hears_of_anothers_items(store: Database, address: str, keys: Keys) -> None:
    async with listening(address, keys, "p2") as ear:
        await ear.next()
        await put(store, item("p1"), item("p2"))
        assert (await ear.item())["data"] == item("p2").id


async def test_what_was_missed_comes_first_in_order_and_once(store: Database, address: str, keys: Keys) -> None:
    async with listening(address, keys) as ear:
        await ear.next()
        await put(store, item(number=1))
        last = (await ear.item())["id"]
    for number in (2, 3):
        await put(store, item(number=number), item("p2", number))
    async with listening(address, keys, last=last) as ear:
        await ear.next()
        await put(store, item(number=4))
        heard = [(await ear.item())["data"] for _ in range(3)]
    assert heard == [item(number=number).id for number in (2, 3, 4)]


async def test_a_browser_that_lost_the_stream_before_any_item_resumes_from_the_greeting(
    store: Database, address: str, keys: Keys
) -> None:
    async with listening(address, keys) as ear:
        last = (await ear.next())["id"]
    await put(store, item())
    async with listening(address, keys, last=last) as ear:
        assert (await ear.item())["data"] == item().id


async def test_a_place_at_anothers_item_can_be_resumed(store: Database, address: str, keys: Keys, hub: Hub) -> None:
    before = hub.place
    await put(store, item("p2"))
    async with listening(address, keys, "p2", last=before) as ear:
        last = (await ear.item())["id"]
    await put(store, item("p1"))
    async with listening(address, keys, "p1", last=last) as ear:
        assert (await ear.item())["data"] == item("p1").id


async def test_what_comes_between_the_page_and_its_stream_is_told(
    store: Database, address: str, keys: Keys, hub: Hub
) -> None:
    async with httpx.AsyncClient(base_url=address, cookies={SESSION_COOKIE: keys.token(person="p1")}) as web:
        page = (await web.get("/hop-thu")).text
    after = page.split("stream?after=")[1].split('"')[0]
    await put(store, item())
    async with listening(address, keys, after=after) as ear:
        assert (await ear.item())["data"] == item().id


async def test_a_place_that_is_no_longer_known_says_fetch_the_list(
    store: Database, address: str, keys: Keys, hub: Hub
) -> None:
    async with listening(address, keys, last="00") as ear:
        told = await ear.item()
    assert told["data"] == ""


async def test_who_missed_too_much_is_told_to_fetch_the_list(
    store: Database, address: str, keys: Keys, hub: Hub
) -> None:
    last, here = hub.place, hub.changes("p1", "")
    told = asyncio.ensure_future(anext(here))
    await put(store, *(item(number=number) for number in range(WAITING_MAX + 1)))
    while (await told).item_id != item(number=WAITING_MAX).id:
        told = asyncio.ensure_future(anext(here))
    await here.aclose()
    async with listening(address, keys, last=last) as ear:
        assert (await ear.item())["data"] == ""


async def test_a_place_that_is_none_is_refused(address: str, keys: Keys) -> None:
    async with httpx.AsyncClient(base_url=address, cookies={SESSION_COOKIE: keys.token(person="p1")}) as web:
        assert (await web.get("/notify/v1/inbox/stream?after=xyz")).status_code == 422


async def test_a_slow_reader_loses_the_oldest_and_holds_up_nobody(store: Database, hub: Hub) -> None:
    slow = hub.changes("p1", "")
    waiting = asyncio.ensure_future(anext(slow))
    await put(store, item(number=0))
    assert (await waiting).item_id == item(number=0).id
    last = hub.place
    await put(store, *(item(number=number) for number in range(1, WAITING_MAX + 3)))
    await put(store, item("p2"))

    async def told_p2() -> bool:
        return hub.place > last

    other = hub.changes("p2", last)
    assert (await anext(other)).item_id == item("p2").id
    await until(told_p2)
    heard = [await anext(slow) for _ in range(WAITING_MAX)]
    assert heard[-1].item_id == item(number=WAITING_MAX + 2).id
    assert places(heard) == sorted(places(heard))
    await slow.aclose()
    await other.aclose()


def places(changes: list[Change]) -> list[str]:
    return [change.place for change in changes]


async def test_the_watcher_goes_on_where_it_was(store: Database) -> None:
    hub = Hub(store)
    task = asyncio.create_task(hub.run())

    async def runs() -> str:
        return hub.place

    await until(runs)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await put(store, item())
    changes = hub.changes("p1", "")
    waiting = asyncio.ensure_future(anext(changes))
    again = asyncio.create_task(hub.run())
    try:
        assert (await asyncio.wait_for(waiting, 15)).item_id == item().id
    finally:
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)
        await changes.aclose()


async def test_a_watcher_whose_place_is_gone_begins_anew(store: Database, hub: Hub) -> None:
    """A dropped collection ends its change stream for good."""
    changes = hub.changes("p1", "")
    waiting = asyncio.ensure_future(anext(changes))
    await store.items.drop()
    number = 0

    async def heard() -> bool:
        nonlocal number
        number += 1
        await put(store, item(number=number))
        return waiting.done()

    await until(heard)
    assert (await waiting).item_id
    await changes.aclose()
