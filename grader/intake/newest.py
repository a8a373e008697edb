"""Which of one student's answers to one problem counts: the newest, by the strongest evidence that there is.

    1. the platform's time, or the number of the attempt: an attempt replaces those before it
    2. among files that are versions of each other: the times in the archive, else what their names say (`versions`)
    3. among the rest, which are no versions of each other: the one that is most clearly the answer

Whatever decides, what was not taken is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.intake.content import CODE
from grader.intake.dates import Habit, habit
from grader.intake.evidence import Candidate
from grader.intake.folding import folded, natural, words
from grader.intake.naming import GENERIC, Names, Strength
from grader.intake.versions import Version, joined, spaced, version_of
from grader.model import Problem

STUB = "stub.py"
_PREFERRED = ("submission", "solution", "answer", "main")
_TESTS = words("test tests testing check checks")
_SECONDS = 60
"""Times in an archive that are closer were written by whoever packed or copied the files."""
_UNKNOWN_WORDS = 2
_NUMBER = "#"
_APART = "\0"
"""Before the core of what is no version of anything: tests, and what the course gives out."""


@dataclass(slots=True)
class Choice:
    """The answer taken, and why others are older."""

    best: Candidate
    older: dict[str, str] = field(default_factory=dict)
    """Printable path -> why it is older, for each version of the one taken; empty where it is its other form."""


def with_versions(rivals: Sequence[Candidate], names: Names) -> list[Candidate]:
    """The candidates with what their paths say of their versions. A folder that all lie in tells nothing of it."""
    around = [candidate.folder for candidate in rivals]
    shared = next(
        (n for n, level in enumerate(zip(*around, strict=False)) if len(set(level)) > 1), min(map(len, around))
    )
    written = habit(part for candidate in rivals for part in (*candidate.folder[shared:], candidate.stem.text))
    return [replace(candidate, version=_version(candidate, names, shared, written)) for candidate in rivals]


def _version(candidate: Candidate, names: Names, shared: int, written: Habit) -> Version:
    """What a candidate's path says of its version, beside the problem that it names and below `shared` folders."""
    parts = [*candidate.folder[shared:], candidate.stem.text]
    versions = list[Version]()
    for part in map(spaced, parts):
        hits, rest = names.hits(part), part
        if hits and hits[0].strength >= Strength.NUMBER:
            rest = f"{part[: hits[0].start]} {part[hits[0].end :]}"
        found = version_of(rest, written)
        core = tuple(word for word in found.core if word not in GENERIC or len(versions) == len(parts) - 1)
        versions.append(Version(core, found.standing, found.date, found.number, found.copy))
    whole = joined(versions)
    # Names that differ in numbers alone are versions, and the larger number is the newer.
    core = tuple(_NUMBER if word[0].isdecimal() else word for word in whole.core)
    numbers = tuple(int(part) for word in whole.core if word[0].isdecimal() for part in word.split("."))
    copy = max(whole.copy, candidate.stem.copy)
    return Version(core, whole.standing, whole.date, (*whole.number, *numbers), copy)


def chosen(rivals: Sequence[Candidate], problem: Problem) -> Choice:
    """The one of `rivals` that counts as the answer to `problem`."""
    if len(rivals) == 1:
        return Choice(rivals[0])
    asked = frozenset(problem.names)
    meant = [candidate for candidate in rivals if candidate.handin.problem == problem.slug]
    # What was handed in for another problem is no newer attempt at this one.
    rivals = meant + [c for c in rivals if c.handin.problem is None] if meant else rivals
    last = max(candidate.handin.attempt for candidate in rivals)
    attempt = [candidate for candidate in rivals if candidate.handin.attempt == last]
    older = {c.entry.shown: "an earlier attempt" for c in rivals if c.handin.attempt != last}
    families = _families(attempt, problem)
    winners = []
    for family in families:
        newest = _newest(family, asked)
        winners.append(newest)
        for candidate in family:
            if candidate is not newest:
                older[candidate.entry.shown] = _why(newest, candidate)
    best = max(winners, key=lambda candidate: _order(candidate, problem))
    return Choice(best, older)


def looks_like_a_test(candidate: Candidate) -> bool:
    """Whether a file is called as tests are."""
    own = folded(candidate.entry.name.rpartition(".")[0]).split()
    return bool(_TESTS & {*own[:1], *own[-1:], *(folder.lower() for folder in candidate.folder)})


def _families(candidates: Sequence[Candidate], problem: Problem) -> list[list[Candidate]]:
    """Candidates that are versions of each other."""
    families: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: (len(c.version.core), c.entry.shown)):
        core = candidate.version.core
        if looks_like_a_test(candidate) or candidate.entry.name == STUB:
            core = (_APART, *core)
        plain = next((known for known in families if _is_copy_of(candidate, known, families[known], problem)), core)
        families.setdefault(plain, []).append(candidate)
    return list(families.values())


def _is_copy_of(candidate: Candidate, core: tuple[str, ...], family: Sequence[Candidate], problem: Problem) -> bool:
    """Whether a name is that of a family with a word more, in any language, and defines no less."""
    own = candidate.version.core
    more = len(own) - len(core)
    if looks_like_a_test(candidate) or not 0 < more <= _UNKNOWN_WORDS or core[:1] == (_APART,):
        return False
    if candidate.answers[problem.slug] != family[0].answers[problem.slug]:
        return False
    if own[:-more] != core and own[more:] != core:
        return False
    plain = [c for c in family if c.folder == candidate.folder]
    asked = frozenset(problem.names)
    return any(candidate.defined & asked >= c.defined & asked for c in plain)


def _newest(family: Sequence[Candidate], asked: frozenset[str]) -> Candidate:
    by_kind: dict[str, list[Candidate]] = {}
    for candidate in family:
        by_kind.setdefault(candidate.entry.suffix, []).append(candidate)
    newest = [max(own, key=lambda c: _age(c, own)) for own in by_kind.values()]
    # A notebook and its own export as a script: the one that has the answer, then the newer one.
    return max(
        newest,
        key=lambda c: (bool(c.defined & asked), *_age(c, newest), c.entry.suffix == ".py", c.entry.suffix in CODE),
    )


def _age(candidate: Candidate, family: Sequence[Candidate]) -> tuple[object, ...]:
    """Larger is newer."""
    plain = min(len(c.version.core) for c in family)
    as_code = candidate.entry.own_name.lower().endswith(candidate.entry.suffix)
    rank = (*candidate.version.rank, as_code, len(candidate.version.core) > plain)
    by_name = [(-kind, -number) for kind, number, _ in natural(candidate.entry.shown)]
    return (_time(candidate, family), rank, candidate.handin.sequence, by_name)


def _time(candidate: Candidate, family: Sequence[Candidate]) -> int:
    times = [each.entry.written for each in family]
    return candidate.entry.written if all(times) and max(times) - min(times) >= _SECONDS else 0


def _why(newest: Candidate, older: Candidate) -> str:
    if newest.entry.suffix != older.entry.suffix:
        return ""
    times = newest.entry.written, older.entry.written
    if all(times) and abs(times[0] - times[1]) >= _SECONDS:
        return "by the times in the archive"
    if newest.version.rank[:-1] == older.version.rank[:-1] and newest.version.copy != older.version.copy:
        return "by its name: a copy is taken for newer than what it was copied from"
    if newest.version.rank != older.version.rank or newest.version.core != older.version.core:
        return "by its name"
    return "uploaded before" if newest.handin.sequence != older.handin.sequence else ""


def _order(candidate: Candidate, problem: Problem) -> tuple[object, ...]:
    """Larger is more clearly the answer."""
    name = folded(candidate.stem.text)
    return (
        bool(candidate.defined & set(problem.names)),
        not looks_like_a_test(candidate),
        candidate.answers[problem.slug],
        candidate.entry.name != STUB,
        -_PREFERRED.index(name) if name in _PREFERRED else -len(_PREFERRED),
        candidate.handin.sequence,
        candidate.version.rank,
        candidate.entry.suffix == ".py",
        -len(candidate.entry.parts),
        # The name decides last, so that the choice does not depend on the order of listing.
        [(-kind, -number) for kind, number, _ in natural(candidate.entry.shown)],
        candidate.entry.shown,
    )
