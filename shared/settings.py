"""What every service reads from its environment, once, in main.py."""

import os
import socket
from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    LOCAL = "local"
    PRODUCTION = "production"


def _instance() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    mode: Mode = Mode.PRODUCTION
    instance: str = Field(default_factory=_instance)
    roles: str = "all"
    """Comma-separated parts this process runs: http, relay, events, workers; or all."""

    http_host: str = "127.0.0.1"
    http_port: int
    public_url: str
    """The one origin that people see, e.g. https://debai.example."""

    mongo_url: str
    database_prefix: str = "debai_"
    kafka_bootstrap: str
    topic_prefix: str = ""
    """Set apart several systems on one broker."""

    session_public_key_file: Path
    log_level: str = "INFO"
    log_json: bool = True


class BadSetting(Exception):
    """One that shows only when it is used. It stops the start: its words name the setting and say what to do."""
