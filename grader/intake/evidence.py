"""Which problems a code file may answer, and how strongly that is shown.

Strongest first: the problem's name in the file's name, its number there, its name or number on a folder
around it, the platform's own word, the functions the file defines. Functions overrule a mere number:
``hw2.py`` that defines what problem 07 asks for, and nothing of 02, answers 07. One file may answer several
problems, as a notebook with all of them does, if it defines at least half of what each asks for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from grader.intake.content import defined_names, suffix
from grader.intake.extras import Hash
from grader.intake.handin import Handin
from grader.intake.model import Student
from grader.intake.naming import Names, NameStem, Strength, strongest
from grader.intake.tree import Entry
from grader.intake.versions import Version
from grader.model import Problem


class Evidence(IntEnum):
    """Why a file is taken as the answer to a problem; larger is stronger."""

    ONLY_PROBLEM = 0
    WORD = 1
    FEW_FUNCTIONS = 2
    FUNCTIONS = 3
    PLATFORM = 4
    FOLDER = 5
    NUMBER = 6
    NAME = 7

    @property
    def words(self) -> str:
        """The reason for people."""
        return _WORDS[self]


_WORDS = {
    Evidence.ONLY_PROBLEM: "it is the only problem",
    Evidence.WORD: "a word in its name",
    Evidence.FEW_FUNCTIONS: "one of the functions that it defines",
    Evidence.FUNCTIONS: "the functions that it defines",
    Evidence.PLATFORM: "it was handed in for it",
    Evidence.FOLDER: "its folder's name",
    Evidence.NUMBER: "the number in its name",
    Evidence.NAME: "the problem's name in its own",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code file that may answer problems."""

    entry: Entry
    handin: Handin
    stem: NameStem
    content: bytes
    """Without what a notebook showed."""
    whole: Hash
    """Fed the file as it was handed in."""
    defined: frozenset[str]
    answers: dict[str, Evidence] = field(default_factory=dict)
    overruled: str | None = None
    """A problem that a number or a folder spoke of, and the functions did not."""

    version: Version = field(default_factory=lambda: Version(()))
    """What the path says, beside the problem's name, of how new it is."""

    @property
    def folder(self) -> tuple[str, ...]:
        return self.entry.parts[:-1]


class Judge:
    """Weighs the evidence for the problems of one course."""

    def __init__(self, problems: Sequence[Problem], names: Names) -> None:
        self._asked = {problem.slug: frozenset(problem.names) for problem in problems}
        self._names = names
        self._defined: dict[tuple[str, bytes], frozenset[str]] = {}

    def defined(self, name: str, content: bytes, *, again: bool = False) -> frozenset[str]:
        """Names that a file seems to define; kept where it will be looked into `again`."""
        if not (again or self._defined):
            return defined_names(name, content)
        key = suffix(name), hashlib.sha256(content).digest()
        found = self._defined.get(key)
        if found is None:
            found = defined_names(name, content)
            if again:
                self._defined[key] = found
        return found

    def by_functions(self, defined: frozenset[str]) -> list[str]:
        """Problems of which at least half is defined."""
        return [slug for slug, share in self._shares(defined).items() if share >= 0.5]

    def judged(self, candidate: Candidate, student: Student) -> Candidate:
        """The candidate with the problems it may answer."""
        functions = self.by_functions(candidate.defined)
        answers = dict.fromkeys(functions, Evidence.FUNCTIONS)
        overruled = None
        if (named := self._named(candidate)) is not None:
            problem, evidence = named
            if functions and evidence != Evidence.NAME and not candidate.defined & self._asked[problem]:
                overruled = problem
            else:
                answers[problem] = evidence
        if not answers and (guess := self._guess(candidate, student)) is not None:
            answers[guess[0]] = guess[1]
        return replace(candidate, answers=answers, overruled=overruled)

    def _named(self, candidate: Candidate) -> tuple[str, Evidence] | None:
        hits = self._names.hits(candidate.stem.text)
        problem = strongest(hits, Strength.NUMBER)
        if candidate.handin.flat_name:
            # The layout has already told the student's words and numbers from the problem's.
            own = candidate.handin.problem
            by_name = any(hit.problem == own and hit.strength == Strength.SLUG for hit in hits)
            return (own, Evidence.NAME if by_name else Evidence.NUMBER) if own else None
        if problem:
            return problem, Evidence.NAME if hits[0].strength == Strength.SLUG else Evidence.NUMBER
        for folder in reversed(candidate.entry.parts[:-1]):
            if problem := self._names.best(folder, Strength.NUMBER):
                return problem, Evidence.FOLDER
        return (candidate.handin.problem, Evidence.PLATFORM) if candidate.handin.problem else None

    def _guess(self, candidate: Candidate, student: Student) -> tuple[str, Evidence] | None:
        shares = self._shares(candidate.defined)
        most = max(shares.values(), default=0.0)
        best = [slug for slug, share in shares.items() if share == most and share > 0]
        if len(best) == 1:
            return best[0], Evidence.FEW_FUNCTIONS
        if problem := self._names.best(candidate.stem.text):
            return problem, Evidence.WORD
        owner = f"{student.id} {student.name}"
        if len(self._asked) == 1 and self._names.says_nothing(candidate.stem.text, owner):
            return next(iter(self._asked)), Evidence.ONLY_PROBLEM
        return None

    def _shares(self, defined: frozenset[str]) -> dict[str, float]:
        return {slug: len(defined & asked) / len(asked) for slug, asked in self._asked.items() if asked}
