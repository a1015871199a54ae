"""Which events of a batch are new. One document for each (group, source, subject) holds the last applied sequence: it drops what
was redelivered and what was published again alike, for ever, and grows with the aggregates, not with the events."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pymongo import UpdateMany

from shared.messaging.wire import Received
from shared.mongo import Collection, Session

Key = str
STALE, GAP = "stale", "gap"


def key_of(group: str, received: Received) -> Key:
    return f"{group}|{received.source}|{received.subject}"


def fresh(
    group: str, batch: Sequence[Received], last: Mapping[Key, int]
) -> tuple[list[Received], dict[Key, int], Counter[str]]:
    """Gives what is new, each key's last sequence afterwards, and a tally of what was stale or skipped a step.

    Sequence 0 is a record without a readable envelope: the quarantine's own id is dedupe enough.
    """
    now, kept, tally = dict(last), list[Received](), Counter[str]()
    for received in batch:
        if received.sequence:
            key = key_of(group, received)
            before = now.get(key, 0)
            if received.sequence <= before:
                tally[STALE] += 1
                continue
            tally[GAP] += received.sequence > before + 1
            now[key] = received.sequence
        kept.append(received)
    return kept, now, tally


async def load(inbox: Collection, keys: set[Key], *, session: Session) -> dict[Key, int]:
    found = inbox.find({"_id": {"$in": list(keys)}}, session=session, batch_size=len(keys) + 1)
    return {document["_id"]: document["n"] for document in await found.to_list(None)}


async def save(inbox: Collection, before: Mapping[Key, int], now: Mapping[Key, int], *, session: Session) -> None:
    """Most keys go up by the same step: few statements."""
    new = [{"_id": key, "n": n} for key, n in now.items() if key not in before]
    if new:
        await inbox.insert_many(new, session=session)
    steps: dict[int, list[Key]] = {}
    for key, n in before.items():
        steps.setdefault(now[key] - n, []).append(key)
    moves = [UpdateMany({"_id": {"$in": keys}}, {"$inc": {"n": step}}) for step, keys in steps.items() if step]
    if moves:
        await inbox.bulk_write(moves, session=session)
