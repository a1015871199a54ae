"""Finds Debian's chromium for the browser tests; as root on Debian it installs it; else it names it as the one thing left out."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "libatomic1")
"""A minimal Debian lacks the library too; the driver inside the playwright wheel is linked against it."""


def find() -> str | None:
    """The browser's path; None when the browser tests cannot run."""
    return next((path for name in NAMES if (path := shutil.which(name))), None) if _driver_runs() else None


def _driver_runs() -> bool:
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "debian" in release.read_text() and shutil.which("apt-get") is not None


def _install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *step], env=environment, check=False)  # noqa: S607  # Debian's own, on PATH


def main() -> None:
    if find() is None and os.geteuid() == 0 and _debian():
        print("Cài chromium cho kiểm thử trình duyệt / installing chromium for the browser tests", flush=True)
        _install()
    if find() is None:
        wanted = " ".join(PACKAGES)
        print(f"Chromium is not here: the browser tests are the one thing left out. As root: apt-get install {wanted}")


if __name__ == "__main__":
    main()
