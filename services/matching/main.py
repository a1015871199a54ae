"""Matching: problems meet the researchers they fit, with reasons."""

from functools import partial
from pathlib import Path

from faststream.kafka import KafkaBroker

from services.matching.engine.index import LexicalEngine
from services.matching.matches import api
from services.matching.matches.acts import Acts
from services.matching.matches.event_handlers import REGISTRY, ProblemHandlers
from services.matching.matches.matcher import Limits, Matcher
from services.matching.matches.pages import expertise, following, found, similar
from services.matching.matches.similar import Neighbours
from services.matching.matches.timers import Meetings
from services.matching.matches.worker import Follower
from services.matching.settings import Settings
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
from shared.web.application import application
from shared.web.operations import open_door
from shared.web.pages import Pages

HERE = Path(__file__).parent
ABOUT = Text(
    "Bài toán gặp nhà khoa học phù hợp, kèm lý do.",
    "Problems meet the researchers they fit, with reasons.",
)
ROOMS = ("matches", "profiles")
DOORS = (api, found, similar, expertise, following)
COLLECTIONS = ("profiles", "open_problems", "matches")


def make_app(settings: Settings) -> Service:
    client = connect(settings.mongo_url, app_name=f"matching {settings.instance}")
    database = client[f"{settings.database_prefix}matching"]
    matcher = Matcher(LexicalEngine(), _limits(settings))
    neighbours = Neighbours(LexicalEngine())
    acts, follower = Acts(database, matcher), Follower(database, matcher, neighbours)
    handlers = ProblemHandlers(acts.matches, matcher, follower.passed)
    kafka = broker(settings.kafka_bootstrap, client_id=f"matching {settings.instance}")
    inbox = _inbox(kafka, database, handlers, prefix=settings.topic_prefix)

    async def prepare() -> None:
        await prepare_database(database)
        for name in COLLECTIONS:
            await make_collection(database, name)
        await acts.prepare()

    async def ready() -> dict[str, str]:
        return await ping(client) | follower.missing | TROUBLES

    pages = Pages(*(HERE / room / "templates" for room in ROOMS), english=HERE)
    http = application("matching", ABOUT, settings, pages=pages, ready=ready)
    http.state.database, http.state.acts, http.state.neighbours = database, acts, neighbours
    for door in DOORS:
        http.include_router(door.router)
    open_door(http, database, inbox)
    relay = Relay(database, bootstrap=settings.kafka_bootstrap, prefix=settings.topic_prefix)
    return Service(
        name="matching",
        settings=settings,
        client=client,
        http=http,
        prepare=prepare,
        work={"relay": [relay.run], "events": [partial(consumers, kafka, inbox)], "workers": [Meetings(acts).run]},
        background=[follower.run],
        inboxes=(inbox,),
    )


def _inbox(kafka: KafkaBroker, database: Database, handlers: ProblemHandlers, *, prefix: str) -> Inbox:
    return consume(
        kafka,
        database,
        topic=PROBLEM_EVENTS,
        group="matching",
        registry=REGISTRY,
        handler=handlers.handle,
        prepare=handlers.prepare,
        prefix=prefix,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(settings.match_least, settings.match_most_people, settings.match_most_problems)


if __name__ == "__main__":
    main(make_app, Settings)
