"""Which problem a name speaks of: ``alice_02.py``, ``hw2``, ``Conv Bias (final).ipynb``, ``02-conv-bias/``.

Names are evidence of three strengths. A problem's slug or title cannot be there by accident. A number can: it
may be a version, a date or part of a login, so only numbers that some problem has count, only where they
stand alone or behind a word such as *problem*, and a zero-padded one beats a bare one. A single word of a
slug is the weakest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Protocol

from grader.intake.folding import folded, in_ascii_digits, squashed, words

NUMBERED = words(
    "p problem prob hw homework ex exercise exc task assignment assign a question q lab part sheet week "
    "lecture uebung ubung übung ue ü aufgabe blatt tp td exo exercice devoir ejercicio tarea problema "
    "esercizio oefening opdracht zadanie exercício uppgift opgave oppgave tehtävä úkol ödev задание завдання άσκηση "
    "课题 作业 課題 과제"
)
"""Words before a number that make it the number of a problem."""

GENERIC = words(
    "submission submissions solution solutions answer answers main code final notebook untitled homework hw "
    "assignment assign exercise exercises task tasks problem lab project work copy my new abgabe lösung "
    "loesung uebung übung submit submitted file files python py ipynb attempt"
)
"""Words that say nothing about whose file it is, or about which problem."""

ORDINARY = words(
    "src source sources lib libs libraries include bin build dist out output outputs result results test tests testing "
    "spec specs data dataset datasets util utils utilities helper helpers common shared core tools scripts script "
    "code codes notebook notebooks docs doc documentation report reports notes note images image img imgs figures "
    "figure figs plots plot assets media resources res static models model module modules package packages checkpoint "
    "checkpoints weights logs log tmp temp misc other others stuff examples example demo problem problems check checks "
    "feedback grades grading template templates "
    "handin hand in submission submissions abgaben abgabe devoirs entregas entrega upload uploads download downloads "
    "students student class course everything all sol solved part teil readings reading main index readme"
)
"""Words that name a folder or a file, and nobody."""

_CHUNK = re.compile(r"[^\W_]+")
_WORD_AND_NUMBER = re.compile(r"([^\W\d]+)0*([0-9]{1,3})")
_COPY = re.compile(r"(?:\s*\(([0-9]{1,3})\)|\s*-\s*copy(?:\s*\(([0-9]{1,3})\))?)\Z", re.IGNORECASE)
_DASH = re.compile(r"-([1-9][0-9]{0,2})\Z")


class Numbered(Protocol):
    """What a name may speak of: a problem, or no more of it than its names."""

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def number(self) -> str: ...


class Strength(IntEnum):
    """How much a name proves; larger is stronger."""

    WORD = 1
    NUMBER = 2
    CERTAIN = 3
    """A zero-padded number, or one behind a word for problem."""
    SLUG = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a name that speaks of a problem."""

    problem: str
    strength: Strength
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameStem:
    """A file's name without suffix and without the mark that browsers and platforms put on a second copy."""

    text: str
    copy: int = 0
    """0 for the first, n for ``name (n)``, or ``name-n`` where the platform writes that."""


def split_copy(stem: str, *, dashes: bool = False) -> NameStem:
    """Take the copy mark off `stem`; ``-1`` counts as one only with `dashes`, as Canvas uses it."""
    if match := _COPY.search(stem):
        return NameStem(stem[: match.start()], int(match[1] or match[2] or 1))
    if dashes and (match := _DASH.search(stem)):
        return NameStem(stem[: match.start()], int(match[1]))
    return NameStem(stem)


_PLATFORMS_MARK = re.compile(
    r"_assignsubmission_[a-z]|_attempt_[0-9]{4}(?:-[0-9]{2}){5}|\A[0-9]+-[0-9]+ - .+ - .*\b20[0-9]{2}\b"
    r"|\Asubmission_[0-9]{4,}\Z"
)


def bears_a_platforms_mark(text: str) -> bool:
    """Whether a name is one that Moodle, Blackboard, Brightspace or Gradescope writes, and no student's alone."""
    return _PLATFORMS_MARK.search(text) is not None


def names_nobody(text: str) -> bool:
    """Whether every word of a name is one that people give to files, none of a student."""
    return all(chunk in ORDINARY or chunk in GENERIC for chunk in map(folded, _CHUNK.findall(text)))


class Names:
    """What names can say about one course's problems."""

    def __init__(self, problems: Sequence[Numbered]) -> None:
        self.by_number = {int(p.number): p.slug for p in problems if p.number.isdecimal()}
        self._padded = {p.number: p.slug for p in problems if p.number.isdecimal() and p.number.startswith("0")}
        self._phrases = _phrases(problems)
        self._words = _unique_words(problems)
        self.single_words = _single_words(problems)
        """Problems' names of one word, which may be a student's as well."""
        # The same folder names and file names come back once per student.
        self.hits = lru_cache(maxsize=65_536)(self._hits)
        self.phrases = lru_cache(maxsize=65_536)(self._phrases_in)
        """Every place in a text where a problem's slug or title stands, the longest first."""

    def _hits(self, text: str) -> tuple[Hit, ...]:
        """Everything in `text` that speaks of a problem, strongest first."""
        text = in_ascii_digits(text)
        found = list(self.phrases(text))
        covered = [(hit.start, hit.end) for hit in found]
        for start, end, problem, strength in self._number_and_word_hits(text):
            if not any(start < stop and begin < end for begin, stop in covered):
                found.append(Hit(problem, strength, start, end))
        return tuple(sorted(found, key=lambda hit: (-hit.strength, hit.start)))

    def best(self, text: str, at_least: Strength = Strength.WORD) -> str | None:
        """The one problem that `text` names, or None where it names none, or several equally well."""
        return strongest(self.hits(text), at_least)

    def says_nothing(self, text: str, owner: str = "") -> bool:
        """Whether `text` holds no word or number that may be another problem's; words of `owner` are none."""
        mine = set(folded(owner).split())
        return all(_is_generic(folded(chunk), mine) for chunk in _CHUNK.findall(text))

    def _phrases_in(self, text: str) -> tuple[Hit, ...]:
        line = squashed(text)
        if not any(phrase in line for phrase, _ in self._phrases):
            return ()
        if text.isascii():
            places = [index for index, letter in enumerate(text) if letter.isalnum()]
        else:
            letters = [(plain, index) for index, letter in enumerate(text) for plain in _plain(letter)]
            line, places = "".join(letter for letter, _ in letters), [index for _, index in letters]
        hits: list[Hit] = []
        for phrase, problem in self._phrases:
            position = line.find(phrase)
            while position >= 0:
                start, end = places[position], places[position + len(phrase) - 1] + 1
                # Phrases come longest first: what lies inside a longer one is part of that one.
                if not any(hit.start < end and start < hit.end for hit in hits):
                    hits.append(Hit(problem, Strength.SLUG, start, end))
                position = line.find(phrase, position + len(phrase))
        return tuple(hits)

    def _number_and_word_hits(self, text: str) -> Iterable[tuple[int, int, str, Strength]]:
        before = ""
        for match in _CHUNK.finditer(text):
            chunk, start, end = folded(match[0]), match.start(), match.end()
            announced, before = before in NUMBERED, chunk
            if chunk.isdecimal() and len(chunk) <= 3:
                if int(chunk) in self.by_number:
                    certain = announced or chunk in self._padded
                    strength = Strength.CERTAIN if certain else Strength.NUMBER
                    yield start, end, self.by_number[int(chunk)], strength
            elif (numbered := _WORD_AND_NUMBER.fullmatch(chunk)) and numbered[1] in NUMBERED:
                if int(numbered[2]) in self.by_number:
                    yield start, end, self.by_number[int(numbered[2])], Strength.CERTAIN
            elif chunk in self._words:
                yield start, end, self._words[chunk], Strength.WORD


def strongest(hits: Sequence[Hit], at_least: Strength = Strength.WORD) -> str | None:
    """The problem of the strongest hits, if they agree."""
    if not hits or hits[0].strength < at_least:
        return None
    problems = {hit.problem for hit in hits if hit.strength == hits[0].strength}
    return problems.pop() if len(problems) == 1 else None


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """One character as `squashed` writes it: nothing, itself, or the letters it stands for."""
    return squashed(letter)


def _is_generic(chunk: str, mine: set[str]) -> bool:
    numbered = _WORD_AND_NUMBER.fullmatch(chunk)
    if chunk in mine or chunk in GENERIC:
        return True
    return bool(numbered and numbered[1] in GENERIC - NUMBERED)


def _phrases(problems: Sequence[Numbered]) -> list[tuple[str, str]]:
    """(squashed slug or title, problem), longest first; phrases that two problems share prove nothing."""
    owners: dict[str, set[str]] = {}
    for problem in problems:
        for phrase in (problem.slug, problem.slug.partition("-")[2], problem.title):
            text = squashed(phrase)
            if len(text) >= 4 and not text.isdecimal():
                owners.setdefault(text, set()).add(problem.slug)
    return sorted(
        ((phrase, slugs.pop()) for phrase, slugs in owners.items() if len(slugs) == 1),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )


def _unique_words(problems: Sequence[Numbered]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for problem in problems:
        for word in folded(problem.slug).split():
            if len(word) >= 4 and not word.isdecimal():
                owners.setdefault(word, set()).add(problem.slug)
    return {word: slugs.pop() for word, slugs in owners.items() if len(slugs) == 1 and word not in GENERIC}


def _single_words(problems: Sequence[Numbered]) -> frozenset[str]:
    phrases = [phrase for p in problems for phrase in (p.slug.partition("-")[2], p.title)]
    return frozenset(squashed(phrase) for phrase in phrases if len(folded(phrase).split()) == 1)
