"""`grade pack [PROBLEM…]`: the file or zip to hand in."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import click

from grader.cli.completion import complete_problems
from grader.cli.shared import say
from grader.cli.targets import ALL, Target, find_targets
from grader.cli.work import submission_in, untouched
from grader.common.atomic import replace_file
from grader.common.paths import short
from grader.errors import UsageError
from grader.intake.single import read_submission
from grader.journal import Journal, best
from grader.model import Problem, SourceFile
from grader.problem.given import read_given
from grader.reports.wording import counted, number

_ZIP = "hand-in.zip"
_MARK = b"packed by torchgrade"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@click.command("pack", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("problems", nargs=-1, shell_complete=complete_problems)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; default: in this folder.")
def command(problems: tuple[str, ...], out: Path | None) -> int:
    """Write what is to be handed in: one file for one problem, a zip for several; all that are begun by default."""
    targets = find_targets(problems or [ALL])
    works = {target.slug: (target, work) for target in targets if (work := _work(target, named=bool(problems)))}
    if not works:
        raise UsageError("there is nothing to hand in yet", hint="write your answers first: grade shows what is next")
    files = {slug: _files(target, work) for slug, (target, work) in works.items()}
    for slug, (target, work) in works.items():
        say(f"{slug}: {short(work)}, {_last_graded(target, work)}")
    ((slug, first), *others) = files.items()
    if not others and len(first) == 1:
        ((name, content),) = first.items()
        path = out or Path(f"{slug}{Path(name).suffix}")
        _write(path, content, targets[0])
    else:
        path = out or Path(_ZIP)
        _write(path, _zipped(files), targets[0])
    click.echo(f"{path} is ready to be handed in: {counted(len(files), 'problem')}.")
    return 0


def _work(target: Target, *, named: bool) -> Path | None:
    """The file of a target; None for one that holds only the stub, unless it was asked for by name."""
    work = target.submission or submission_in(target.course.root / "problems" / target.slug)
    if work is None or (work.is_file() and untouched(work)):
        if named:
            raise UsageError(
                f"{target.slug}: nothing has been written yet", hint=f"begin with: grade start {target.slug}"
            )
        return None
    return work


def _files(target: Target, work: Path) -> dict[str, bytes]:
    """The answer as it is, and the helper files that it uses."""
    problem = target.course.load(target.slug)
    submission = read_submission(work, names=problem.names)
    main = work if work.is_file() else work / submission.main.name
    return {
        main.name: main.read_bytes(),
        **{extra.name: extra.content for extra in submission.extra if not _is_given(problem, extra)},
    }


def _is_given(problem: Problem, extra: SourceFile) -> bool:
    """Whether a file is the course's own, which lies beside the answer wherever that is graded."""
    return (extra.name, extra.content) in read_given(problem)


def _last_graded(target: Target, work: Path) -> str:
    top = best(Journal(target.course.root).entries(target.slug))
    return "never graded" if top is None else f"at best {number(top.score)} of {number(top.max_score)} points"


def _zipped(files: dict[str, dict[str, bytes]]) -> bytes:
    """A folder for each problem; the same files give the same bytes."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = _MARK
        for slug, own in sorted(files.items()):
            for name, data in sorted(own.items()):
                about = zipfile.ZipInfo(f"{slug}/{name}", _LONG_AGO)
                about.external_attr = 0o644 << 16
                about.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(about, data)
    return content.getvalue()


def _write(path: Path, content: bytes, target: Target) -> None:
    """Write a pack; in place of an earlier one, and of nothing else."""
    journal = Journal(target.course.root)
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise UsageError(f"{path} is no file of its own and is left as it is", hint="name another one with --out")
        if path.exists() and not _ours(path.read_bytes(), journal):
            raise UsageError(
                f"{path} exists already and is no earlier pack; it is left as it is", hint="name another one with --out"
            )
        replace_file(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    journal.packed(_digest(content))


def _ours(content: bytes, journal: Journal) -> bool:
    return content.endswith(_MARK) or _digest(content) in journal.packs()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
