"""The templates travel with the package: in a wheel, and in a checkout that is installed for editing."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_package_is_listed() -> None:
    """`packages` in pyproject.toml is written by hand; what it forgets would be missing from a wheel."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "grader").rglob("*.py")}
    assert sorted(listed) == sorted(found | {"grader.docs", "grader.templates"}), (
        "pyproject.toml, tool.setuptools.packages"
    )


def test_the_templates_are_found() -> None:
    folder = resources.files("grader.templates").joinpath("report")
    assert folder.joinpath("student.html").is_file()


@pytest.mark.slow
def test_a_wheel_holds_templates_and_renders_a_page(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("docs", "grader", "templates"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "LICENSE"):
        shutil.copy(ROOT / name, source)
    (source / "README.md").write_text("torchgrade")
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel"]
    options = ["--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(source)]
    subprocess.run([*command, *options], check=True, timeout=120)
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    assert "grader/templates/report/student.html" in names
    assert {f"grader/docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= set(names)
    assert not [name for name in names if name.startswith(("docs", "templates")) or name.endswith(".png")]
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from grader.reports import templating;"
        "print(templating.__file__); templating.environment().get_template('student.html');"
        "templating.style_sheet('look.css')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "installed"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path / "installed") in run.stdout
