"""Ports are chosen once and kept in the data folder; one that is taken later is chosen anew."""

import json
import socket
from pathlib import Path

PREFERRED = {"gateway": 8080}


class Ports:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "ports.json"
        self._chosen: dict[str, int] = json.loads(self._file.read_text()) if self._file.exists() else {}

    def get(self, name: str) -> int:
        """A port of 127.0.0.1 that is free right now: the one of last time, the preferred one, or any."""
        wanted = self._chosen.get(name, PREFERRED.get(name, 0))
        port = wanted if wanted and free(wanted) else self._any()
        self._chosen[name] = port
        self._keep()
        return port

    def _keep(self) -> None:
        """Whole or not at all: a half-written file would stop every later start."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._chosen, indent=1))
        fresh.replace(self._file)

    def _any(self) -> int:
        while (port := any_free()) in self._chosen.values():
            pass
        return port


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
