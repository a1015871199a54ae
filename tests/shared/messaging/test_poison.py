"""What cannot be read blocks nothing and is kept; too much of it stops the consumer."""

from typing import Any

import pytest

from shared.messaging.health import TROUBLES
from shared.messaging.inbox import STREAK
from tests.shared.messaging.world import World
from tests.waiting import until

pytestmark = [pytest.mark.mongo, pytest.mark.kafka]


POISON: dict[str, dict[str, Any]] = {
    "null header": {"ce_source": None},
    "header not text": {"ce_subject": b"\xff\xfe"},
    "no type": {"ce_type": ...},
    "no subject": {"ce_subject": ""},
    "sequence abc": {"ce_sequence": "abc"},
    "sequence -1": {"ce_sequence": "-1"},
    "sequence 0": {"ce_sequence": "0"},
    "sequence 10^30": {"ce_sequence": "1" + "0" * 30},
    "time": {"ce_time": "yesterday"},
    "no zone": {"ce_time": "2026-11-23T09:00:00"},
    "bad json": {"value": b'{"bad'},
    "tombstone": {"value": None},
    "schema": {"value": b'{"n":"x"}'},
    "random bytes": {"value": bytes(range(256)) * 3},
    "deep json": {"value": b"[" * 2000},
    "newer version": {"ce_type": "vn.debai.test.posted.v2"},
}


async def test_poison_never_blocks_and_never_vanishes(world: World) -> None:
    async with world.producer() as producer:
        for good, (name, fault) in enumerate(POISON.items(), 1):
            await producer.send("good", good, partition=3)
            await producer.send(f"bad {name}", 1, partition=3, **fault)
        await producer.send("unknown", 1, partition=3, ce_type="vn.debai.test.unheard_of.v1")
        await producer.send("extended", 1, partition=3, ce_x=None, x_bin=b"\xff", traceparent=b"\xff")
        async with world.consuming() as running:
            await world.sees("good", len(POISON))
            await world.is_drained()
            assert not running.task.done()
    assert await world.view() == {"good": list(range(1, len(POISON) + 1)), "extended": [1]}
    assert await world.database.quarantine.count_documents({}) == len(POISON)


async def test_poison_read_again_is_quarantined_once(world: World) -> None:
    async with world.producer() as producer:
        for fault in POISON.values():
            await producer.send("bad", 1, partition=3, **fault)
            await producer.send("bad", 2, partition=3, **fault)
        await producer.send("good", 1, partition=3)
    async with world.consuming():
        await world.sees("good", 1)
    before = await world.database.quarantine.count_documents({})
    async with world.consuming(group="other") as running:
        running.inbox._effect._group = "test"
        await world.is_drained("other")
    assert await world.database.quarantine.count_documents({}) == before


async def test_too_many_in_a_row_stop_and_say_so_and_a_restart_goes_on(world: World) -> None:
    async with world.producer() as producer:
        for _ in range(STREAK + 5):
            await producer.send("bad", 1, partition=3, ce_sequence="abc")
        await producer.send("good", 1, partition=3)
    async with world.consuming(max_records=1) as running:
        await until(_says_stopped)
        assert not running.task.done()
    assert await world.database.quarantine.count_documents({}) == STREAK
    assert await world.view() == {}
    async with world.consuming(max_records=1):
        await world.sees("good", 1)
    assert await world.database.quarantine.count_documents({}) == STREAK + 5


async def _says_stopped() -> bool:
    return "stopped" in TROUBLES.get("inbox test", "")
