"""Intake: agencies post problems and sharpen them, DOST reviews and publishes."""

from pathlib import Path

from services.intake.coach.coach import coach_with
from services.intake.help import pages as help_pages
from services.intake.overrules import api as overrules_api
from services.intake.overrules import pages as overrules_pages
from services.intake.overrules.acts import OverruleActs
from services.intake.people import api as people_api
from services.intake.people import pages as people_pages
from services.intake.people.repository import LocalPeople
from services.intake.problems.acts import Acts
from services.intake.problems.api import clarity as clarity_api
from services.intake.problems.api import coaching, commands, reading
from services.intake.problems.pages import catalogue, checking, clarifying, clarity, drafting, ours, review, steps
from services.intake.settings import Settings
from services.intake.units import api as units_api
from shared.messaging.relay import Relay
from shared.messaging.schema import make_collection, prepare_database
from shared.mongo import connect, ping
from shared.refusals import Text
from shared.service import Service, main
from shared.web.application import application
from shared.web.operations import open_door
from shared.web.pages import Pages

HERE = Path(__file__).parent
ABOUT = Text(
    "Đơn vị nêu bài toán và làm rõ đề bài; Sở xem xét rồi công bố.",
    "Agencies post problems and sharpen them; DOST reviews and publishes.",
)
ROOMS = ("problems", "overrules", "people", "help")
DOORS = (
    units_api,
    people_api,
    people_pages,
    help_pages,
    reading,
    coaching,
    overrules_api,
    clarity_api,
    commands,
    ours,
    clarity,
    drafting,
    checking,
    catalogue,
    clarifying,
    steps,
    review,
    overrules_pages,
)
"""In this order: /bai-toan/moi is a page of its own, not a problem's; the form's pages and /lam-ro are none of the steps, nor
are overrules by API."""
COLLECTIONS = ("problems", "overrules", "units", "receipts")


def make_app(settings: Settings) -> Service:
    client = connect(settings.mongo_url, app_name=f"intake {settings.instance}")
    database = client[f"{settings.database_prefix}intake"]
    coach = coach_with(settings.coach_embedding, settings.coach_embedding_folder)
    acts, overrules = Acts(database, coach), OverruleActs(database)

    async def prepare() -> None:
        await prepare_database(database)
        for name in COLLECTIONS:
            await make_collection(database, name)
        await acts.prepare()
        await overrules.prepare()

    async def ready() -> dict[str, str]:
        return await ping(client)

    pages = Pages(*(HERE / room / "templates" for room in ROOMS), english=HERE)
    http = application("intake", ABOUT, settings, pages=pages, ready=ready)
    http.state.database, http.state.acts, http.state.overrules = database, acts, overrules
    http.state.people = LocalPeople(settings.demo_people_file, settings.session_private_key_file)
    for door in DOORS:
        http.include_router(door.router)
    open_door(http, database)
    relay = Relay(database, bootstrap=settings.kafka_bootstrap, prefix=settings.topic_prefix)
    return Service(
        name="intake", settings=settings, client=client, http=http, prepare=prepare, work={"relay": [relay.run]}
    )


if __name__ == "__main__":
    main(make_app, Settings)
