"""Inbox items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter
from pymongo import DESCENDING

from services.notify.inbox.item import Item
from shared.mongo import Database, Document, Session

ITEM: TypeAdapter[Item] = TypeAdapter(Item)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    next: str | None


class ItemRepository:
    """Every call names the person: nobody reaches another's items."""

    def __init__(self, database: Database) -> None:
        self._items = database.items

    async def prepare(self) -> None:
        await self._items.create_index([("person_id", 1), ("read", 1), ("created_at", DESCENDING), ("_id", 1)])

    async def add(self, items: Iterable[Item], *, session: Session) -> None:
        rows = [_document(item) for item in items]
        if rows:
            await self._items.insert_many(rows, session=session)

    async def page(self, person_id: str, *, unread: bool = False, limit: int = PAGE, after: str = "") -> Page:
        """Unread ones first, then the newest. `after`: the id of the last item of the page before."""
        which: Document = {"person_id": person_id} | ({"read": False} if unread else {})
        if after and (last := await self._items.find_one({"_id": after, "person_id": person_id})):
            which = {"$and": [which, _beyond(last)]}
        order = [("read", 1), ("created_at", DESCENDING), ("_id", 1)]
        rows = await self._items.find(which).sort(order).limit(limit + 1).to_list(None)
        return Page([_item(row) for row in rows[:limit]], rows[limit - 1]["_id"] if len(rows) > limit else None)

    async def unread(self, person_id: str) -> int:
        return await self._items.count_documents({"person_id": person_id, "read": False})

    async def get(self, person_id: str, item: str, *, session: Session | None = None) -> Item | None:
        found = await self._items.find_one({"_id": item, "person_id": person_id}, session=session)
        return _item(found) if found else None

    async def mark(self, person_id: str, items: Iterable[str] | None, *, read: bool, session: Session) -> None:
        """None: all of the person's."""
        which: Document = {"person_id": person_id, "read": not read}
        if items is not None:
            which["_id"] = {"$in": list(items)}
        change = {"read": read, "read_at": datetime.now(UTC) if read else None}
        await self._items.update_many(which, {"$set": change}, session=session)


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
