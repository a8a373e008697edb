"""The first step: what was handed in, into the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from grader.batch import rounds
from grader.batch.contained import Contained, ItemFailed
from grader.batch.groups import replaced, with_groups
from grader.batch.keys import content_key, grade_key, surroundings
from grader.batch.model import Attempts, Batch, Planned
from grader.batch.shelf import Files, Shelf
from grader.batch.store import Store
from grader.batch.tokens import no_shape, shape
from grader.errors import UsageError
from grader.intake.answers import Answers
from grader.intake.choosing import Undecided
from grader.intake.collect import Match, Matched, Unreadable, collect, open_source
from grader.intake.following import follow_plan
from grader.intake.model import Intake, Keep, NoticeKind, emptied
from grader.model import Problem

_CPU_SECONDS, _MOST_MB = 10.0, 256
"""For all files of one student. Some hundred megabytes are read and searched in a second."""


def collect_into_store(batch: Batch) -> Planned:
    """Read the submissions, and put them in place of what the store had of them. Run aside: it holds a class's names.

    What the files hold is in memory for one student at a time.
    """
    with Shelf(batch.out) as shelf:
        intake = with_groups(
            _collect(batch, shelf.put), batch.rules.course.groups, [problem.slug for problem in batch.problems]
        )
        return _into_store(batch, intake, shelf)


def _into_store(batch: Batch, intake: Intake, shelf: Shelf) -> Planned:
    around = surroundings(batch.problems)
    problems = {problem.slug: problem for problem in batch.problems}
    filed = []
    for work in intake.work:
        content = content_key(work.submission)
        filed.append((work, content, grade_key(content, problems[work.problem], around)))
    if not intake.students:
        raise UsageError(
            f"{batch.source} holds nobody's work", hint="give the folder or the archive that holds the submissions"
        )
    source = str(batch.source.resolve())
    with Store(batch.out) as store:
        beside = None
        if not batch.fresh:
            beside = rounds.place(store, source, filed, batch.add)
            rounds.refuse_losses(store, batch, intake, source, beside)
            if beside is not None and batch.attempts is Attempts.LAST:
                told = replaced(intake, store.counted_before(beside))
                intake = msgspec.structs.replace(intake, notices=(*intake.notices, *told))
        else:
            store.forget()
        order = [problem.slug for problem in batch.course]
        with Contained(_shape) as shapes:

            def contents_of(names: Sequence[str]) -> Iterator[tuple[bytes, bytes]]:
                found = shapes.each(map(shelf.files, names))
                for name, shape in zip(names, found, strict=True):
                    yield shelf.files(name), no_shape(str(shape)) if isinstance(shape, ItemFailed) else shape

            store.put_intake(intake, filed, contents_of, source, order, beside=beside)
        tasks = store.tasks()
        most = {task.problem: problems[task.problem].limits.most_seconds for task in tasks if task.problem in problems}
        return Planned(
            students=len(intake.students),
            answers=len(intake.work),
            to_grade=len(tasks),
            notices=dict(Counter(str(notice.kind) for notice in store.notices())),
            reading=intake.reading,
            most_seconds=most,
            all_seconds=sum(most.get(task.problem, 0.0) for task in tasks) / max(1, min(batch.jobs, len(tasks))),
        )


def _shape(files: bytes) -> bytes:
    """The shape of an answer, found in a process that may die over it."""
    main, _, _ = msgspec.msgpack.decode(files, type=Files)
    return shape(main)


def _contained(match: Match, count: int) -> Matched:
    """`match` for each student in a process that may die over one student's files."""

    def encoded(place: bytes) -> bytes:
        return msgspec.msgpack.encode(match(int.from_bytes(place, "little")))

    decode = msgspec.msgpack.Decoder(Answers).decode
    with Contained(encoded, cpu_seconds=_CPU_SECONDS, most_mb=_MOST_MB, keeps_files=True) as calls:
        for found in calls.each(place.to_bytes(4, "little") for place in range(count)):
            yield Unreadable(str(found)) if isinstance(found, ItemFailed) else decode(found)


def read_for_plan(batch: Batch) -> Intake:
    """What would be graded, by the best reading that there is; `Intake.doubts` says why it may be wrong."""
    try:
        return _collect(batch, emptied)
    except Undecided:
        return _of_problems(batch, _read(batch, batch.course, emptied, in_spite=True))


def _collect(batch: Batch, keep: Keep) -> Intake:
    """The hand-ins for the problems that were asked for.

    Files are told apart by the whole course. Where that leaves some of them over, and nobody handed in anything for
    another problem, everything is taken to be meant for what was asked, whatever its name.
    """
    if batch.plan is not None:
        return _of_problems(batch, follow_plan(open_source(batch.source), batch.plan, batch.course, keep=keep))
    some = len(batch.problems) < len(batch.course)
    try:
        intake = _read(batch, batch.course, keep)
    except Undecided:
        if not some:
            raise
        return _read(batch, batch.problems, keep)
    wanted = {problem.slug for problem in batch.problems}
    left_over = any(notice.kind in (NoticeKind.UNMATCHED, NoticeKind.EMPTY) for notice in intake.notices)
    if some and left_over and all(work.problem in wanted for work in intake.work):
        return _read(batch, batch.problems, keep)
    return _of_problems(batch, intake) if some else intake


def _read(batch: Batch, problems: Sequence[Problem], keep: Keep, *, in_spite: bool = False) -> Intake:
    return collect(
        batch.source,
        problems,
        roster=batch.roster,
        layout=batch.layout,
        contain=_contained,
        keep=keep,
        in_spite=in_spite,
    )


def _of_problems(batch: Batch, intake: Intake) -> Intake:
    """What concerns the problems that were asked for."""
    wanted = {problem.slug for problem in batch.problems}
    return msgspec.structs.replace(
        intake,
        work=tuple(work for work in intake.work if work.problem in wanted),
        notices=tuple(note for note in intake.notices if note.problem is None or note.problem in wanted),
    )
