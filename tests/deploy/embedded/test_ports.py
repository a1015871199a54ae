"""Ports are kept in the data folder; one that is taken is chosen anew."""

import socket
from pathlib import Path

from deploy.embedded.ports import Ports, any_free, free


def listening(port: int = 0) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def test_a_port_is_the_same_at_the_next_start(tmp_path: Path) -> None:
    assert Ports(tmp_path).get("mongodb") == Ports(tmp_path).get("mongodb")


def test_every_name_has_its_own(tmp_path: Path) -> None:
    ports = Ports(tmp_path)
    assert len({ports.get(name) for name in ("mongodb", "kafka", "smtp", "intake-1")}) == 4


def test_a_port_that_is_taken_later_is_replaced_and_the_new_one_kept(tmp_path: Path) -> None:
    before = Ports(tmp_path).get("mongodb")
    with listening(before):
        after = Ports(tmp_path).get("mongodb")
    assert after != before
    assert Ports(tmp_path).get("mongodb") == after


def test_a_port_that_listens_on_every_address_counts_as_taken() -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        assert not free(taken.getsockname()[1])


def test_a_free_port_can_be_bound() -> None:
    with listening(any_free()) as bound:
        assert bound.getsockname()[1]
