"""Kafka's jars are those of the lock file, or none at all."""

import hashlib
from pathlib import Path

import pytest

from deploy.embedded import jars, kafka
from deploy.embedded.trouble import Trouble

NOWHERE = "http://127.0.0.1:1"
SHA = hashlib.sha256(b"as locked").hexdigest()


def jar(folder: Path, name: str, content: bytes = b"as locked") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_jars_as_locked_are_taken(tmp_path: Path) -> None:
    jar(tmp_path, "a.jar")
    jars.check(tmp_path, {"a.jar": SHA})


def test_a_jar_with_another_hash_is_refused_by_name(tmp_path: Path) -> None:
    jar(tmp_path, "a.jar")
    jar(tmp_path, "b.jar", b"tampered")
    with pytest.raises(Trouble, match=r"not those of jars.lock.json: b.jar. Nothing was installed"):
        jars.check(tmp_path, {"a.jar": SHA, "b.jar": SHA})


def test_a_missing_and_an_unknown_jar_are_refused_by_name(tmp_path: Path) -> None:
    jar(tmp_path, "unknown.jar")
    with pytest.raises(Trouble, match=r"missing.jar, unknown.jar"):
        jars.check(tmp_path, {"missing.jar": SHA})


def test_a_refused_set_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "_fetch", lambda folder, cache, total: jar(folder, "a.jar", b"tampered"))
    with pytest.raises(Trouble):
        jars.install(tmp_path / "kafka", {"a.jar": SHA})
    assert list(tmp_path.iterdir()) == []


def test_the_lock_names_the_broker_and_its_version() -> None:
    assert f"kafka_2.13-{jars.VERSION}.jar" in jars.locked()


async def test_without_a_network_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOWHERE)
    said: list[str] = []
    with pytest.raises(Trouble, match=r"could not be downloaded \(\w+\). Check the network"):
        await kafka.jars(tmp_path, said.append)
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240  # an empty folder
    assert "resolving" in said[0]
