"""A service whose inbox also counts, in the batch's own transaction, how often each event took effect: what a service does with
an event is idempotent by its ids, so that a double would not show by itself. `INBOX=forgetful` is the control: it forgets what it
has seen. `SERVICE=notify python -m tests.chaos.counting`."""

import importlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from unittest.mock import patch

from pymongo import UpdateOne

from shared import service
from shared.events.envelope import Event
from shared.events.registry import Registry
from shared.messaging import subscription
from shared.messaging.inbox import After, Events, Handler, Inbox, Prepare
from shared.messaging.wire import Received
from shared.mongo import Database, Session

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


class ForgetfulInbox(CountingInbox):
    async def _fresh(self, part: Sequence[Received], session: Session) -> tuple[list[Received], Counter[str]]:
        return list(part), Counter()


INBOXES = {"counting": CountingInbox, "forgetful": ForgetfulInbox}

if __name__ == "__main__":
    with patch.object(subscription, "Inbox", INBOXES[os.environ.get("INBOX", "counting")]):
        module = importlib.import_module(f"services.{os.environ['SERVICE']}.main")
        service.main(module.make_app, module.Settings)
