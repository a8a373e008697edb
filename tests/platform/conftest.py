"""An environment in which Python believes to be on another system; see `emulation`."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

SLUG = "02-conv-bias"
EMULATION = Path(__file__).with_name("emulation.py")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class System:
    """One emulated system, with a student's folder that has a space and an umlaut in its name."""

    name: str
    python: Path
    home: Path

    def grade(self, *arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ran:
        """Run the command as a student there does."""
        return self.run("-m", "grader", *arguments, cwd=cwd, **environment)

    def run(self, *arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ran:
        """Run Python there."""
        ran = subprocess.run(
            [self.python, *map(str, arguments)],
            cwd=cwd or self.home,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace"))

    def start(self, *arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
        """Start the command; what it says comes line by line."""
        return subprocess.Popen(
            [self.python, "-m", "grader", *map(str, arguments)],
            cwd=cwd,
            env=self._environment({"PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        clean = {name: os.environ[name] for name in ("PATH", "LANG", "TORCHGRADE_MNIST") if name in os.environ}
        return clean | {"HOME": str(self.home), "USERPROFILE": str(self.home)} | more


@pytest.fixture(scope="session", params=["win32", "darwin"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> System:
    """Windows and macOS, one after the other."""
    return make_system(request.param, tmp_path_factory.mktemp(request.param))


def make_system(name: str, folder: Path) -> System:
    """A virtual environment whose Python is another system's, with the packages of this one."""
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    (packages,) = (environment / "lib").glob("python*/site-packages")
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n", encoding="utf-8")
    source = EMULATION.read_text(encoding="utf-8").replace("@SYSTEM@", name)
    (packages / "sitecustomize.py").write_text(source, encoding="utf-8")
    home = folder / "Jörg Müller"
    home.mkdir()
    return System(name, environment / "bin" / "python", home)


@pytest.fixture(scope="session")
def course(system: System) -> Path:
    """A course there, as git checks it out where lines end with CRLF and nobody has said which files are text."""
    course = system.home / "Neuronale Netze [2026]"
    for kind in ("problems", "solutions"):
        source = ROOT / kind / SLUG
        for path in source.rglob("*"):
            if path.is_file() and not path.name.startswith("submission") and "__pycache__" not in path.parts:
                target = course / kind / SLUG / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_checked_out(path.read_bytes()))
    return course


def _checked_out(content: bytes) -> bytes:
    """With CRLF, but for what git takes for no text: it looks for a zero byte at the beginning."""
    return content if b"\0" in content[:8000] else content.replace(b"\n", b"\r\n")


Write = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """`written(source)`: a submission, saved as an editor on Windows does."""

    def write(source: str) -> Path:
        path = tmp_path / "meine Lösung.py"
        path.write_bytes(source.replace("\n", "\r\n").encode("utf-8"))
        return path

    return write


assert sys.platform == "linux", "what is taken away here must be there"
