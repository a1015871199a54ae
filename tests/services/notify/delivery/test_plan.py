"""When to try again, and the names that make a double impossible."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.delivery.plan import LEASE, RETRIES, SENDING, delivery_id, message_id, retry_after


@given(attempts=st.integers(1, len(RETRIES)), seed=st.integers())
def test_each_pause_is_its_own_give_or_take_a_fifth(attempts: int, seed: int) -> None:
    wait = retry_after(attempts, random.Random(seed))
    assert wait is not None
    assert RETRIES[attempts - 1] * 0.8 <= wait <= RETRIES[attempts - 1] * 1.2


@given(attempts=st.integers(len(RETRIES) + 1, 10_000))
def test_after_the_last_pause_it_is_given_up(attempts: int) -> None:
    assert retry_after(attempts, random.Random(0)) is None


def test_the_first_pause_is_about_a_minute() -> None:
    wait = retry_after(1, random.Random(0))
    assert wait is not None
    assert timedelta(seconds=48) <= wait <= timedelta(seconds=72)


def test_whoever_sends_is_done_before_the_lease_runs_out() -> None:
    assert SENDING < LEASE


@given(item=st.text("0123456789abcdef", min_size=32, max_size=32), channel=st.sampled_from(["mail", "chat"]))
def test_a_message_id_is_one_for_each_delivery(item: str, channel: str) -> None:
    delivery = delivery_id(item, channel)
    assert message_id(delivery, "debai.example") == f"<{item}.{channel}@debai.example>"
