"""Notify's own settings beside the shared ones."""

from shared.settings import Settings as SharedSettings


class Settings(SharedSettings):
    smtp_host: str
    smtp_port: int = 25
    mail_from: str
    """The sender's address, e.g. debai@debai.example."""
