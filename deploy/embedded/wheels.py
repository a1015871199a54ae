"""Programs that come as Python packages. Their files are found without an import: where there is no wheel there is no module."""

import platform
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.embedded.trouble import Trouble


def inside(wheel: str, path: str, *, otherwise: str) -> Path:
    """A file or folder that the wheel brought. Raises Trouble, with `otherwise` as what to do."""
    try:
        return Path(str(distribution(wheel).locate_file(path)))
    except PackageNotFoundError:
        here = f"{platform.system()}-{platform.machine()}"
        raise Trouble(f"There is no wheel {wheel} for {here}: {otherwise}.") from None
