"""Each service runs with its own dependency group and its own folder alone, as in its image."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    "intake": "services.intake.main",
    "intake-fastembed": "services.intake.coach.folder_e5",
    "matching": "services.matching.main",
    "notify": "services.notify.main",
}
"""What each group must suffice for."""
UV = str(ROOT / ".uv" / "bin" / "uv")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("group", MODULES)
def test_a_service_imports_nothing_that_it_does_not_declare(group: str, tmp_path: Path) -> None:
    image, service, module = tmp_path / "app", group.split("-", maxsplit=1)[0], MODULES[group]
    shutil.copytree(ROOT / "shared", image / "shared")
    shutil.copytree(ROOT / "services" / service, image / "services" / service)
    (image / "services" / "__init__.py").touch()
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv"), "PYTHONPATH": str(image)}
    sync = [UV, "sync", "-q", "--locked", "--no-default-groups", "--group", group, "--no-install-project"]
    subprocess.run(sync, cwd=ROOT, env=environment, check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    asked = [python, "-c", f"import {module} as module; print(module.__file__)"]
    found = subprocess.run(asked, cwd=image, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(image / f"{module.replace('.', '/')}.py")


@pytest.mark.parametrize(("group", "carried"), [("intake", False), ("intake-fastembed", True)])
def test_intake_carries_fastembed_where_it_is_wanted_alone(group: str, carried: bool) -> None:
    export = [UV, "export", "-q", "--locked", "--offline", "--no-default-groups", "--group", group]
    listed = subprocess.run(export, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ("\nfastembed==" in listed) is carried
