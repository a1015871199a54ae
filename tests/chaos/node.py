"""A real process around the kernel, to be killed: `python -m tests.chaos.node relay|consumer|careless DATABASE PREFIX`.

`careless` is the control: a consumer that does not remember what it has seen.
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from typing import Any

from shared.events.envelope import Event
from shared.events.registry import registry
from shared.kafka import broker
from shared.messaging import sequences
from shared.messaging.inbox import Events
from shared.messaging.relay import Relay
from shared.messaging.subscription import consume, consumers
from shared.mongo import Database, Session, connect
from tests.shared.messaging.world import Posted, World


async def relay(database: Database, bootstrap: str, prefix: str) -> None:
    await Relay(database, bootstrap=bootstrap, prefix=prefix, lease_s=1).run()


async def consumer(database: Database, bootstrap: str, prefix: str, tells: bool = True) -> None:
    world = World(database, bootstrap, prefix)

    async def handler(events: Events, session: Session) -> Iterable[Event[Any]]:
        told = await world.effect(events, session)
        return told if tells else []

    connection = broker(bootstrap, client_id="chaos")
    inbox = consume(
        connection,
        database,
        topic="problem-events",
        group="test",
        prefix=prefix,
        registry=registry(Posted),
        handler=handler,
        workers=1,
        group_instance_id="chaos",  # a killed member comes back at once instead of after its session
    )
    await consumers(connection, inbox)


async def careless(database: Database, bootstrap: str, prefix: str) -> None:
    async def nothing(*_: object, **__: object) -> dict[str, int]:
        return {}

    sequences.load = nothing
    sequences.save = nothing  # type: ignore[assignment]  # the control breaks what it must
    await consumer(database, bootstrap, prefix, tells=False)


ROLES = {"relay": relay, "consumer": consumer, "careless": careless}


async def main(role: str, database: str, prefix: str) -> None:
    client = connect(os.environ["MONGO_URL"], app_name="chaos")
    await ROLES[role](client[database], os.environ["KAFKA_BOOTSTRAP"], prefix)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
