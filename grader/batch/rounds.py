"""Several downloads in one directory: the class, those who handed in late, a second attempt.

A download takes the place of what is there, and a round that is added stands beside it. Either is known by where it
was collected from, or by its contents: the same source again is the same round, read anew. No answer goes without a
word: a download that lacks people changes nothing of what it would replace.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.batch.judge import BatchJudge
from grader.batch.model import Attempts, Batch
from grader.batch.store import Store
from grader.errors import UsageError
from grader.intake.folding import natural
from grader.intake.model import Intake, Work

_NAMED = 8


def place(store: Store, source: str, filed: Iterable[tuple[Work, str, str]], add: bool) -> int | None:
    """The round that `source` is to be beside the others; None where it takes the place of all.

    A folder that was moved is known by what is in it, so that it is not taken for a later round than it is.
    """
    there = store.rounds()
    contents = {(work.student, work.problem, content) for work, content, _ in filed}
    known = [number for number, where in there.items() if where == source]
    known = known or [number for number in there if store.contents_of(number) == contents]
    if known and (add or len(there) > 1):
        return known[0]
    return max(there, default=0) + 1 if add else None


def refuse_losses(store: Store, batch: Batch, intake: Intake, source: str, beside: int | None) -> None:
    """Raise UsageError where answers would go that are there now: of people who are missing, or all to one problem.

    A student who is there may have withdrawn an answer, and the folder may have moved. But where nobody answers a
    problem any more it is another download.
    """
    there = store.rounds()
    replaced = [number for number in there if beside is None or number == beside]
    had = store.handed_in(replaced, [problem.slug for problem in batch.problems])
    people = {student.id for student in intake.students}
    answered = {work.problem for work in intake.work}
    another = any(there[number] != source for number in replaced)
    # A plan may say that a file is another's: then it is still there.
    kept = {work.submission.path for work in intake.work} if batch.plan is not None and not another else set()
    gone = {
        (who, what)
        for (who, what), path in had.items()
        if path not in kept and (who not in people or (another and what not in answered))
    }
    if not gone:
        return
    lost = sorted({student for student, _ in gone}, key=lambda student: (natural(student), student))
    named = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED:,} more" if len(lost) > _NAMED else "")
    answers = f"{len(gone):,} {'answer' if len(gone) == 1 else 'answers'}"
    raise UsageError(
        f"{batch.source} lacks {answers} that {batch.out} holds, of {named}. Nothing was changed",
        hint="--add keeps them and adds this round; --attempts best or last says which answer of a student counts. "
        "--fresh begins anew without them, another --out leaves them alone.",
    )


def settle(store: Store, attempts: Attempts, judge: BatchJudge) -> None:
    """Choose which answer counts of each student who handed in to one problem in several rounds.

    The best has the most points, lateness taken off; among several, and among answers without a grade, the last is
    chosen.
    """
    if attempts is Attempts.LAST:
        store.choose_last()
        return
    best: dict[tuple[str, str], tuple[float, int]] = {}
    for row in store.rivals():
        ruled = judge.rule(row).grade
        score = ruled.score if ruled is not None else -1.0
        pair = (row.student, row.problem)
        best[pair] = max(best.get(pair, (score, row.place)), (score, row.place))
    for (student, problem), (_, chosen) in best.items():
        store.choose(chosen, student, problem)
