"""A service whose inboxes also count, in the batch's own transaction, how often each event took effect: what a service does with
an event is idempotent by its ids, so that a double would not show by itself. `MEMORY=none` is the control: its inboxes forget
what they have seen. `SERVICE=notify python -m tests.chaos.counting`."""

import importlib
import os
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any
from unittest.mock import AsyncMock, patch

from pymongo import UpdateOne

from shared import service
from shared.events.envelope import Event
from shared.events.registry import Registry
from shared.messaging import sequences, subscription
from shared.messaging.inbox import After, Events, Handler, Inbox, Prepare
from shared.mongo import Database, Session

AT_ONCE: dict[str, Any] = {"workers": 1, "group_instance_id": "chaos"}
"""A killed member comes back at once, instead of after its session has run out."""
EFFECTS = "effects"
"""The collection: `group|event id` → n."""


class CountingInbox(Inbox):
    def __init__(
        self,
        database: Database,
        *,
        group: str,
        registry: Registry,
        handler: Handler,
        prepare: Prepare | None = None,
        after: After | None = None,
    ) -> None:
        async def counted(events: Events, session: Session) -> Iterable[Event[Any]]:
            steps = [UpdateOne({"_id": f"{group}|{e.id}"}, {"$inc": {"n": 1}}, upsert=True) for e in events]
            await database[EFFECTS].bulk_write(steps, session=session)
            return await handler(events, session)

        super().__init__(database, group=group, registry=registry, handler=counted, prepare=prepare, after=after)


if __name__ == "__main__":
    with ExitStack() as changed:
        changed.enter_context(patch.object(subscription, "Inbox", CountingInbox))
        changed.enter_context(patch.object(subscription, "consume", partial(subscription.consume, **AT_ONCE)))
        if os.environ.get("MEMORY") == "none":
            changed.enter_context(patch.object(sequences, "load", AsyncMock(return_value={})))
            changed.enter_context(patch.object(sequences, "save", AsyncMock()))
        module = importlib.import_module(f"services.{os.environ['SERVICE']}.main")
        service.main(module.make_app, module.Settings)
