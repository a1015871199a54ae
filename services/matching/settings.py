"""Matching's own settings beside the shared ones."""

from pydantic import Field

from shared.settings import Settings as SharedSettings


class Settings(SharedSettings):
    match_least: float = Field(default=0.06, gt=0, le=1)
    """The score from which a researcher hears of a problem."""
    match_most_people: int = Field(default=50, ge=1)
    """How many researchers hear of one problem for their score; saved searches come on top."""
    match_most_problems: int = Field(default=50, ge=1)
    """How many open problems a saved profile meets for its score; saved searches come on top."""
