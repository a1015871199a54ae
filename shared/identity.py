"""Who acts: roles, the actor, and the signed token that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
ISSUER = "debai"
LIFE = timedelta(hours=10)
"""One working day."""
SEEN = 2048
"""Tokens whose signature is remembered: to check one costs as much as to read and validate a whole problem."""


class Role(StrEnum):
    DRAFTER = "drafter"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    DEPT_LEADER = "dept_leader"
    RESEARCHER = "researcher"
    OPS = "ops"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`unit_id` is the agency unit the person works for, if any."""

    person_id: str
    name: str
    roles: frozenset[Role]
    unit_id: str | None = None

    @property
    def signed_in(self) -> bool:
        return bool(self.person_id)

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


ANONYMOUS = Actor("", "", frozenset())


class Issuer:
    """Signs session tokens. Only the sign-in service holds the private key."""

    def __init__(self, private_key_pem: bytes) -> None:
        self._key = OKPKey.import_key(private_key_pem)

    def token(self, actor: Actor, now: datetime) -> str:
        claims = {
            "iss": ISSUER,
            "sub": actor.person_id,
            "name": actor.name,
            "roles": sorted(actor.roles),
            "unit": actor.unit_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])


class Sessions:
    """Verifies session tokens with the published key."""

    def __init__(self, public_key_pem: bytes) -> None:
        self._key = OKPKey.import_key(public_key_pem)
        self._claims = lru_cache(SEEN)(self._verified)

    def actor(self, token: str, now: datetime) -> Actor:
        """A token that is missing, forged, expired or not understood is nobody's."""
        try:
            claims = self._claims(token)
            if claims["iss"] != ISSUER or claims["exp"] <= now.timestamp():
                return ANONYMOUS
            return Actor(claims["sub"], claims["name"], frozenset(map(Role, claims["roles"])), claims["unit"])
        except (JoseError, KeyError, ValueError, TypeError):
            return ANONYMOUS

    def _verified(self, token: str) -> Mapping[str, Any]:
        """The key is fixed, so a signature that held once always holds; a failure is never kept."""
        return jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
