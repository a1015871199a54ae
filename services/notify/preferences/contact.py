"""Where a person can be told. Contact data lives in this service alone."""

from dataclasses import dataclass

from shared.identity import Actor


@dataclass(frozen=True, slots=True)
class Contact:
    """`mail` empty: in the inbox only. Unit and roles are those of the session in which the contact was saved."""

    person_id: str
    mail: str = ""
    language: str = "vi"
    unit_id: str | None = None
    roles: frozenset[str] = frozenset()


def contact_of(actor: Actor, *, mail: str, language: str) -> Contact:
    return Contact(actor.person_id, mail, language, actor.unit_id, frozenset(actor.roles))
