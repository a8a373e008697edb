"""One submission, named on the command line: a .py, a .ipynb, or a folder that holds one."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from grader.common.paths import recognisable
from grader.errors import SubmissionError, UsageError
from grader.intake.allowance import HandInBudget
from grader.intake.content import CODE, check_code, defined_names, in_ascii, suffix
from grader.intake.extras import digest, gather_extras
from grader.intake.files import Refused, TooLarge, read_regular, reason, what_it_is
from grader.intake.folding import listed, printable
from grader.intake.leftbehind import is_silent, told_root
from grader.intake.missing import did_you_mean_path
from grader.intake.notebook_outputs import limit_of, without_outputs
from grader.intake.tree import Entry
from grader.model import SourceFile, Submission

_PREFERRED = ("submission.py", "submission.ipynb")
OF_THE_PROBLEM = frozenset({"problem.yaml", "statement.md", "stub.py"})
"""Files beside a student's own in a problem's folder; they are not the student's."""
_CLOSED = {"problem.yaml": ("checks",), "problems": ("problems", "solutions")}
"""What marks a problem's folder, or a course's -> the folders in it from which no answer takes anything."""
_MAX_BESIDE = 1_000


def read_submission(
    path: Path, *, student: str | None = None, names: tuple[str, ...] = (), max_bytes: int = 1_000_000
) -> Submission:
    """Read one submission with the helper files that it imports or names.

    In a folder ``submission.py`` is preferred, then ``submission.ipynb``, then the only code file, then the
    only one that defines any of `names`.

    Args:
        path: a .py, a .ipynb, or a folder.
        student: whose it is, if that is known.
        names: functions and classes that the problem asks for.
        max_bytes: the largest file that is read; for a notebook, whose outputs count, a multiple of it.

    Raises:
        UsageError: if there is no such path, it is of another kind, or the folder has no answer or several.
        SubmissionError: if the file is a link or a device, too large, empty, binary, or cannot be read.
    """
    file = _code_file(path, names, max_bytes)
    try:
        content = read_regular(file, limit_of(file.name, max_bytes))
        check_code(file.name, content)
    except Refused as refusal:
        notebook = isinstance(refusal, TooLarge) and suffix(file.name) == ".ipynb"
        hint = "Clear All Outputs in Jupyter, save it, and hand it in again." if notebook else None
        raise SubmissionError(f"{printable(str(file))} {refusal}", hint=hint) from refusal
    return _submission(printable(recognisable(file)), printable(file.name), content, file, student, max_bytes)


def unsaved_submission(
    shown: str, name: str, content: bytes, folder: Path, *, max_bytes: int = 1_000_000
) -> Submission:
    """`content` as a submission, as if it lay in `folder` under `name`, with the helper files there."""
    return _submission(shown, name, content, folder / name, None, max_bytes)


def _submission(shown: str, name: str, content: bytes, file: Path, student: str | None, limit: int) -> Submission:
    slim = without_outputs(name, content)
    extra: tuple[SourceFile, ...] = ()
    sources, told = 0, [slim]
    # A helper may name a folder that the answer does not.
    while len(told) > sources:
        sources = len(told)
        extra, _ = gather_extras(name, slim, _beside(file, told), limit, HandInBudget.of_a_student(limit))
        told = [slim, *(helper.content for helper in extra if suffix(helper.name) == ".py")]
    return Submission(shown, SourceFile(name, slim), extra, student, digest(hashlib.sha256(content), extra))


def _code_file(path: Path, names: tuple[str, ...], limit: int) -> Path:
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"there is no {printable(str(path))}", hint=did_you_mean_path(path)) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{printable(str(path))} cannot be opened: {reason(error)}") from error
    if stat.S_ISDIR(mode):
        return _in_folder(path, names, limit)
    if not stat.S_ISREG(mode):
        raise SubmissionError(f"{printable(str(path))} is {what_it_is(mode)}, not a regular file")
    if suffix(path.name) not in CODE:
        hint = "Unpack it first; a whole class is graded by grade batch." if suffix(path.name) == ".zip" else None
        raise UsageError(f"{printable(str(path))} is neither a .py nor a .ipynb", hint=hint)
    return path


def _in_folder(folder: Path, names: tuple[str, ...], limit: int) -> Path:
    try:
        found = sorted(entry.name for entry in os.scandir(folder) if not _is_left_behind((entry.name,)))
    except OSError as error:
        raise UsageError(f"{printable(str(folder))} cannot be listed: {reason(error)}") from error
    for name in _PREFERRED:
        if name in found:
            return folder / name
    code = [name for name in found if suffix(name) in CODE and name not in OF_THE_PROBLEM]
    defining = [name for name in code if len(code) > 1 and _defines(folder / name, names, limit)]
    for choice in (code, defining):
        if len(choice) == 1:
            return folder / choice[0]
    if code:
        raise UsageError(
            f"{printable(str(folder))} holds several code files and none is called submission.py: "
            f"{listed(list(map(printable, code)))}",
            hint="Give one of them, or call one submission.py.",
        )
    there = f"; there is {listed(list(map(printable, found)))}" if found else "; it is empty"
    raise UsageError(
        f"{printable(str(folder))} holds no .py and no .ipynb{there}",
        hint="A submission is a file called submission.py or submission.ipynb.",
    )


def _is_left_behind(parts: tuple[str, ...]) -> bool:
    return is_silent(parts) or told_root(parts) is not None


def _defines(path: Path, names: tuple[str, ...], limit: int) -> bool:
    try:
        return bool(defined_names(path.name, read_regular(path, limit_of(path.name, limit))) & set(names))
    except Refused:
        return False


def _beside(file: Path, sources: Sequence[bytes]) -> dict[tuple[str, ...], Entry]:
    """What lies beside `file`, and below in packages and in folders that `sources` name, as far as it may be taken
    along. The nearest files come first."""
    text = b"\n".join(map(in_ascii, sources))
    nearby: dict[tuple[str, ...], Entry] = {}
    pending: list[tuple[Path, tuple[str, ...]]] = [(file.parent, ())]
    while pending:
        folder, relative = pending.pop(0)
        try:
            children = sorted(os.scandir(folder), key=lambda child: child.name)
        except OSError:
            continue
        closed = OF_THE_PROBLEM.union(*(_CLOSED.get(child.name, ()) for child in children))
        for child in children:
            path = (*relative, printable(child.name))
            if len(nearby) >= _MAX_BESIDE or _is_left_behind(path) or child.name in closed:
                continue
            if child.is_dir(follow_symlinks=False):
                if os.fsencode(child.name) in text or (Path(child.path) / "__init__.py").exists():
                    pending.append((Path(child.path), path))
            elif child.is_file(follow_symlinks=False) and child.name != file.name and suffix(child.name) != ".ipynb":
                nearby[path] = _entry(Path(child.path), path)
    return nearby


def _entry(path: Path, relative: tuple[str, ...]) -> Entry:
    return Entry(relative, "/".join(relative), 0, lambda limit: read_regular(path, limit))
