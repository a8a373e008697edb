"""One export, from a batch's directory to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grader.common.suggest import did_you_mean
from grader.errors import GraderError, UsageError
from grader.exports.anonymous import without_names
from grader.exports.formats import FORMATS
from grader.exports.gradebook import read_gradebook
from grader.exports.model import (
    ExportFormat,
    ExportReport,
    ExportRequest,
    Filled,
    Person,
    Unmatched,
    UnmatchedKind,
)
from grader.exports.writing import write_all
from grader.intake.files import Refused, read_regular
from grader.intake.missing import did_you_mean_path
from grader.model import Problem
from grader.reports.wording import one_line

_MAX_TEMPLATE = 50_000_000


def run_export(
    directory: Path,
    format: str,
    template: Path | None,
    out: Path | None,
    *,
    problems: Sequence[Problem] = (),
    columns: Mapping[str, str] | None = None,
    anonymous: bool = False,
    capped: bool = False,
) -> ExportReport:
    """Export a batch's results.

    Args:
        directory: what ``--out`` of ``grade batch`` was.
        format: the name of one of `FORMATS`.
        template: for canvas and moodle, the file downloaded from there; it is read and never written.
        out: a file, or a folder to put one into; for gradescope a folder, or a .json if there is one result.
            Without it, a name by the format inside `directory`.
        problems: the course's, for their titles.
        anonymous: number the students, and leave out whatever may say who they are.
        capped: whether points beyond full marks only make up for lost ones.
        columns: problem, or "total" -> the column of the template that was named for it by hand.

    Raises:
        UsageError: if something does not exist or fit, or a file that is not ours would be overwritten.
    """
    chosen = _format(format)
    source = _read_template(chosen, template)
    gradebook = read_gradebook(directory, problems, capped=capped)
    if anonymous:
        if chosen.template_from:
            raise UsageError(
                f"{chosen.name} names the students itself", hint="--anonymous goes with csv, junit or page"
            )
        gradebook = without_names(gradebook)
    name = template.stem if template is not None else ""
    filled = made(chosen, ExportRequest(gradebook, source, name, columns or {}))
    files = _placed(chosen, filled, directory, out)
    if template is not None:
        for target in files:
            if target.exists() and target.samefile(template):
                raise UsageError(f"{target} is the template itself", hint="Give --out another name.")
    written = write_all(directory, files, private=not anonymous)
    return ExportReport(chosen.name, written, filled.grades, filled.unmatched, (*gradebook.notes, *filled.notes))


def made(format: ExportFormat, request: ExportRequest) -> Filled:
    """What a format makes of a class. Students whose results it can make nothing of are left out, and named."""
    try:
        return format.make(request)
    except GraderError:
        raise
    except Exception:
        people = request.gradebook.people
        odd = _odd(format, request, people)
        if not odd:
            raise
    filled = format.make(_of(request, [person for person in people if person.student.id not in odd]))
    names = {person.student.id: person.student.name for person in people}
    left_out = [Unmatched(UnmatchedKind.STUDENT, names[id], f"left out: {why}") for id, why in odd.items()]
    return msgspec.structs.replace(filled, unmatched=(*left_out, *filled.unmatched))


def _odd(format: ExportFormat, request: ExportRequest, people: Sequence[Person]) -> dict[str, str]:
    """Id of each student whose results the format can make nothing of -> why."""
    try:
        format.make(_of(request, people))
    except GraderError:
        return {}
    except Exception as error:
        if len(people) == 1:
            return {people[0].student.id: one_line(f"{type(error).__name__}: {error}")}
        half = len(people) // 2
        return _odd(format, request, people[:half]) | _odd(format, request, people[half:])
    return {}


def _of(request: ExportRequest, people: Sequence[Person]) -> ExportRequest:
    return msgspec.structs.replace(request, gradebook=msgspec.structs.replace(request.gradebook, people=tuple(people)))


def _format(name: str) -> ExportFormat:
    if name in FORMATS:
        return FORMATS[name]
    raise UsageError(f"there is no format {name!r}", hint=did_you_mean(name, FORMATS))


def _read_template(format: ExportFormat, template: Path | None) -> bytes:
    if not format.template_from:
        if template is not None:
            raise UsageError(f"{format.name} takes no template", hint="Leave --template out.")
        return b""
    if template is None:
        hint = f"{format.template_from} Then give the file with --template."
        raise UsageError(f"{format.name} needs the file downloaded from there as a template", hint=hint)
    if not template.exists():
        raise UsageError(f"there is no {template}", hint=did_you_mean_path(template))
    try:
        return read_regular(template.resolve(), _MAX_TEMPLATE)
    except Refused as refusal:
        raise UsageError(f"{template} {refusal}") from refusal


def _placed(format: ExportFormat, filled: Filled, directory: Path, out: Path | None) -> dict[Path, bytes]:
    """Where each file goes."""
    target = out if out is not None else directory / format.default_name
    if not format.is_folder:
        if out is not None and out.is_dir():
            target = out / format.default_name
        return {target: filled.content}
    if not target.suffix or target.is_dir():
        return {target.joinpath(*parts): content for parts, content in filled.files.items()}
    if len(filled.files) != 1:
        raise UsageError(
            f"{target} is one file, but there are {len(filled.files)} results", hint="Give --out the name of a folder."
        )
    return {target: filled.content}
