"""Notify: tells people, once, where and when they asked. The only place with contact data."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from faststream.kafka import KafkaBroker

from services.notify.delivery.channels.mail import MailChannel
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.worker import DeliveryWorker
from services.notify.inbox import api as inbox_api
from services.notify.inbox import pages as inbox_pages
from services.notify.inbox import stream
from services.notify.inbox.event_handlers import NotificationHandlers, measure
from services.notify.inbox.repository import ItemRepository
from services.notify.inbox.telling import MATCH_REGISTRY, PROBLEM_REGISTRY
from services.notify.preferences import api as preferences_api
from services.notify.preferences import pages as preferences_pages
from services.notify.preferences.repository import ContactRepository
from services.notify.settings import Settings
from shared.events.match import MATCH_EVENTS
from shared.events.problem import PROBLEM_EVENTS
from shared.kafka import broker
from shared.messaging.health import TROUBLES
from shared.messaging.inbox import Inbox
from shared.messaging.relay import Relay
from shared.messaging.schema import make_collection, prepare_database
from shared.messaging.subscription import consume, consumers
from shared.mongo import Database, connect, ping
from shared.refusals import Text
from shared.service import Service, main
from shared.web import operations
from shared.web.application import application
from shared.web.pages import Pages

HERE = Path(__file__).parent
ABOUT = Text(
    "Báo tin cho từng người, đúng một lần, ở nơi và lúc họ chọn.",
    "Tells people, once, where and when they asked.",
)
ROOMS = ("inbox", "preferences")
COLLECTIONS = ("contacts", "items", "deliveries")


def make_app(settings: Settings) -> Service:
    client = connect(settings.mongo_url, app_name=f"notify {settings.instance}")
    database = client[f"{settings.database_prefix}notify"]
    items, contacts, ledger = rooms = ItemRepository(database), ContactRepository(database), Ledger(database)
    handlers = NotificationHandlers(items, contacts, ledger)
    worker = DeliveryWorker(database, _mail(settings), failed=handlers.on_mail_failed, already_read=items.is_read)
    kafka = broker(settings.kafka_bootstrap, client_id=f"notify {settings.instance}")
    inboxes = _inboxes(kafka, database, handlers, prefix=settings.topic_prefix)
    relay = Relay(database, bootstrap=settings.kafka_bootstrap, prefix=settings.topic_prefix)
    hub = stream.Hub(database)
    return Service(
        name="notify",
        settings=settings,
        client=client,
        http=_doors(settings, database, hub, inboxes=inboxes),
        prepare=partial(_prepare, database, rooms),
        work={
            "http": [hub.run],
            "relay": [relay.run],
            "events": [partial(consumers, kafka, *inboxes)],
            "workers": [worker.run],
        },
        inboxes=inboxes,
    )


def _mail(settings: Settings) -> MailChannel:
    return MailChannel(
        settings.smtp_host, settings.smtp_port, sender=settings.mail_from, public_url=settings.public_url
    )


async def _prepare(database: Database, rooms: Sequence[ItemRepository | ContactRepository | Ledger]) -> None:
    await prepare_database(database)
    for name in COLLECTIONS:
        await make_collection(database, name)
    for room in rooms:
        await room.prepare()


def _doors(settings: Settings, database: Database, hub: stream.Hub, *, inboxes: Sequence[Inbox]) -> FastAPI:
    async def ready() -> dict[str, str]:
        return await ping(database.client) | TROUBLES

    pages = Pages(*(HERE / room / "templates" for room in ROOMS), english=HERE)
    http = application("notify", ABOUT, settings, pages=pages, ready=ready)
    http.state.database, http.state.hub = database, hub
    for door in (stream, inbox_api, preferences_api, preferences_pages, inbox_pages):
        http.include_router(door.router)
    operations.open_door(http, database, *inboxes)
    return http


def _inboxes(
    kafka: KafkaBroker, database: Database, handlers: NotificationHandlers, *, prefix: str
) -> tuple[Inbox, Inbox]:
    problems = consume(
        kafka,
        database,
        topic=PROBLEM_EVENTS,
        group="notify-problems",
        registry=PROBLEM_REGISTRY,
        handler=handlers.on_problem_events,
        prefix=prefix,
    )
    matches = consume(
        kafka,
        database,
        topic=MATCH_EVENTS,
        group="notify-matches",
        registry=MATCH_REGISTRY,
        handler=handlers.on_match_events,
        after=measure,
        prefix=prefix,
    )
    return problems, matches


if __name__ == "__main__":
    main(make_app, Settings)
