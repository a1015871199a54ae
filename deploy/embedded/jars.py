"""The jars of Apache Kafka, exactly those of the lock file. `python -m deploy.embedded.jars FOLDER` downloads them: a process
of its own can be stopped at any moment, a thread cannot."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import jgo
import truststore

from deploy.embedded.trouble import Trouble

VERSION = "4.3.1"
# slf4j-simple, not log4j-slf4j-impl: log4j's parent pom manages kafka-clients down to 3.9.1 in jgo's resolver
ENDPOINT = f"org.apache.kafka:kafka_2.13:{VERSION}+org.slf4j:slf4j-simple:1.7.36"
LOCK = Path(__file__).parent / "kafka" / "jars.lock.json"


def locked() -> dict[str, str]:
    """File name → SHA-256."""
    found: dict[str, str] = json.loads(LOCK.read_text())
    return found


def check(folder: Path, wanted: Mapping[str, str]) -> None:
    """Raises Trouble when a jar is missing, unknown, or not the one that was locked."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")}
    differing = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if differing:
        raise Trouble(f"These jars are not those of {LOCK.name}: {', '.join(differing)}. Nothing was installed.")


def install(folder: Path, wanted: Mapping[str, str]) -> None:
    """All of them or nothing. Raises Trouble."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fetched = Path(scratch, "jars")
        fetched.mkdir()
        _fetch(fetched, Path(scratch, "maven"), len(wanted))
        check(fetched, wanted)
        fetched.rename(folder)


def _fetch(folder: Path, cache: Path, total: int) -> None:
    """Offices with a TLS proxy need the system's certificates; jgo's `requests` knows only its own."""
    truststore.inject_into_ssl()
    os.environ["M2_REPO"] = str(cache)  # nothing is left in the home folder, or needed there
    print(f"Apache Kafka {VERSION}: tìm {total} tệp jar / resolving {total} jars", flush=True)
    try:
        for number, artifact in enumerate(jgo.resolve(ENDPOINT), 1):
            shutil.copy(artifact.resolve(), folder / artifact.filename)
            print(f"Apache Kafka {VERSION}: {number}/{total} {artifact.filename}", flush=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Trouble(
            f"Apache Kafka could not be downloaded ({reason}). Check the network and the disk's free space, then try again."
        ) from error


if __name__ == "__main__":
    try:
        install(Path(sys.argv[1]), locked())
    except Trouble as trouble:
        sys.exit(str(trouble))
