"""A session token says who acts; one that cannot be trusted says nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.identity import ALGORITHM, ANONYMOUS, ISSUER, LIFE, Actor, Issuer, Role, Sessions
from tests.keys import make_keys

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEYS = make_keys()
SESSIONS = Sessions(KEYS.public)
MAI = Actor("p1", "Trần Thị Mai", frozenset({Role.DRAFTER, Role.APPROVER}), "u-q8")


def signed(**changed: object) -> str:
    claims = {"iss": ISSUER, "sub": "p1", "name": "Mai", "roles": ["ops"], "unit": None, "exp": NOW.timestamp() + 60}
    return jwt.encode({"alg": ALGORITHM}, claims | changed, OKPKey.import_key(KEYS.private), algorithms=[ALGORITHM])


def test_a_token_gives_back_the_actor() -> None:
    assert SESSIONS.actor(Issuer(KEYS.private).token(MAI, NOW), NOW) == MAI


def test_a_token_lives_one_working_day() -> None:
    token = Issuer(KEYS.private).token(MAI, NOW)
    assert SESSIONS.actor(token, NOW + LIFE - timedelta(seconds=1)) == MAI
    assert SESSIONS.actor(token, NOW + LIFE) == ANONYMOUS


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "else"},
        {"roles": ["king"]},
        {"roles": None},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": NOW.timestamp() - 1},
    ],
    ids=str,
)
def test_claims_that_we_do_not_know_are_nobodys(changed: dict[str, object]) -> None:
    assert SESSIONS.actor(signed(), NOW) != ANONYMOUS
    assert SESSIONS.actor(signed(**changed), NOW) == ANONYMOUS


def test_a_token_of_another_key_is_nobodys() -> None:
    assert SESSIONS.actor(Issuer(make_keys().private).token(MAI, NOW), NOW) == ANONYMOUS


def test_the_public_key_used_as_a_shared_secret_signs_nothing() -> None:
    forged = jwt.encode(
        {"alg": "HS256"}, {"iss": ISSUER, "sub": "p1"}, OctKey.import_key("a" * 32), algorithms=["HS256"]
    )
    assert SESSIONS.actor(forged, NOW) == ANONYMOUS


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", fullmatch=True)))
def test_any_other_text_is_nobodys(text: str) -> None:
    assert SESSIONS.actor(text, NOW) == ANONYMOUS


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_token_with_one_changed_byte_is_nobodys(place: int, shift: int) -> None:
    token = Issuer(KEYS.private).token(MAI, NOW)
    raw = bytearray(token.encode())
    raw[place % len(raw)] = (raw[place % len(raw)] + shift) % 128
    actor = SESSIONS.actor(raw.decode(), NOW)
    assert actor in (ANONYMOUS, MAI)
    assert actor == ANONYMOUS or raw.decode() == token or raw[:-1].decode() == token[:-1]


def test_nobody_is_not_signed_in_and_has_no_role() -> None:
    assert not ANONYMOUS.signed_in
    assert not ANONYMOUS.has(*Role)


def test_one_of_the_roles_is_enough() -> None:
    assert MAI.has(Role.OPS, Role.APPROVER)
    assert not MAI.has(Role.OPS)
