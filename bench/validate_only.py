"""A door that reads, authenticates and validates a problem, and stores nothing: what HTTP alone costs."""

from collections.abc import Mapping

from services.intake.problems.request_models import RecordIn
from services.intake.settings import Settings
from shared.mongo import connect
from shared.refusals import Text
from shared.service import Service, main
from shared.web.application import api_router, application
from shared.web.pages import TEMPLATES, Pages
from shared.web.session import Person

router = api_router("intake")


@router.post("/problems", status_code=201)
async def validate(given: RecordIn, actor: Person) -> Mapping[str, str]:
    return {"title": given.record().title, "by": actor.person_id}


def make_app(settings: Settings) -> Service:
    client = connect(settings.mongo_url, app_name="validate only")

    async def nothing() -> None:
        return None

    async def ready() -> dict[str, str]:
        return {}

    http = application("intake", Text("Đo", "Measures"), settings, pages=Pages(english=TEMPLATES.parent), ready=ready)
    http.include_router(router)
    return Service(name="intake", settings=settings, client=client, http=http, prepare=nothing, work={})


if __name__ == "__main__":
    main(make_app, Settings)
