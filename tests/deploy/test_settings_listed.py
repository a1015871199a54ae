""".env.example lists every setting of every service."""

import pytest
from pydantic_settings import BaseSettings

from deploy.embedded.places import PROJECT
from services.intake.settings import Settings as Intake
from services.matching.settings import Settings as Matching
from services.notify.settings import Settings as Notify

LISTED = {line.split("=")[0].removeprefix("#") for line in (PROJECT / ".env.example").read_text().splitlines()}


@pytest.mark.parametrize("settings", [Intake, Matching, Notify], ids=["intake", "matching", "notify"])
def test_every_setting_of_a_service_is_listed(settings: type[BaseSettings]) -> None:
    assert {name.upper() for name in settings.model_fields} - LISTED == set()
