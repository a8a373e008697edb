"""The last step: the files that people and other programs read, made from the store alone.

    results.jsonl   one result.json a line, by student and problem
    scores.csv      one row a student, one column a problem, in percent of its points; total
    students.json   who they are, for `grade export`
    notices.csv     every file that was not used as it was, and every fault of the grader's, with the reason
    alike.csv       groups of students whose answers are alike
    pages/          one page a student and problem
    index.html      the class

All but the pages are written anew, each in one step. Nothing in them depends on the order in which workers finished.
What a student's code made is read in processes that may die over it (`outlines`, `pages`, `likeness`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.batch.judge import BatchJudge
from grader.batch.likeness import look_for_alike, uncompared
from grader.batch.model import Batch, Row
from grader.batch.outlines import Outlines
from grader.batch.outputs import ALIKE, INDEX, NOTICES, PAGES, PRIVATE_FILE, RESULTS, SCORES, STUDENTS
from grader.batch.pages import PageWriter, page_path
from grader.batch.remarks import fault_reason, remarks
from grader.batch.store import WAITING, Store
from grader.common.atomic import replacing
from grader.common.outfile import write_own
from grader.common.suggest import suggestion
from grader.exports import students_to_json
from grader.exports.spreadsheet_cells import defused_throughout
from grader.intake.model import Student
from grader.model import Grade, Problem
from grader.reports import classpage
from grader.reports.model import Alike, ClassEntry, ClassNotice, Learner
from grader.reports.statistics import ClassCounting
from grader.reports.wording import number
from grader.scoring import percent, total

_DIGEST = 8
"""Characters of the course's digest on the class page."""


def prepare() -> None:
    """Make ready what every publishing needs."""
    classpage.prepare()


def publish(batch: Batch) -> bytes:
    """Write everything. Run aside: statistics and similarity need the whole class at once."""
    with Store(batch.out) as store:
        _sweep(batch.out)
        students = store.students()
        found, groups = look_for_alike(batch, store, len(students))
        book = _Book(batch, store, students, _write_results(batch, store), found)
        _write_scores(book)
        book.write(STUDENTS, students_to_json(book.students, remarks(batch, store)))
        _write_pages(book)
        lines = list(_lines(book))
        _write_notices(book, lines)
        _write_alike(book, groups)
        _write_index(book, lines, groups)
        store.note(
            WAITING, str(sum(answer.grade is not None and bool(answer.grade.waiting) for answer in book.answers))
        )
    return b""


@dataclass(frozen=True)
class _Line:
    """Something for the instructor to know, as the table of notices and the class page have it."""

    path: str
    kind: str
    student: str
    problem: str
    reason: str


@dataclass(frozen=True)
class _Answer:
    """An answer that counts, without what the student's code made."""

    student: str
    problem: str
    path: str
    grade: Grade | None
    """The outline of the published grade; None where there is none."""
    told: str = ""
    """What a list says of it: why it has no grade, or its row no words."""


@dataclass(frozen=True)
class _Book:
    """All there is to publish."""

    batch: Batch
    store: Store
    students: list[Student]
    answers: list[_Answer]
    uncompared: list[tuple[str, str]]
    """Problem, and why its answers were not compared with each other."""

    @property
    def answered(self) -> list[Problem]:
        """The problems that somebody handed in for: totals are out of their points, in every file alike."""
        answered = self.store.problems()
        return [problem for problem in self.batch.problems if problem.slug in answered]

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the batch's directory, for its owner's eyes."""
        write_own(self.batch.out / name, content, mode=PRIVATE_FILE)


def _sweep(directory: Path) -> None:
    """Remove what a killed run was about to put in place."""
    for pattern in (".*.tmp", f"{PAGES}/*/.*.tmp"):
        for path in directory.glob(pattern):
            path.unlink(missing_ok=True)


def _write_results(batch: Batch, store: Store) -> list[_Answer]:
    """Write each published grade as a line, and return what is left of it for the other files."""
    answers = []
    with replacing(batch.out / RESULTS, mode=PRIVATE_FILE) as file, Outlines() as outlines:
        for row in BatchJudge(batch).rows(store):
            if row.grade is None:
                answers.append(_Answer(row.student, row.problem, row.path, None, fault_reason(row)))
                continue
            outline = outlines.of(row.grade)
            file.write(outline.line)
            told = f"its row holds no words: {outline.wordless}" if outline.wordless else ""
            answers.append(_Answer(row.student, row.problem, row.path, outline.grade, told))
    return answers


def _write_scores(book: _Book) -> None:
    """A cell is empty where nothing was handed in; that counts nothing. An answer that we failed to grade, or that
    waits for a person, leaves its cell and the total empty."""
    graded: dict[str, dict[str, Grade]] = {student.id: {} for student in book.students}
    unfinished = set()
    for answer in book.answers:
        if answer.grade is not None and not answer.grade.waiting:
            graded[answer.student][answer.problem] = answer.grade
        else:
            unfinished.add(answer.student)
    table = [["student", *(problem.slug for problem in book.batch.problems), "total"]]
    points = _points(book)
    for student, grades in graded.items():
        percents = [grades[p.slug].percent if p.slug in grades else None for p in book.batch.problems]
        earned = total((grade.score for grade in grades.values()), points, capped=book.batch.rules.capped)
        cells = ["" if each is None else number(each) for each in percents]
        table.append([student, *cells, "" if student in unfinished else number(percent(earned, points))])
    book.write(SCORES, _csv(table))


def _points(book: _Book) -> float:
    """The most that anyone can have: what the grades are out of, which course.yaml may have changed."""
    most = {problem.slug: 0.0 for problem in book.answered}
    for answer in book.answers:
        if answer.grade is not None:
            most[answer.problem] = max(most[answer.problem], answer.grade.max_score)
    return sum(most.values())


def _write_pages(book: _Book) -> None:
    problems = {problem.slug: problem for problem in book.batch.problems}
    judge = BatchJudge(book.batch)
    with PageWriter(book.batch.out, problems, book.store) as writer:
        rows: Iterator[Row] = judge.rows(book.store)
        writer.remove_others([writer.write(row.key, row.grade) for row in rows if row.grade is not None])


def _lines(book: _Book) -> Iterator[_Line]:
    for note in book.store.notices():
        yield _Line(note.path, str(note.kind), note.student or "", note.problem or "", note.reason)
    for answer in book.answers:
        if answer.told:
            kind = "fault" if answer.grade is None else "row"
            yield _Line(answer.path, kind, answer.student, answer.problem, answer.told)
    why = book.store.undrawn()
    for answer in book.answers if why else ():
        if (reason := why.get(page_path(answer.student, answer.problem))) is not None:
            told = f"is graded, but its page could not be drawn: {reason}"
            yield _Line(answer.path, "page", answer.student, answer.problem, told)
    yield from _rules_for_nobody(book)
    paths = {(answer.student, answer.problem): answer.path for answer in book.answers}
    for student, problem, reason in uncompared(book.batch, book.store):
        told = f"cannot be compared with others as it is, for likeness: {reason}"
        yield _Line(paths.get((student, problem), ""), "note", student, problem, told)
    for problem, reason in book.uncompared:
        told = f"the answers to {problem} were not compared with each other, for likeness: {reason}"
        yield _Line(problem, "note", "", problem, told)


def _rules_for_nobody(book: _Book) -> Iterator[_Line]:
    """The course's extensions and adjustments whose student is not here: of another class, or a slip of the pen."""
    rules, known = book.batch.rules, {student.id for student in book.students}
    about = [
        (student, rules.course.path, f"extension for {', '.join(problems)}")
        for student, problems in rules.course.extensions.items()
    ]
    about += [(each.student, each.where, f"adjustment of {each.problem}") for each in rules.of_course]
    for student, path, what in about:
        if student not in known:
            near = suggestion(student, known)
            told = f"there is no student {student} here" + (f"; {near}" if near else "")
            yield _Line(path, "note", "", "", f"{what}: {told}")


def _write_notices(book: _Book, lines: Sequence[_Line]) -> None:
    table = [["path", "kind", "student", "problem", "reason"]]
    table += [[line.path, line.kind, line.student, line.problem, line.reason] for line in lines]
    book.write(NOTICES, _csv(table))


def _write_alike(book: _Book, groups: Sequence[Alike]) -> None:
    table = [["problem", "similarity", "students"]]
    table += [[group.problem, number(group.similarity, 3), ";".join(group.students)] for group in groups]
    book.write(ALIKE, _csv(table))


def _write_index(book: _Book, lines: Sequence[_Line], groups: Sequence[Alike]) -> None:
    report = ClassCounting().report(
        book.batch.title or book.batch.source.resolve().stem,
        book.answered,
        map(Learner.of, book.students),
        (
            ClassEntry(answer.grade, page_path(answer.student, answer.problem))
            for answer in book.answers
            if answer.grade is not None
        ),
        [ClassNotice(line.path, f"{_about(line.student)}{line.reason}") for line in lines],
        groups,
        _about_run(book),
        capped=book.batch.rules.capped,
    )
    book.write(INDEX, classpage.class_page(report, NOTICES, ALIKE).encode("utf-8", "replace"))


def _about_run(book: _Book) -> list[str]:
    """What was graded, when it was written and with what, in a few words each."""
    batch = book.batch
    course = hashlib.sha256("\n".join(f"{each.slug} {each.version}" for each in batch.course).encode()).hexdigest()
    sources = book.store.sources()
    source = [f"from {', '.join(sources)}"] if batch.title or len(sources) > 1 else []
    return [
        *source,
        f"course {course[:_DIGEST]}",
        f"written {time.strftime('%Y-%m-%d %H:%M')}",
        f"torchgrade {grader.__version__}",
    ]


def _about(student: str) -> str:
    return f"{student}: " if student else ""


def _csv(table: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([map(defused_throughout, row) for row in table])
    return text.getvalue().encode("utf-8", "replace")
