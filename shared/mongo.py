"""The one seam to the driver. Motor's support ends on 2027-05-14; changing the driver is a change of this file."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pymongo
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]
Session = AsyncIOMotorClientSession

SELECTION_MS = 2000
"""A request learns within this time that no primary answers; the driver's 30 s would hold the door."""


def connect(url: str, *, app_name: str) -> Client:
    """Opens no connection by itself. Times come back in UTC, with their zone."""
    return AsyncIOMotorClient(url, appname=app_name, tz_aware=True, serverSelectionTimeoutMS=SELECTION_MS, w="majority")


class _Bound:
    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds

    def begin(self) -> None:
        self._timeout = pymongo.timeout(self._seconds)
        self._timeout.__enter__()

    def end(self) -> None:
        self._timeout.__exit__(None, None, None)


_BOUND: ContextVar[_Bound | None] = ContextVar("bound", default=None)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Bounds every database call made inside of it, retries and server selection included; None lifts the bound."""
    bound = _Bound(seconds)
    outer = _BOUND.set(bound)
    bound.begin()
    try:
        yield
    finally:
        bound.end()
        _BOUND.reset(outer)


@contextmanager
def uncounted() -> Iterator[None]:
    """Work that is not the database's, such as a long computation: the deadline around it begins anew afterwards. In the task
    that set the deadline."""
    bound = _BOUND.get()
    if bound:
        bound.end()
    try:
        yield
    finally:
        if bound:
            bound.begin()


def unreachable(error: PyMongoError) -> bool:
    """True when the database did not answer, or cannot store now: nothing is wrong with what was asked."""
    return isinstance(error, ConnectionFailure | NotPrimaryError | WTimeoutError) or error.timeout or _full(error)


def _full(error: PyMongoError) -> bool:
    """A bulk write hides what happened to it among its parts."""
    parts = error.details.get("writeErrors", []) if isinstance(error, BulkWriteError) else []
    codes = {error.code} if isinstance(error, OperationFailure) else set[int | None]()
    return not CANNOT_STORE.isdisjoint(codes | {part["code"] for part in parts})


CANNOT_STORE = frozenset({14031, 13, 91, 11600, 189})
"""OutOfDiskSpace, Unauthorized, ShutdownInProgress, InterruptedAtShutdown, PrimarySteppedDown (MongoDB's error_codes.yml)."""


async def ping(client: Client) -> dict[str, str]:
    """For /readyz: empty when the database answers."""
    try:
        with deadline(SELECTION_MS / 1000):
            await client.admin.command("ping")
    except PyMongoError as error:
        return {"mongodb": type(error).__name__}
    return {}
