"""One system at a time on a data folder, and room enough on its disk."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import data_folder
from deploy.embedded.keys import key_pair
from deploy.embedded.trouble import Trouble

HOLDS = (
    "import sys, pathlib\n"
    "from deploy.embedded.data_folder import hold\n"
    "held = hold(pathlib.Path(sys.argv[1]))\n"
    "print(flush=True)\n"
    "sys.stdin.read()"
)


def test_a_second_system_on_the_same_folder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    with data_folder.hold(tmp_path), pytest.raises(Trouble, match="Another system runs on"):
        data_folder.hold(tmp_path)
    data_folder.hold(tmp_path).close()


async def test_a_system_that_was_killed_holds_its_folder_no_longer(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDS, str(tmp_path), stdin=pipe, stdout=pipe)
    assert process.stdout
    await process.stdout.readline()
    with pytest.raises(Trouble):
        data_folder.hold(tmp_path)
    process.kill()
    await process.wait()
    data_folder.hold(tmp_path).close()


def test_data_is_not_cleared_under_a_system_that_runs_on_it(tmp_path: Path) -> None:
    reset = [sys.executable, "-m", "deploy.demo", "--reset"]
    with data_folder.hold(tmp_path):
        refused = subprocess.run(reset, env={**os.environ, "DATA": str(tmp_path)}, capture_output=True, check=False)
    assert refused.returncode == 1
    assert "Another system runs on" in refused.stdout.decode()
    assert tmp_path.exists()
    subprocess.run(reset, env={**os.environ, "DATA": str(tmp_path)}, stdout=subprocess.DEVNULL, check=True)
    assert not tmp_path.exists()


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "SPACE_BYTES", 2**60)
    with pytest.raises(Trouble, match=r"nearly full: free \d+ MB, or set DATA"):
        data_folder.need_space(tmp_path)


def test_the_private_key_is_its_owners_alone_and_both_keys_stay(tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    before = private.read_bytes(), public.read_bytes()
    assert private.stat().st_mode & 0o777 == 0o600
    assert key_pair(tmp_path) == (private, public)
    assert (private.read_bytes(), public.read_bytes()) == before


def test_a_key_pair_that_was_half_made_is_made_whole(tmp_path: Path) -> None:
    _, public = key_pair(tmp_path)
    public.unlink()
    assert key_pair(tmp_path)[1].exists()


def test_the_keys_of_the_containers_are_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "deploy.embedded.keys", str(folder)], check=True)
    assert sorted(path.name for path in folder.iterdir()) == ["mongo.key", "session.key", "session.pub"]
    assert folder.stat().st_mode & 0o777 == 0o700
