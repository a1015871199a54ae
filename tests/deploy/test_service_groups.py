"""Each service runs with its own dependency group and its own folder alone, as in its image."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "matching", "notify")
UV = str(ROOT / ".uv" / "bin" / "uv")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_nothing_that_it_does_not_declare(service: str, tmp_path: Path) -> None:
    image = tmp_path / "app"
    shutil.copytree(ROOT / "shared", image / "shared")
    shutil.copytree(ROOT / "services" / service, image / "services" / service)
    (image / "services" / "__init__.py").touch()
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv"), "PYTHONPATH": str(image)}
    sync = [UV, "sync", "-q", "--locked", "--no-default-groups", "--group", service, "--no-install-project"]
    subprocess.run(sync, cwd=ROOT, env=environment, check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    asked = [python, "-c", f"import services.{service}.main as main; print(main.__file__)"]
    found = subprocess.run(asked, cwd=image, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(image / "services" / service / "main.py")
