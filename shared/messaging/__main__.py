"""For operators: make the topics, see what lies in quarantine, tell events again.

    python -m shared.messaging provision [--replication 3]
    python -m shared.messaging quarantine matching
    python -m shared.messaging republish intake problem-events [--since 2026-11-23T00:00:00+07:00] [--subject ID]

Reads KAFKA_BOOTSTRAP, TOPIC_PREFIX, MONGO_URL and DATABASE_PREFIX. A quarantined event is replayed by the service whose
handler reads it: `python -m services.matching.main replay ID`, or on its page /matching/van-hanh.
"""

import argparse
import asyncio
import sys
from datetime import datetime

from pydantic_settings import BaseSettings

from shared.messaging.quarantine import latest
from shared.messaging.replay import republish
from shared.messaging.topics import provision
from shared.mongo import Database, connect


class Settings(BaseSettings):
    kafka_bootstrap: str = "127.0.0.1:9092"
    topic_prefix: str = ""
    mongo_url: str = "mongodb://127.0.0.1:27017"
    database_prefix: str = "debai_"


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shared.messaging", description="Topics, quarantine, events again")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("provision", help="make the topics that are missing")
    making.add_argument("--replication", type=int, default=1)
    listing = commands.add_parser("quarantine", help="list what a service could not handle")
    listing.add_argument("service")
    telling = commands.add_parser("republish", help="tell a service's public events again")
    telling.add_argument("service")
    telling.add_argument("topic")
    telling.add_argument("--since", type=datetime.fromisoformat, help="a time with its zone")
    telling.add_argument("--subject", default="")
    return parser.parse_args(words)


async def run(given: argparse.Namespace, settings: Settings) -> int:
    """Gives the exit code: 1 when a topic is there but differs from what it should be."""
    if given.command == "provision":
        return await _provision(given, settings)
    client = connect(settings.mongo_url, app_name="debai-messaging")
    try:
        database = client[settings.database_prefix + given.service]
        await (_list if given.command == "quarantine" else _republish)(database, given)
    finally:
        client.close()
    return 0


async def _provision(given: argparse.Namespace, settings: Settings) -> int:
    differences = await provision(settings.kafka_bootstrap, prefix=settings.topic_prefix, replication=given.replication)
    for sentence in differences:
        print(sentence, file=sys.stderr)
    return 1 if differences else 0


async def _list(database: Database, _: argparse.Namespace) -> None:
    for row in await latest(database):
        print(f"{row.id}\t{row.at.isoformat(timespec='seconds')}\t{row.reason}")


async def _republish(database: Database, given: argparse.Namespace) -> None:
    number = await republish(database, topic=given.topic, since=given.since, subject=given.subject)
    print(f"{number} events wait in the outbox of {given.service}")


if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse(sys.argv[1:]), Settings())))
