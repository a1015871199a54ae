"""The folder where one system keeps everything: the engines' files, ports, keys, logs, mails."""

import fcntl
import shutil
from pathlib import Path
from typing import TextIO

from deploy.embedded.trouble import Trouble

SPACE_BYTES = 700 * 1024 * 1024
"""Kafka and MongoDB write files of this size in all before the first event."""


def hold(folder: Path) -> TextIO:
    """Until the file is closed, or this process ends in any way, no other system runs on the folder. Raises Trouble."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Trouble(f"Another system runs on {folder}: stop it, or set DATA to another folder.") from None
    return lock


def need_space(folder: Path) -> None:
    """Raises Trouble."""
    if shutil.disk_usage(folder).free < SPACE_BYTES:
        raise Trouble(
            f"The disk of {folder} is nearly full: free {SPACE_BYTES // 2**20} MB, or set DATA to another folder."
        )
