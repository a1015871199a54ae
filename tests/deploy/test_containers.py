"""The container files, read by the real Compose and by hadolint; and what the rules of the house ask of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.places import PROJECT

TOOLS = Path(sys.executable).parent
SERVICES = ("intake", "matching", "notify")


def config(*words: str) -> subprocess.CompletedProcess[str]:
    """Without the settings of whoever runs the tests."""
    argv = [str(TOOLS / "docker-compose"), "-f", str(PROJECT / "docker-compose.yml"), "config", *words]
    return subprocess.run(argv, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """As Compose understands the file: every default filled in."""
    read = config("--format", "json")
    assert read.returncode == 0, read.stderr
    found: dict[str, Any] = json.loads(read.stdout)["services"]
    return found


def test_compose_takes_the_file_without_a_word() -> None:
    read = config("--quiet")
    assert (read.returncode, read.stderr) == (0, "")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert subprocess.run([TOOLS / "hadolint", PROJECT / "deploy/Dockerfile"], check=False).returncode == 0


def test_the_check_fails_on_a_broken_dockerfile(tmp_path: Path) -> None:
    broken = tmp_path / "Dockerfile"
    broken.write_text("FROM python\nRUN cd /app && sudo pip install uv\n")
    assert subprocess.run([TOOLS / "hadolint", broken], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("name", [*SERVICES, "topics"])
def test_what_we_build_may_write_nothing_and_gains_no_right(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_its_database_and_its_topics(services: dict[str, Any], name: str) -> None:
    waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
    assert waits == {"mongo": "service_healthy", "topics": "service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_signs_in_to_mongodb_as_itself(services: dict[str, Any], name: str) -> None:
    assert f"//{name}:" in services[name]["environment"]["MONGO_URL"]


def test_intake_alone_holds_the_key_that_signs(services: dict[str, Any]) -> None:
    holders = [n for n, one in services.items() if "session.key" in str(one.get("volumes", ""))]
    assert holders == ["intake"]


def test_every_port_is_this_machines_alone(services: dict[str, Any]) -> None:
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_any_service_can_have_replicas(services: dict[str, Any]) -> None:
    assert not any("container_name" in one for one in services.values())
