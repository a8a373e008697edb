"""Each student's reports, named as the platform takes them back.

Moodle and Canvas know a file by the name that their own download gave: Moodle by the folder ``Jane Doe_12345_…``, whose
number is the participant's in one assignment, Canvas by the user's and the attachment's number in ``doejane_12_34_…``
(``infer_comment_context_from_filename`` in its source). A file that they would not find, or mistake, is left out.
So the names come from the download, and nothing is guessed: the download is read once more, and an answer in it counts
as graded if its path and its content were. Where one answer in it is none of those graded, it is another download, or
has changed since, and nothing is written: nobody gets another's report.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.batch.aside import aside
from grader.batch.judge import BatchJudge
from grader.batch.keys import content_key
from grader.batch.model import Batch, Row
from grader.batch.pages import page_path
from grader.batch.readings import read_as_graded
from grader.batch.store import Store
from grader.errors import UsageError
from grader.exports.spreadsheet_cells import defused_throughout
from grader.exports.writing import safe_name
from grader.intake.model import Student

_MOODLE = re.compile(r"(?P<prefix>.*?_(?P<number>[0-9]{1,18})_assignsubmission_[a-z]+)(?P<rest>_.*)?", re.DOTALL)
_CANVAS = re.compile(r".*?_(?:LATE_)?[0-9A-Za-z]+_[0-9]+_.+", re.DOTALL)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SHOWN = 5


class FeedbackReport(msgspec.Struct, frozen=True):
    """One page for one student."""

    student: Student
    problem: str
    page: str
    """Its path below the batch's directory."""
    source: str = ""
    """Path of the answer in the download."""


class Feedback(msgspec.Struct, frozen=True):
    """What is handed back."""

    files: Mapping[str, str | bytes]
    """Path -> a page below the batch's directory, or the content itself."""
    left_out: tuple[str, ...] = ()
    """Who gets nothing, and why."""
    waiting: int = 0
    """Reports that say that something is not graded by hand yet."""


class FeedbackFormat(msgspec.Struct, frozen=True):
    """One way to hand reports back."""

    make: Callable[[Sequence[FeedbackReport]], Feedback]
    from_download: bool
    """Whether names come from the download, so that there must be one; and the result is an archive, as that was."""


def feedback(batch: Batch, format: FeedbackFormat, source: Path | None) -> Feedback:
    """The reports of a batch, of those whose answers are in `source` where one is given.

    Raises UsageError where there is no source and must be one, or where it is not what was graded.
    """
    with Store(batch.out) as store:
        students = {student.id: student for student in store.students()}
        counted = [row for row in store.rows() if row.grade is not None]
        every = list(store.all_rows())
    if source is not None:
        found = _in_download(batch, source, counted, every)
    elif format.from_download:
        raise UsageError("--source is missing: the names come from the download that was graded")
    else:
        found = _Found([(row, "") for row in counted])
    left_out = [
        f"{students[row.student].name}: another answer to {row.problem} counts, of another download"
        for row in found.elsewhere
    ]
    if format.from_download:
        left_out += [
            f"{students[row.student].name}: {by.name} handed in {row.problem} for the group, and gets it back"
            for row, by in ((row, students.get(by, Student(by, by))) for row, by in found.mates)
        ]
    else:
        found.answers += [(row, "") for row, _ in found.mates]
    reports = [
        FeedbackReport(students[row.student], row.problem, page_path(row.student, row.problem), path)
        for row, path in found.answers
    ]
    for report in reports:
        if not (batch.out / report.page).is_file():
            raise UsageError(
                f"{batch.out / report.page} is not there", hint="run the batch again; it writes what is missing"
            )
    judge, kept = BatchJudge(batch), {row.place for row, _ in found.answers}
    waiting = (judge.rule(row).grade for row in counted if row.place in kept)
    made = format.make(reports)
    lost = tuple(dict.fromkeys((*made.left_out, *left_out)))
    if lost and not made.files:
        hint = "--format folders hands them back another way"
        raise UsageError(f"no report could be handed back so: {lost[0]}; nothing was written", hint=hint)
    return msgspec.structs.replace(
        made,
        left_out=lost,
        waiting=sum(grade is not None and bool(grade.waiting) for grade in waiting),
    )


@dataclass
class _Found:
    """What of a batch is in a download."""

    answers: list[tuple[Row, str]]
    """Graded answers that count, with their paths there."""
    mates: list[tuple[Row, str]] = field(default_factory=list)
    """Those that another member of the group handed in, and who that is."""
    elsewhere: list[Row] = field(default_factory=list)
    """Answers in it in whose place one of another download counts."""


def _in_download(batch: Batch, source: Path, counted: Sequence[Row], every: Sequence[Row]) -> _Found:
    """The graded answers that are in `source`."""
    with read_as_graded(batch, source) as read:
        try:
            answers = msgspec.msgpack.decode(aside(lambda: _answers(read)), type=list[tuple[str, str, str]])
        except UsageError as error:
            if read.plan is None:
                raise
            raise UsageError(
                f"{source} does not hold the files of {read.plan.name}, the plan that was graded; nothing was written",
                hint=f"give the download from where it was graded: {batch.source}, or one in it",
            ) from error
    place_of = {(row.student, row.problem): row.place for row in counted}
    found, strangers = _Found([]), []
    handed_in = {(path, student) for path, _, student in answers}
    for path, content, by in answers:
        rows = [row for row in every if row.content == content and _same_place(row.path, path)]
        if not rows:
            strangers.append(path)
        counting = {
            (row.student, row.problem): row for row in rows if place_of.get((row.student, row.problem)) == row.place
        }
        for row in counting.values():
            # Where nobody can tell which of several handed it in, none of their reports goes there.
            if row.student == by or len({each.student for each in rows}) == 1:
                found.answers.append((row, path))
            elif (path, row.student) not in handed_in:
                found.mates.append((row, by))
        found.elsewhere += {
            row.student: row for row in rows if (row.student, row.problem) in place_of.keys() - counting.keys()
        }.values()
    if strangers or not (found.answers or found.elsewhere):
        named = ", ".join(strangers[:_SHOWN]) + (" and more" if len(strangers) > _SHOWN else "")
        what = (
            f"{len(strangers)} of {len(answers)} answers in it are none of those graded: {named}" if strangers else ""
        )
        raise UsageError(
            f"{source} is not what was graded into {batch.out}; {what or 'no graded answer is in it'}. "
            "Nothing was written",
            hint="give the very download that grade batch was given, of one assignment",
        )
    return found


def _answers(batch: Batch) -> bytes:
    # Imported here, in the process aside: it holds the class.
    from grader.batch.collecting import read_for_plan

    intake = read_for_plan(batch)
    works = [(work.submission.path, content_key(work.submission), work.student) for work in intake.work]
    return msgspec.msgpack.encode(works)


def _same_place(graded: str, path: str) -> bool:
    """Whether two paths are of one file, where several downloads were graded and one of them is given."""
    return graded == path or graded.endswith(f"/{path}")


def _moodle(reports: Sequence[FeedbackReport]) -> Feedback:
    files: dict[str, str | bytes] = {}
    left_out = []
    for report in reports:
        part = next((part for part in report.source.split("/") if _MOODLE.fullmatch(part)), None)
        match = _MOODLE.fullmatch(part) if part is not None else None
        if part is None or match is None:
            raise _other_download(report, "Moodle")
        if part.split("_")[1] != match["number"]:
            # Moodle takes what follows the first underscore for the number, and a name may hold one.
            left_out.append(f"{report.student.name}: Moodle would not find, or mistake, the number in {part}")
            continue
        # A folder, whose name older versions end with an underscore; or a file, with its own name behind.
        alone = (match["rest"] or "_") == "_"
        name = f"{part}/{report.problem}.html" if alone else f"{match['prefix']}_{report.problem}.html"
        _add(files, name, report)
    return Feedback(files, tuple(dict.fromkeys(left_out)))


def _canvas(reports: Sequence[FeedbackReport]) -> Feedback:
    files: dict[str, str | bytes] = {}
    left_out = []
    for report in reports:
        part = next((part for part in report.source.split("/") if _CANVAS.fullmatch(part)), None)
        if part is None:
            raise _other_download(report, "Canvas")
        name = f"{part.rpartition('.')[0]}-{report.problem}.html"
        if why := _lost_on_canvas(name):
            left_out.append(f"{report.student.name}: {why} {part}")
        else:
            _add(files, name, report)
    return Feedback(files, tuple(left_out))


def _lost_on_canvas(name: str) -> str:
    """Why Canvas would ignore a file of this name, in words that stand before it; empty where it would not."""
    parts = [part for part in name.split("_") if part != "LATE"]
    if parts[-1].startswith("link"):
        return "Canvas takes a name for a link's that ends as"
    if parts[0] == "anon":
        return ""
    numbers = [place for place, part in enumerate(parts) if part.isascii() and part.isdigit()]
    if numbers and parts[numbers[0] - 1] == "question" and numbers[0] > 1:
        return "Canvas takes no file back that was handed in to a quiz, such as"
    # The name stands in front; of its own numbers, the first would be taken for the user's.
    if len(numbers) < 2 or numbers[0] == 0 or numbers[1] != numbers[0] + 1:
        return "Canvas would not find, or mistake, the numbers in"
    return ""


def _folders(reports: Sequence[FeedbackReport]) -> Feedback:
    files: dict[str, str | bytes] = {}
    for report in reports:
        _add(files, f"{safe_name(report.student.id)}/{report.problem}.html", report)
    return Feedback(files)


def _mail(reports: Sequence[FeedbackReport]) -> Feedback:
    files: dict[str, str | bytes] = {}
    attachments: dict[str, list[str]] = {}
    students, left_out = dict[str, Student](), list[str]()
    for report in reports:
        students[report.student.id] = report.student
    addresses = {id: _address(student) for id, student in students.items()}
    for report in reports:
        if addresses[report.student.id]:
            name = f"{safe_name(report.student.id)}/{report.problem}.html"
            _add(files, name, report)
            attachments.setdefault(report.student.id, []).append(name)
    left_out += [f"{students[id].name}: has no e-mail address" for id, address in addresses.items() if not address]
    table = [["email", "name", "student", "attachments"]]
    table += [[addresses[id], students[id].name, id, ";".join(names)] for id, names in attachments.items()]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([map(defused_throughout, row) for row in table])
    files["mail.csv"] = text.getvalue().encode("utf-8", "replace")
    return Feedback(files, tuple(left_out))


def _address(student: Student) -> str:
    known = (student.email, student.login, student.id, student.sis_id)
    return next((text for text in known if _ADDRESS.fullmatch(text)), "")


def _add(files: dict[str, str | bytes], name: str, report: FeedbackReport) -> None:
    if files.setdefault(name, report.page) != report.page:
        raise UsageError(
            f"two students would get {name}; nothing was written", hint="--format folders tells them apart"
        )


def _other_download(report: FeedbackReport, platform: str) -> UsageError:
    return UsageError(
        f"{report.source} is not named as in a download from {platform}; nothing was written",
        hint="--format folders or mail hands back what came another way",
    )


FEEDBACK_FORMATS: Mapping[str, FeedbackFormat] = {
    "moodle": FeedbackFormat(_moodle, from_download=True),
    "canvas": FeedbackFormat(_canvas, from_download=True),
    "folders": FeedbackFormat(_folders, from_download=False),
    "mail": FeedbackFormat(_mail, from_download=False),
}
