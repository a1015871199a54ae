"""A key pair for one test run: what the local issuer signs with, and what every service verifies with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from joserfc.jwk import OKPKey

from shared.identity import ALGORITHM, Actor, Issuer, Role


@dataclass(frozen=True, slots=True)
class Keys:
    private: bytes
    public: bytes

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Gives the private key's file and the public key's."""
        private, public = folder / "session.key", folder / "session.pub"
        private.write_bytes(self.private)
        public.write_bytes(self.public)
        return private, public

    def token(self, *roles: Role, person: str = "p1", name: str = "Trần Thị Mai", unit: str | None = None) -> str:
        actor = Actor(person, name, frozenset(roles), unit)
        return Issuer(self.private).token(actor, datetime.now(UTC))


def make_keys() -> Keys:
    key = OKPKey.generate_key(ALGORITHM)
    return Keys(key.as_pem(private=True), key.as_pem(private=False))
