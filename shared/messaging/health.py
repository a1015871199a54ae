"""What does not answer at the moment, and why: for /readyz and the operations page."""

import structlog

log = structlog.get_logger()
TROUBLES: dict[str, str] = {}


def trouble(name: str, reason: str) -> None:
    if TROUBLES.get(name) != reason:
        log.error("trouble", part=name, reason=reason)
    TROUBLES[name] = reason


def well(name: str) -> None:
    if TROUBLES.pop(name, None) is not None:
        log.info("well_again", part=name)
