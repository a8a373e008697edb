"""One export, from a batch's directory to files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.exports import canvas, gradescope, junit, moodle, spreadsheet
from grader.exports.gradebook import read_gradebook
from grader.exports.model import ExportReport, Filled, Format, Gradebook
from grader.exports.writing import safe_name, write_all
from grader.intake.files import Refused, read_regular
from grader.intake.missing import did_you_mean
from grader.model import Problem

_DEFAULT_NAME = {
    Format.CSV: "export.csv",
    Format.CANVAS: "canvas.csv",
    Format.MOODLE: "moodle.csv",
    Format.GRADESCOPE: "gradescope",
    Format.JUNIT: "junit.xml",
}
_TEMPLATE = {
    Format.CANVAS: "In Canvas: Grades, Export, Export Entire Gradebook.",
    Format.MOODLE: "In Moodle: the assignment, View all submissions, Download grading worksheet.",
}
"""Where the template of a format comes from."""
_MAX_TEMPLATE = 50_000_000


def run_export(
    directory: Path, format: str, template: Path | None, out: Path | None, *, problems: Sequence[Problem] = ()
) -> ExportReport:
    """Export a batch's results.

    Args:
        directory: what ``--out`` of ``grade batch`` was.
        format: one of `Format`.
        template: for canvas and moodle, the file downloaded from there; it is read and never written.
        out: a file, or a folder to put one into; for gradescope a folder, or a .json if there is one result.
            Without it, a name by the format inside `directory`.
        problems: the course's, for their titles.

    Raises:
        UsageError: if something does not exist or fit, or a file that is not ours would be overwritten.
    """
    chosen = _format(format)
    source = _read_template(chosen, template)
    gradebook = read_gradebook(directory, problems)
    target = out if out is not None else directory / _DEFAULT_NAME[chosen]
    if chosen is Format.GRADESCOPE:
        files = _gradescope_files(gradebook, target)
        return _report(chosen, gradebook, write_all(directory, files))
    if out is not None and out.is_dir():
        target = out / _DEFAULT_NAME[chosen]
    if template is not None and target.exists() and target.samefile(template):
        raise UsageError(f"{target} is the template itself", hint="Give --out another name.")
    filled = _fill(chosen, gradebook, source, template)
    return _report(chosen, gradebook, write_all(directory, {target: filled.content}), filled)


def _format(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        nearest = difflib.get_close_matches(name, list(Format), n=1)
        known = f"The formats are {', '.join(Format)}."
        hint = f"Did you mean {nearest[0]}? {known}" if nearest else known
        raise UsageError(f"There is no format {name!r}", hint=hint) from None


def _read_template(format: Format, template: Path | None) -> bytes:
    if format not in _TEMPLATE:
        if template is not None:
            raise UsageError(f"{format} takes no template", hint="Leave --template out.")
        return b""
    if template is None:
        hint = f"{_TEMPLATE[format]} Then give the file with --template."
        raise UsageError(f"{format} needs the file downloaded from there as a template", hint=hint)
    if not template.exists():
        raise UsageError(f"There is no {template}", hint=did_you_mean(template))
    try:
        return read_regular(template.resolve(), _MAX_TEMPLATE)
    except Refused as refusal:
        raise UsageError(f"{template} {refusal}") from refusal


def _fill(format: Format, gradebook: Gradebook, source: bytes, template: Path | None) -> Filled:
    match format:
        case Format.CANVAS:
            return canvas.fill(gradebook, source)
        case Format.MOODLE:
            return moodle.fill(gradebook, source, template.stem if template is not None else "")
        case Format.JUNIT:
            return Filled(junit.to_xml(gradebook), _count(gradebook))
        case _:
            return Filled(spreadsheet.to_csv(gradebook), _count(gradebook))


def _gradescope_files(gradebook: Gradebook, target: Path) -> dict[Path, bytes]:
    files = gradescope.files(gradebook)
    if target.suffix.lower() != ".json":
        return {
            target / safe_name(student) / problem / gradescope.RESULTS: content
            for (student, problem), content in files.items()
        }
    if len(files) != 1:
        raise UsageError(
            f"{target} is one file, but there are {len(files)} results",
            hint="Give --out the name of a folder.",
        )
    return {target: next(iter(files.values()))}


def _report(
    format: Format, gradebook: Gradebook, written: tuple[Path, ...], filled: Filled | None = None
) -> ExportReport:
    if filled is None:
        return ExportReport(format, written, _count(gradebook), (), gradebook.notes)
    return ExportReport(format, written, filled.cells, filled.unmatched, (*gradebook.notes, *filled.notes))


def _count(gradebook: Gradebook) -> int:
    return sum(len(person.results) for person in gradebook.people)
