"""Tells an open browser that something has come: server-sent events from one change stream a process."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pymongo.errors import OperationFailure
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from shared.messaging.health import well
from shared.messaging.outages import forever
from shared.mongo import Database, deadline, unreachable
from shared.web.application import api_router
from shared.web.session import Person

router = api_router("notify")

WAITING_MAX = 100
"""More than this unread by a slow browser, or missed by an absent one: it is told to fetch the list."""
REPLAY_S = 10
CHANGES = [{"$match": {"operationType": {"$in": ["insert", "update"]}, "fullDocument.person_id": {"$exists": True}}}]
"""Everyone's: a stream can go on from a place only if it holds the change of that place itself."""
PING_S = 15
TOKEN = r"^([0-9A-Fa-f]{1,400})?$"  # noqa: S105  # a place in a change stream, no secret


@dataclass(frozen=True, slots=True)
class Change:
    """`place` in the change stream: later ones are greater as strings. `item_id` empty: which is not known."""

    place: str
    item_id: str


class Hub:
    """Fans one change stream out to the people who listen. `place`: what it has told of; empty until it runs."""

    def __init__(self, database: Database) -> None:
        self._items = database.items
        self._listeners: dict[str, set[asyncio.Queue[Change]]] = {}
        self._reached = ""
        self._stream: Any = None

    @property
    def place(self) -> str:
        """Moves on while nothing happens, too."""
        token = self._stream.resume_token if self._stream else None
        return token["_data"] if token else self._reached

    async def run(self) -> None:
        await forever("inbox stream", self._follow)

    async def _follow(self) -> float:
        """Goes on where it was after an outage."""
        try:
            await self._tell_all()
        except OperationFailure as error:
            if unreachable(error) or not self._reached:
                raise
            self._reached = ""  # no longer in the oplog
        return 0

    async def _tell_all(self) -> None:
        async with self._items.watch(CHANGES, **_from(self._reached)) as stream:
            self._stream = stream
            well("inbox stream")
            try:
                async for change in stream:
                    self._tell(change)
            finally:
                self._reached, self._stream = self.place, None

    def _tell(self, change: Mapping[str, Any]) -> None:
        for queue in self._listeners.get(change["fullDocument"]["person_id"], ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(_change(change))

    async def changes(self, person_id: str, last: str) -> AsyncGenerator[Change, None]:
        """What came after `last` (a place, or empty), then what comes."""
        queue: asyncio.Queue[Change] = asyncio.Queue(WAITING_MAX)
        listeners = self._listeners.setdefault(person_id, set())
        listeners.add(queue)
        try:
            for missed in await self._missed(person_id, last):
                last = missed.place
                yield missed
            while True:
                change = await queue.get()
                if change.place > last:
                    yield change
        finally:
            listeners.discard(queue)
            if not listeners:
                self._listeners.pop(person_id, None)

    async def _missed(self, person_id: str, last: str) -> list[Change]:
        now = self.place
        if not last or not now or last >= now:
            return []
        try:
            return await self._between(person_id, last, now)
        except OperationFailure:
            return [Change(now, "")]

    async def _between(self, person_id: str, last: str, now: str) -> list[Change]:
        found: list[Change] = []
        with deadline(REPLAY_S):
            async with self._items.watch(CHANGES, max_await_time_ms=100, **_from(last)) as stream:
                while len(found) < WAITING_MAX:
                    change = await stream.try_next()
                    if change and change["fullDocument"]["person_id"] == person_id:
                        found.append(_change(change))
                    if stream.resume_token["_data"] >= now:
                        return found
        return [Change(now, "")]


def _from(place: str) -> dict[str, Any]:
    resume = {"resume_after": {"_data": place}} if place else {}
    return {"full_document": "updateLookup", **resume}


def _change(change: Mapping[str, Any]) -> Change:
    return Change(change["_id"]["_data"], change["documentKey"]["_id"])


@router.get("/inbox/stream", response_class=EventSourceResponse)
async def listen(
    request: Request, actor: Person, after: Annotated[str, Query(pattern=TOKEN)] = ""
) -> EventSourceResponse:
    """An event `inbox` for each item of yours that comes or changes; `data` is its id, or empty: fetch the list.

    `Last-Event-ID`, or `after` at first, resumes: what was missed comes first.
    """
    hub: Hub = request.app.state.hub
    last = request.headers.get("last-event-id", "") or after
    return EventSourceResponse(_events(hub, actor.person_id, last), ping=PING_S)


async def _events(hub: Hub, person_id: str, last: str) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(event="hello", id=last or hub.place, data="")
    async with aclosing(hub.changes(person_id, last)) as changes:
        async for change in changes:
            yield ServerSentEvent(event="inbox", id=change.place, data=change.item_id)
