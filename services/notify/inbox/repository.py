"""Inbox items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter
from pymongo import DESCENDING, UpdateOne

from services.notify.inbox.item import Item
from shared.mongo import Database, Document, Session
from shared.refusals import NotFound

ITEM: TypeAdapter[Item] = TypeAdapter(Item)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    next: str | None


class ItemRepository:
    """Every question of a door names the person: nobody reaches another's items."""

    def __init__(self, database: Database) -> None:
        self._items = database.items

    async def prepare(self) -> None:
        await self._items.create_index([("person_id", 1), ("read", 1), ("created_at", DESCENDING), ("_id", 1)])

    async def add(self, items: Iterable[Item], *, session: Session) -> None:
        """One that is there already stays as it is."""
        rows = [_document(item) for item in items]
        if rows:
            adding = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in rows]
            await self._items.bulk_write(adding, session=session)

    async def page(self, person_id: str, *, unread: bool = False, limit: int = PAGE, after: str = "") -> Page:
        """Unread ones first, then the newest. `after`: the id of the last item of the page before."""
        which: Document = {"person_id": person_id} | ({"read": False} if unread else {})
        if after:
            which = {"$and": [which, _beyond(await self._row(person_id, after))]}
        order = [("read", 1), ("created_at", DESCENDING), ("_id", 1)]
        rows = await self._items.find(which).sort(order).limit(limit + 1).to_list(None)
        return Page([_item(row) for row in rows[:limit]], rows[limit - 1]["_id"] if len(rows) > limit else None)

    async def unread(self, person_id: str) -> int:
        return await self._items.count_documents({"person_id": person_id, "read": False})

    async def get(self, person_id: str, item_id: str) -> Item:
        """Raises NotFound, for another's too."""
        return _item(await self._row(person_id, item_id))

    async def is_read(self, item_id: str) -> bool:
        """Asked before it is sent by another channel."""
        return await self._items.find_one({"_id": item_id, "read": True}) is not None

    async def mark(self, person_id: str, item_id: str, *, read: bool, session: Session) -> None:
        """Raises NotFound, for another's too."""
        which = {"_id": item_id, "person_id": person_id}
        done = await self._items.update_one(which, {"$set": _mark(read)}, session=session)
        if not done.matched_count:
            raise NotFound

    async def mark_all_read(self, person_id: str, *, session: Session) -> None:
        which = {"person_id": person_id, "read": False}
        await self._items.update_many(which, {"$set": _mark(True)}, session=session)

    async def _row(self, person_id: str, item_id: str) -> Document:
        found = await self._items.find_one({"_id": item_id, "person_id": person_id})
        if found is None:
            raise NotFound
        return found


def _mark(read: bool) -> Document:
    return {"read": read, "read_at": datetime.now(UTC) if read else None}


def _beyond(last: Document) -> Document:
    same = {"read": last["read"]}
    older = [
        {**same, "created_at": {"$lt": last["created_at"]}},
        {**same, "created_at": last["created_at"], "_id": {"$gt": last["_id"]}},
    ]
    return {"$or": older if last["read"] else [*older, {"read": True}]}


def _document(item: Item) -> Document:
    fields: Document = ITEM.dump_python(item)
    return {"_id": fields.pop("id"), **fields, "read": item.read_at is not None}


def _item(document: Document) -> Item:
    return ITEM.validate_python({"id": document["_id"], **document})
