"""What a bare machine is told: by `make`'s first steps, in a folder of their own, with the PATH of a poor machine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy import browser
from deploy.embedded.places import PROJECT

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PATH with what the scripts themselves use and no python3."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "rm", "echo", "uname", "env"):
        (folder / name).symlink_to(shutil.which(name) or name)
    return folder


def program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def run(script: str, *words: str, path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """In the folder above `path`, with an empty HOME."""
    argv = ["/bin/sh", str(PROJECT / "deploy" / script), *words]
    environment = {"PATH": str(path), "HOME": "", **env}
    return subprocess.run(argv, cwd=path.parent, env=environment, capture_output=True, text=True, check=False)


def test_without_python_the_packages_to_install_are_named(path: Path) -> None:
    ended = run("bootstrap", "0", path=path)
    assert ended.returncode == 1
    assert ended.stderr == "python3 is missing: apt-get install python3 python3-venv\n"


def test_a_python_that_is_too_old_is_named(path: Path) -> None:
    program(path, "python3", '[ "$1" = -V ] && echo Python 3.9.2; exit 1')
    assert run("bootstrap", "0", path=path).stderr == "Python 3.9.2 is too old: Đề Bài needs 3.11 or later.\n"


def test_a_python_without_venv_is_told_what_to_install(path: Path) -> None:
    program(path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    assert run("bootstrap", "0", path=path).stderr == "python3-venv is missing: apt-get install python3-venv\n"


@pytest.mark.timeout(120)
def test_without_a_network_a_sentence_ends_the_bootstrap_and_nothing_half_made_stays(path: Path) -> None:
    offline = {"HTTPS_PROXY": NOWHERE, "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0"}
    ended = run("bootstrap", "0.13.9", path=path, **{**offline, "PATH": os.environ["PATH"]})
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("uv could not be installed. Check the network and the free space")
    assert not (path.parent / ".uv").exists()


def test_libraries_that_cannot_be_installed_end_in_a_sentence(path: Path) -> None:
    program(path, "uv", "exit 2")
    ended = run("install", str(path / "uv"), path=path)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("The libraries could not be installed. Check the network")


def test_a_platform_without_an_embedded_mongodb_is_told_so_before_the_download(path: Path) -> None:
    (path / "uname").unlink()
    program(path, "uname", '[ "$1" = -s ] && echo Linux || echo aarch64')
    program(path, "uv", "exit 0")
    ended = run("install", str(path / "uv"), path=path)
    assert ended.returncode == 0
    assert "On Linux-aarch64 there is no embedded MongoDB: set MONGO_URL" in ended.stderr


def test_make_help_names_every_target() -> None:
    told = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    listed = {line.split()[1] for line in told.splitlines()}
    assert listed >= {"demo", "demo-reset", "test", "chaos", "check", "fix", "bench", "clean", "help"}


def test_a_browser_is_found_by_any_of_its_names(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(path))
    assert browser.find() is None
    program(path, "google-chrome", "")
    assert browser.find() == str(path / "google-chrome")


def test_where_no_browser_can_be_installed_it_is_named_as_the_one_thing_left_out(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(path))  # no apt-get either
    browser.main()
    assert "the browser tests are the one thing left out" in capsys.readouterr().out
