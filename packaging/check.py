"""Build the source distribution and the wheel, check them, and try the wheel in an environment of its own.

    build  ->  check  ->  a new environment  ->  install  ->  a kit, graded as a student does

The new environment is given the torch that is here, by a file that puts it on its search path; everything else is
installed as it would be elsewhere. The workflows under .github are held against their schemas, too: nothing else reads
them before they run.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "package"
DIST = WORK / "dist"
BARE = WORK / "bare"
PROBLEM = "02-conv-bias"
_TORCH = "torch"


def main() -> None:
    """Every step; the first that fails ends it."""
    shutil.rmtree(WORK, ignore_errors=True)
    check_workflows()
    sdist, wheel = build()
    check_contents(sdist, wheel)
    grade = install(wheel)
    kit = release_kit()
    try_kit(grade, kit)
    print("The wheel works in an environment of its own.")


def check_workflows() -> None:
    """The files that only a host of repositories reads."""
    schema = {"workflows/tests.yml": "vendor.github-workflows", "dependabot.yml": "vendor.dependabot"}
    for name, builtin in schema.items():
        run(python(), "-m", "check_jsonschema", "--builtin-schema", builtin, ROOT / ".github" / name)


def build() -> tuple[Path, Path]:
    """The source distribution, and the wheel made of it: so nothing that the wheel needs is missing from either."""
    run(python(), "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (sdist,) = DIST.glob("*.tar.gz")
    (wheel,) = DIST.glob("*.whl")
    run(python(), "-m", "twine", "check", "--strict", sdist, wheel)
    return sdist, wheel


def check_contents(sdist: Path, wheel: Path) -> None:
    """What an index shows, and what must be inside."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (about,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(about).decode()
    with tarfile.open(sdist) as archive:
        sources = {name.partition("/")[2] for name in archive.getnames()}
    demand("License-Expression: MIT" in metadata, "the wheel does not say its license")
    demand("Author: the torchgrade developers" in metadata, "the wheel does not say who made it")
    dead = re.findall(r"\]\((?!https?:)[^)]*\)", metadata)
    demand(not dead, f"links that lead nowhere on an index: {dead}")
    demand("![" not in metadata or "](http" in metadata, "a picture that an index cannot show")
    for name in (
        "grader/docs/README.md",
        "grader/templates/report/student.html",
        "grader/__main__.py",
        "grader/py.typed",
    ):
        demand(name in names, f"the wheel lacks {name}")
    demand(any(name.endswith("licenses/LICENSE") for name in names), "the wheel lacks its license")
    demand({"LICENSE", "README.md", "pyproject.toml", "setup.py"} <= sources, "the source distribution is not whole")


def install(wheel: Path) -> Path:
    """A new environment with the wheel in it; its `grade`."""
    venv.create(BARE, with_pip=True, clear=True)
    (packages,) = BARE.glob("lib/python*/site-packages")
    borrowed = WORK / "borrowed"
    borrow(_TORCH, borrowed, set())
    (packages / "torch-from-outside.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    run(BARE / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    torch = run(BARE / "bin" / "python", "-c", "import torch; print(torch.__file__)")
    demand(str(borrowed) in torch, f"another torch was installed: {torch}")
    return BARE / "bin" / "grade"


def borrow(name: str, folder: Path, done: set[str]) -> None:
    """Link a distribution of this environment, and what it needs, into `folder`."""
    if name in done:
        return
    done.add(name)
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return  # Needed on another system, or for an extra.
    folder.mkdir(parents=True, exist_ok=True)
    tops = {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}
    for top in tops:
        (folder / top).symlink_to(str(distribution.locate_file(top)))
    for requirement in distribution.requires or ():
        if "extra ==" not in requirement:
            borrow(re.split(r"[^\w.-]", requirement, maxsplit=1)[0], folder, done)


def release_kit() -> Path:
    """A kit for students, made by this checkout."""
    kit = WORK / "kit"
    run(python(), "-m", "grader", "release", kit, "--problem", PROBLEM)
    return kit


def try_kit(grade: Path, kit: Path) -> None:
    """A student's first minutes, with the installed command."""
    solution = ROOT / "solutions" / PROBLEM / "solution.py"
    flipped = ROOT / "solutions" / PROBLEM / "misconceptions" / "flipped_kernel.py"
    demand(grader_version() in run(grade, "--version", cwd=kit), "another version was installed")
    run(grade, "start", PROBLEM, cwd=kit)
    run(grade, PROBLEM, cwd=kit, code=1)
    run(grade, PROBLEM, "--submission", solution, cwd=kit)
    run(grade, PROBLEM, "--submission", flipped, "--html", WORK / "report.html", cwd=kit, code=None)
    demand("<svg" in (WORK / "report.html").read_text(encoding="utf-8"), "the report has no picture")


def grader_version() -> str:
    """The version that this checkout says it is."""
    return importlib.metadata.version("torchgrade")


def run(*command: str | Path, cwd: Path = ROOT, code: int | None = 0) -> str:
    """Run a command and return what it printed; end where its exit code is not `code` (None: whatever it is)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    if code is not None and done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def demand(holds: bool, otherwise: str) -> None:
    """End with a sentence where something does not hold."""
    if not holds:
        sys.exit(f"package: {otherwise}")


def python() -> str:
    """This interpreter."""
    return sys.executable


if __name__ == "__main__":
    main()
