"""Reads the demo people from their TOML file, and holds the issuer that signs for them."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from services.intake.people.person import LocalSignInOff, Person, UnknownPerson
from shared.identity import Issuer

PEOPLE: TypeAdapter[list[Person]] = TypeAdapter(list[Person])


class LocalPeople:
    """Empty, and refusing, where either file is not given."""

    def __init__(self, people_file: Path | None, private_key_file: Path | None) -> None:
        given = people_file is not None and private_key_file is not None
        self._issuer = Issuer(private_key_file.read_bytes()) if given and private_key_file else None
        people = tomllib.loads(people_file.read_text())["person"] if given and people_file else []
        self.all = PEOPLE.validate_python(people)
        self._by_id = {person.id: person for person in self.all}

    def token(self, person_id: str) -> str:
        if self._issuer is None:
            raise LocalSignInOff
        person = self._by_id.get(person_id)
        if person is None:
            raise UnknownPerson(person_id=person_id[:60])
        return self._issuer.token(person.actor(), datetime.now(UTC))
