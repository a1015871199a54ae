"""Tells an open browser that something has come: server-sent events from one change stream a process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pymongo.errors import PyMongoError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from shared.messaging.outages import forever
from shared.mongo import Database, Document, deadline
from shared.web.session import Person

router = APIRouter()

FIRST_WORD = "0"
"""The id before any change: a browser that brings it has seen nothing."""
WAITING_MAX = 100
"""More than this unread by a slow browser: the oldest are left out; the list is fetched anew anyway."""


@dataclass(frozen=True, slots=True)
class Change:
    """`token`: the place in the change stream; later ones are greater as strings."""

    token: str
    item_id: str


class Hub:
    """Fans one change stream out to the people who listen."""

    def __init__(self, database: Database) -> None:
        self._items = database.items
        self._listeners: dict[str, set[asyncio.Queue[Change]]] = {}

    async def run(self) -> None:
        await forever("inbox stream", self._follow)

    async def _follow(self) -> float:
        with deadline(None):
            async with self._items.watch(_changes_of({"$exists": True}), full_document="updateLookup") as stream:
                async for change in stream:
                    self._tell(change)
        return 0

    def _tell(self, change: Mapping[str, Any]) -> None:
        document = change.get("fullDocument") or {}
        for queue in self._listeners.get(document.get("person_id", ""), ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(_change(change))

    async def changes(self, person_id: str, last: str) -> AsyncIterator[Change]:
        """What came after `last` (a token, or empty), then what comes."""
        queue: asyncio.Queue[Change] = asyncio.Queue(WAITING_MAX)
        listeners = self._listeners.setdefault(person_id, set())
        listeners.add(queue)
        try:
            async for missed in self._missed(person_id, last):
                last = missed.token
                yield missed
            while True:
                change = await queue.get()
                if change.token > last:
                    yield change
        finally:
            listeners.discard(queue)

    async def _missed(self, person_id: str, last: str) -> AsyncIterator[Change]:
        """Nothing when the token is none of ours or too old: the browser fetches the list at its start anyway."""
        if last in ("", FIRST_WORD):
            return
        try:
            pipeline = _changes_of(person_id)
            async with self._items.watch(
                pipeline, resume_after={"_data": last}, full_document="updateLookup"
            ) as stream:
                while (change := await stream.try_next()) is not None:
                    yield _change(change)
        except PyMongoError as error:
            if error.timeout:
                raise


def _changes_of(person: object) -> list[Document]:
    return [{"$match": {"operationType": {"$in": ["insert", "update"]}, "fullDocument.person_id": person}}]


def _change(change: Mapping[str, Any]) -> Change:
    return Change(change["_id"]["_data"], change["documentKey"]["_id"])


@router.get("/notify/v1/inbox/stream", response_class=EventSourceResponse)
async def listen(request: Request, actor: Person) -> EventSourceResponse:
    """An event `inbox` for each item of yours that comes or changes; `data` is its id. `Last-Event-ID` resumes."""
    hub: Hub = request.app.state.hub
    last = request.headers.get("last-event-id", "")
    return EventSourceResponse(_events(hub, actor.person_id, last), ping=15)


async def _events(hub: Hub, person_id: str, last: str) -> AsyncIterator[ServerSentEvent]:
    with deadline(None):
        yield ServerSentEvent(event="hello", data="")
        async for change in hub.changes(person_id, last):
            yield ServerSentEvent(event="inbox", id=change.token, data=change.item_id)
