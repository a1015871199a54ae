"""An item's id is its person, type, subject and version, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.inbox.item import item_id, mail_failed, mail_of
from tests.services.notify.samples import NOW, delivery, item

# What ids are made of: no control characters, so that a line end between two parts is no part of one.
words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
keys = st.tuples(words, words, words, st.integers(1, 10_000))


@given(keys)
def test_the_same_telling_has_the_same_id(key: tuple[str, str, str, int]) -> None:
    assert item_id(*key) == item_id(*key)


@given(keys, keys)
def test_two_tellings_have_two_ids(one: tuple[str, str, str, int], other: tuple[str, str, str, int]) -> None:
    assert (item_id(*one) == item_id(*other)) is (one == other)


def test_an_id_stays_the_same_from_one_release_to_the_next() -> None:
    assert item_id("p1", "vn.debai.match.found.v1", "match-1", 1) == "8fcf59ea02e1f45bd2fc9005f77cb2d3"


def test_a_mail_is_named_after_its_item() -> None:
    assert mail_of(item()).id == f"{item().id}:mail"


def test_the_news_of_a_failed_mail_leads_to_the_settings() -> None:
    told = mail_failed(delivery(), NOW)
    assert (told.person_id, told.kind, told.link) == ("p1", "mail.failed", "/hop-thu/cai-dat")
    assert told.id != item().id
