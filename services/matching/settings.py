"""Matching's own settings beside the shared ones."""

from shared.settings import Settings as SharedSettings


class Settings(SharedSettings):
    match_least: float = 0.06
    """The score (0 to 1) from which a researcher hears of a problem."""
    match_most: int = 50
    """How many researchers hear of one problem for their score; saved searches come on top."""
