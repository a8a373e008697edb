"""The reference's replies as a file, for a student kit: its checks ask the reference, and it holds no solution.

When a kit is made, the public checks run once against the course's own solution, and a `Recorder` notes each question
and the reply. In the kit a `RecordedReference` stands in the solution's place and gives the same reply to the same
question, with the same tolerance. The recorder notes the random inputs of those checks as well: a normal draw may
differ in its last digit on another processor, and would be another question there.

The file is written in the wire's own closed codec. A question is kept as its digest alone.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from typing import Any

import torch

from grader.checking.tolerance import attach, float_tensors, tolerance_of
from grader.errors import ProblemFileError, WireError
from grader.problem.load import RECORDED
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import Encoder, TooLargeError

# Changes with what the file holds.
_FORMAT = 1
_MOST_BYTES = 64 << 20


class Recorder:
    """Notes what checks ask the reference, and the random inputs of those that do."""

    def __init__(self, problem: str) -> None:
        self._problem = problem
        self._check = ""
        self._answers: dict[tuple[str, bytes], tuple[bytes, tuple[float, ...]]] = {}
        self._draws: dict[str, list[bytes]] = {}
        self._asking: set[str] = set()

    def begin(self, check: str, fixtures: Iterable[str]) -> None:
        """A check begins. Raises ProblemFileError where it asks the reference about the data set."""
        self._check = check
        if {"reference", "dataset"} <= set(fixtures):
            raise ProblemFileError(
                f"{self._problem}/checks/{check}: asks the reference about the data set, of which students may have "
                "another copy than this one",
                hint="compare with a literal there, or leave the check hidden",
            )

    def drawn(self, tensor: torch.Tensor) -> None:
        """The check has drawn `tensor`."""
        self._draws.setdefault(self._check, []).append(self._written(tensor, "a random input"))

    def answered(self, name: str, before: Any, after: Any, answer: Any) -> None:
        """``reference.name`` gave `answer` to the arguments `before`; `after` is what it left of them.

        Raises ProblemFileError where that cannot be kept.
        """
        self._asking.add(self._check)
        question = self._written(before, f"what it asks reference.{name}")
        if self._written(after, f"what reference.{name} leaves") != question:
            raise ProblemFileError(
                f"{self._problem}/checks/{self._check}: reference.{name} changes its arguments, which a student kit "
                "cannot repeat",
                hint="compare with a literal there, or leave the check hidden",
            )
        tolerances = tuple(tolerance_of(tensor) for tensor in float_tensors(answer))
        written = self._written(answer, f"what reference.{name} returns")
        self._answers.setdefault((name, _digest(question)), (written, tolerances))

    def read(self, name: str, value: Any) -> None:
        """``reference.name`` was read, and is no function."""
        self._asking.add(self._check)
        tolerances = tuple(tolerance_of(tensor) for tensor in float_tensors(value))
        self._answers.setdefault((name, b""), (self._written(value, f"reference.{name}"), tolerances))

    def written(self) -> bytes:
        """Everything noted, as the content of the file; empty where no check has asked anything."""
        if not self._asking:
            return b""
        answers = [(name, question, *answer) for (name, question), answer in self._answers.items()]
        draws = {check: drawn for check, drawn in self._draws.items() if check in self._asking}
        return Encoder(_cannot_travel, limit=_MOST_BYTES).encode((_FORMAT, answers, draws))

    def _written(self, value: Any, what: str) -> bytes:
        try:
            return Encoder(_cannot_travel, limit=_MOST_BYTES).encode(value)
        except (TypeError, TooLargeError) as error:
            raise ProblemFileError(
                f"{self._problem}/checks/{self._check}: {what} cannot be written down for a student kit: {error}",
                hint="compare with a literal there, or leave the check hidden",
            ) from None


class Recording:
    """What a kit's file holds."""

    def __init__(self, problem: str, content: bytes) -> None:
        self._problem = problem
        self._check = ""
        self._answers, self._draws = _read(problem, content)
        self.functions = {name for name, question in self._answers if question}

    def begin(self, check: str) -> None:
        """A check begins: a message names it where it asks what was not recorded."""
        self._check = check

    def draws_of(self, check: str) -> list[torch.Tensor]:
        """The random inputs of a check, in order; none where it does not ask the reference."""
        return [_value(raw) for raw in self._draws.get(check, ())]

    def answer(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The answer to ``reference.name(*args, **kwargs)``, a copy each time, with its tolerance."""
        try:
            question = _digest(Encoder(_cannot_travel, limit=_MOST_BYTES).encode((args, kwargs)))
        except (TypeError, TooLargeError):
            raise self._unknown(name) from None
        return self._kept(name, question)

    def value(self, name: str) -> Any:
        """The value of ``reference.name``, which is no function."""
        return self._kept(name, b"")

    def _kept(self, name: str, question: bytes) -> Any:
        if (name, question) not in self._answers:
            raise self._unknown(name)
        raw, tolerances = self._answers[name, question]
        answer = _value(raw)
        for tensor, tolerance in zip(float_tensors(answer), tolerances, strict=True):
            attach(tensor, tolerance)
        return answer

    def _unknown(self, name: str) -> ProblemFileError:
        return ProblemFileError(
            f"{self._problem}/checks/{self._check}: asks reference.{name} for what {RECORDED} holds no answer to",
            hint="the checks and this file must come from the same student kit; get the kit anew",
        )


class RecordedReference:
    """What stands in the solution's place in a kit. Its own names begin with _: all others are the solution's."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._recording.functions or f"{name}, printed" in self._recording.functions:
            return functools.partial(self._ask, name)
        return self._recording.value(name)

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return self._recording.answer(name, args, kwargs)

    def _printed(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._recording.answer(f"{name}, printed", args, kwargs)


def _read(problem: str, content: bytes) -> tuple[dict[tuple[str, bytes], tuple[bytes, tuple[float, ...]]], Any]:
    try:
        version, answers, draws = _value(content)
        if version == _FORMAT:
            return {(name, question): (raw, tolerances) for name, question, raw, tolerances in answers}, draws
    except (WireError, ValueError, TypeError):
        pass
    raise ProblemFileError(f"{problem}/{RECORDED}: is damaged, or of another version", hint="get the student kit anew")


def _digest(question: bytes) -> bytes:
    return hashlib.sha256(question).digest()


def _value(raw: bytes) -> Any:
    return Decoder(raw, lambda number, name: None).decode()


def _cannot_travel(value: object) -> tuple[int, str]:
    raise TypeError(f"a {type(value).__name__} is not a plain value")
