"""Groups in a batch: what one member handed in is every member's, and no likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.batch.keys import content_key
from grader.batch.model import Row
from grader.intake.model import Intake, Notice, NoticeKind, Student, Work
from grader.problem.groups import Groups


def with_groups(intake: Intake, groups: Groups, problems: Sequence[str]) -> Intake:
    """The intake, where each member of a group has the group's work.

    Where members handed in different files, the one that came last is the group's, if the platform says when each came;
    else each keeps what they handed in, and a notice tells of it.
    """
    work = {(each.student, each.problem): each for each in intake.work}
    students = {student.id: student for student in intake.students}
    notices = list(intake.notices)
    for problem in problems:
        for group, members in groups.members(problem).items():
            handed_in = [work[member, problem] for member in members if (member, problem) in work]
            chosen = _chosen(handed_in)
            if chosen is None:
                if handed_in:
                    notices.append(_several(group, problem, handed_in))
                continue
            for member in members:
                if member not in students:
                    students[member] = Student(member, member)
                    why = f"is in group {group}, is not on the roster, and handed in nothing alone"
                    notices.append(Notice(groups.path, NoticeKind.NOTE, f"{member} {why}", member, problem))
                if work.get((member, problem)) is not chosen:
                    why = f"{chosen.student} handed it in for group {group}"
                    work[member, problem] = msgspec.structs.replace(chosen, student=member, why=why, by=chosen.student)
    order = {slug: place for place, slug in enumerate(problems)}
    places = {student: place for place, student in enumerate(students)}
    return msgspec.structs.replace(
        intake,
        students=tuple(students.values()),
        work=tuple(sorted(work.values(), key=lambda each: (places[each.student], order.get(each.problem, 0)))),
        notices=tuple(notices),
    )


def _chosen(handed_in: Sequence[Work]) -> Work | None:
    """The group's work; None where there is none, or nobody can tell which."""
    contents = {content_key(each.submission) for each in handed_in}
    if len(contents) == 1:
        return handed_in[0]
    if not handed_in or not all(each.handed_in for each in handed_in):
        return None
    return max(handed_in, key=lambda each: each.handed_in)


def _several(group: str, problem: str, handed_in: Sequence[Work]) -> Notice:
    people = ", ".join(each.student for each in handed_in)
    reason = f"group {group} handed in several answers ({people}); each counts for who handed it in"
    return Notice(handed_in[0].submission.path, NoticeKind.DOUBLE, reason, None, problem)


def replaced(intake: Intake, before: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[Notice]:
    """A notice for each member whose own answer of an earlier round gives way to one that another member handed in.

    `before` is what counted until then: (student, problem) -> path and content. Where both had the same answer then,
    the group has handed in once more, and there is nothing to tell.
    """
    for work in intake.work:
        own = before.get((work.student, work.problem))
        if not work.by or own is None or own == before.get((work.by, work.problem)):
            continue
        path, content = own
        if content != content_key(work.submission):
            reason = f"{work.why}, and it came later: it counts instead of {path}, the answer of {work.student} so far"
            yield Notice(work.submission.path, NoticeKind.NOTE, reason, work.student, work.problem)


def teams(rows: Iterable[Row], groups: Groups) -> dict[str, dict[str, str]]:
    """Problem -> student -> what all who handed in together have in common: a group, or one file of several people."""
    holders: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if group := groups.of(row.student, row.problem):
            found[row.problem][row.student] = f"group {group}"
        else:
            holders[row.problem, row.path].append(row.student)
    for (problem, path), students in holders.items():
        if len(students) > 1:
            found[problem] |= dict.fromkeys(students, f"file {path}")
    return dict(found)
