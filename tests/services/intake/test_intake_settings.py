"""What intake refuses to start with."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.intake.settings import Settings
from shared.settings import Mode

SHARED = {
    "http_port": 1,
    "public_url": "https://debai.example",
    "mongo_url": "mongodb://127.0.0.1",
    "kafka_bootstrap": "127.0.0.1:9092",
    "session_public_key_file": Path("session.pub"),
}


@pytest.mark.parametrize("given", ["session_private_key_file", "demo_people_file"])
def test_sign_in_without_a_password_does_not_start_outside_local_mode(given: str) -> None:
    with pytest.raises(ValidationError, match="let anyone sign in as anyone"):
        Settings(**SHARED, **{given: Path("file")})  # type: ignore[arg-type]  # values of many types


def test_production_is_what_is_meant_when_nothing_is_said() -> None:
    assert Settings(**SHARED).mode is Mode.PRODUCTION  # type: ignore[arg-type]  # values of many types


def test_local_mode_may_have_both() -> None:
    files = {"session_private_key_file": Path("key"), "demo_people_file": Path("people")}
    chosen = Settings(**SHARED, **files, mode=Mode.LOCAL)  # type: ignore[arg-type]  # values of many types
    assert chosen.demo_people_file == Path("people")
