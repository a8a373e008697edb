"""Exports and feedback, made by their commands in a folder of the desk's own, and handed over as downloads."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import msgspec

from grader.batch.feedback import FEEDBACK_FORMATS
from grader.desk.commands import CommandRan, Commands, option, positional
from grader.desk.forms import ExportForm, FeedbackForm
from grader.errors import UsageError
from grader.exports import FORMATS
from grader.exports.writing import safe_name

_KEPT = 20


class MadeFile(msgspec.Struct, frozen=True):
    """Something that was made for the instructor."""

    number: int
    file: Path
    what: str
    said: str
    """What the command told of it, such as who found no row."""


class Handing:
    """What was made so far, in a folder that goes when the desk ends."""

    def __init__(self, directory: Path, commands: Commands) -> None:
        self._directory = directory
        self._commands = commands
        self._folder = Path(tempfile.mkdtemp(prefix="torchgrade-desk-"))
        self._next = 1
        self.made: list[MadeFile] = []

    def close(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def export(self, form: ExportForm) -> CommandRan:
        """`grade export`; its template is a file that was uploaded."""
        if form.format not in FORMATS:
            raise UsageError(f"there is no format {form.format!r}")
        number, folder = self._place()
        chosen = FORMATS[form.format]
        words = [option("format", form.format)] + (["--anonymous"] if form.anonymous else [])
        if form.template is not None and form.template.name:
            given = folder / "template" / safe_name(Path(form.template.name.replace("\\", "/")).name)
            given.parent.mkdir()
            given.write_bytes(form.template.content)
            words.append(option("template", str(given)))
        target = folder / Path(chosen.default_name).name
        ran = self._commands.run("export", *words, option("out", str(target)), *positional(self._directory))
        self._keep(ran, number, target, f"{form.format} export")
        return ran

    def feedback(self, form: FeedbackForm) -> CommandRan:
        """`grade feedback`; its source is the download as it lies on this machine."""
        format, source = form.format, form.source
        if format not in FEEDBACK_FORMATS:
            raise UsageError(f"there is no format {format!r}")
        number, folder = self._place()
        target = folder / (f"{format}-feedback.zip" if FEEDBACK_FORMATS[format].from_download else f"{format}-feedback")
        words = [option("format", format), option("out", str(target))]
        words += [option("source", source)] if source else []
        ran = self._commands.run("feedback", *words, *positional(self._directory))
        self._keep(ran, number, target, f"{format} feedback")
        return ran

    def file(self, number: int) -> Path:
        """What was made under a number. Raises UsageError where there is no such thing any more."""
        for each in self.made:
            if each.number == number and each.file.is_file():
                return each.file
        raise UsageError("this was made by a desk that has ended; make it again")

    def _place(self) -> tuple[int, Path]:
        number, self._next = self._next, self._next + 1
        folder = self._folder / str(number)
        folder.mkdir(mode=0o700)
        return number, folder

    def _keep(self, ran: CommandRan, number: int, target: Path, what: str) -> None:
        if not ran.well:
            return
        if target.is_dir():
            packed = target.with_name(f"{target.name}.zip")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(target.rglob("*")):
                    if path.is_file():
                        archive.write(path, path.relative_to(target))
            target = packed
        said = "\n".join(line for line in ran.told.splitlines() if not line.startswith(str(self._folder)))
        self.made.insert(0, MadeFile(number, target, what, said))
        for old in self.made[_KEPT:]:
            shutil.rmtree(old.file.parent, ignore_errors=True)
        del self.made[_KEPT:]
