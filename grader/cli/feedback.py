"""`grade feedback DIR --format …`: each student's report, named as the platform takes it back."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import click

from grader.batch.again import open_batch
from grader.batch.feedback import FEEDBACK_FORMATS, feedback
from grader.cli.shared import say, say_what_is_lacking
from grader.common.suggest import did_you_mean
from grader.errors import UsageError
from grader.intake.missing import did_you_mean_path
from grader.problem import find_course
from grader.reports.wording import counted, one_line

_SHOWN = 20


@click.command("feedback", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", metavar="FORMAT", help=f"One of {', '.join(FEEDBACK_FORMATS)}.")
@click.option("--source", type=click.Path(path_type=Path), help="The download that was graded; names come from it.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A new .zip, or for folders and mail a new folder."
)
def command(directory: Path, form: str | None, source: Path | None, out: Path) -> int:
    """Hand each student's reports of a batch in DIR back.

    Moodle takes the archive under "Upload multiple feedback files in a zip", Canvas under "Re-Upload Submissions".
    """
    if form is None:
        raise UsageError("--format is missing", hint=f"the formats are {', '.join(FEEDBACK_FORMATS)}")
    if form not in FEEDBACK_FORMATS:
        raise UsageError(f"there is no format {form!r}", hint=did_you_mean(form, FEEDBACK_FORMATS))
    if source is not None and not source.exists():
        raise UsageError(f"there is no {source}", hint=did_you_mean_path(source))
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already and is left as it is", hint="name a new --out")
    batch = open_batch(directory, find_course(Path.cwd()))
    chosen = FEEDBACK_FORMATS[form]
    made = feedback(batch, chosen, source)
    say_what_is_lacking(batch)
    _write(directory, made.files, out, archive=chosen.from_download)
    click.echo(str(out))
    pages = sum(isinstance(content, str) for content in made.files.values())
    say(f"{counted(pages, 'report')} written.")
    if made.waiting:
        say(f"{counted(made.waiting, 'of them says', 'of them say')} that something is not graded by hand yet.")
    for line in made.left_out[:_SHOWN]:
        say(one_line(line))
    if len(made.left_out) > _SHOWN:
        say(f"and {counted(len(made.left_out) - _SHOWN, 'other')}")
    return 0


def _write(directory: Path, files: Mapping[str, str | bytes], out: Path, *, archive: bool) -> None:
    """Write everything beside its place first: nobody ever finds half of it there."""
    try:
        with tempfile.TemporaryDirectory(prefix=".feedback-", dir=out.parent) as folder:
            made = Path(folder) / "made"
            if archive:
                with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
                    for name, content in sorted(files.items()):
                        target.writestr(name, _content(directory, content))
                made.chmod(0o600)
            else:
                made.mkdir(mode=0o700)
                for name, content in files.items():
                    path = made / name
                    path.parent.mkdir(mode=0o700, exist_ok=True)
                    path.write_bytes(_content(directory, content))
            shutil.move(made, out)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def _content(directory: Path, content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else (directory / content).read_bytes()
