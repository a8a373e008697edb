"""Files that leave the course together: a new folder, or a zip that is the same to the byte each time."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.errors import UsageError

# The earliest that a zip can hold.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_JUNK = frozenset({"__pycache__"})


@dataclass
class Bundle:
    """Paths with ``/``, and what lies there."""

    files: dict[str, bytes] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    """Those that can be run."""

    def add(self, path: str, content: bytes | str, *, program: bool = False) -> None:
        """Put a file in."""
        self.files[path] = content.encode("utf-8") if isinstance(content, str) else content
        if program:
            self.programs.add(path)

    def write_folder(self, folder: Path) -> None:
        """Write everything below `folder`."""
        for path, content in self.files.items():
            file = folder / PurePosixPath(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(self._mode(path))

    def zipped(self, file: Path) -> None:
        """Write everything as a zip: in order, and as if long ago."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(self.files):
                about = zipfile.ZipInfo(path, _LONG_AGO)
                about.create_system = 3
                about.external_attr = self._mode(path) << 16
                about.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(about, self.files[path])

    def _mode(self, path: str) -> int:
        return 0o755 if path in self.programs else 0o644


def is_zip(out: Path) -> bool:
    """Whether `out` is to be a zip."""
    return out.suffix.lower() == ".zip"


def refuse_if_there(out: Path) -> None:
    """Raise UsageError where `out` exists and is no empty folder: nothing is ever overwritten."""
    hint = "name a new one, or move it away"
    if is_zip(out):
        if os.path.lexists(out):
            raise UsageError(f"{out} exists already and is left as it is", hint=hint)
    elif out.is_dir() and not out.is_symlink():
        if any(out.iterdir()):
            raise UsageError(f"{out} is not empty and is left as it is", hint=hint)
    elif os.path.lexists(out):
        raise UsageError(f"{out} exists already and is left as it is", hint=hint)


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """An empty folder where `out` is going to be, gone afterwards; raises UsageError where none can be made."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}", hint="does its folder exist?") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(bundle: Bundle, out: Path) -> None:
    """Write `bundle` to `out`, which is new. Raises UsageError where it is taken or cannot be made."""
    with beside(out) as folder:
        try:
            if is_zip(out):
                bundle.zipped(folder / "bundle")
                with out.open("xb") as file:
                    file.write((folder / "bundle").read_bytes())
            else:
                bundle.write_folder(folder / "bundle")
                # An empty folder may give way; nothing else does.
                (folder / "bundle").rename(out)
        except OSError as error:
            refuse_if_there(out)
            raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def files_below(folder: Path) -> dict[str, bytes]:
    """The files below `folder` by their paths with ``/``, without what tools drop there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part in _JUNK or part.startswith(".") for part in path.relative_to(folder).parts)
    }
