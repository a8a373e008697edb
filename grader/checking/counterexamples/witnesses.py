"""The witness of a misconception: an input on which its file is wrong, and in which way.

`grade verify` finds the witnesses, the smallest one in each function in which the mistake shows itself, and writes them
to ``solutions/NN-slug/witnesses.answers``. A grading process then asks a submission that very question, and needs no
search and no strategies. What the file holds of a misconception counts as long as the misconception, the solution and
inputs.py are those that it was made from; else the witnesses are looked for when they are needed, and remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grader.checking.counterexamples.inputs import Case, path_of
from grader.checking.counterexamples.own_room import Answered
from grader.checking.counterexamples.search import WrongAnswer
from grader.checking.recognition.sameness import same
from grader.errors import WireError
from grader.model import Mismatch, Problem
from grader.problem import variants
from grader.problem.load import WITNESSES
from grader.sandbox.decoding import Decoder
from grader.sandbox.values import Encoder, TooLargeError

# Changes with what a witness holds, and with how it is looked for.
_FORMAT = 2
_MOST_BYTES = 8 << 20


class Witness(NamedTuple):
    """An input on which a misconception shows itself."""

    case: Case
    raised: str
    """The type of the exception that the misconception raises; empty where it returns something."""
    value: Any
    """What it returns."""
    mismatch: Mismatch

    def is_shown_by(self, said: Answered | None) -> bool:
        """Whether a submission said just what the misconception does."""
        if said is None:
            return False
        if said.raised is not None:
            return said.raised.type_name == self.raised
        return not self.raised and same(said.value, self.value)


def witness_of(found: WrongAnswer) -> Witness:
    """What was found in a misconception's file, as its witness."""
    raised = found.said.raised
    return Witness(found.case, raised.type_name if raised is not None else "", found.said.value, found.mismatch)


class _Kept(msgspec.Struct, array_like=True):
    function: str
    asked: bytes
    raised: str
    value: bytes
    mismatch: Mismatch


class _OfOne(msgspec.Struct, array_like=True):
    """What is kept of one misconception, or of one of its variants."""

    made_from: str
    witnesses: list[_Kept]
    all_of_them: bool
    """False where one has a layer in it, which cannot be written down."""


class _File(msgspec.Struct):
    format: int
    known: dict[str, _OfOne]


class Witnesses:
    """The witnesses of one problem's misconceptions; `find` looks for those that are not kept."""

    def __init__(self, problem: Problem, find: Callable[[Path], list[Witness]]) -> None:
        self._problem = problem
        self._folder = Path(problem.solution_folder or "")
        self._find = find
        self._kept = _read(self._folder / WITNESSES)
        self._known: dict[str, list[Witness]] = {}

    def of(self, misconception: str) -> list[Witness]:
        """Those of a misconception, of each of its variants."""
        paths = (path for path in self._paths() if variants.misconception_of(path.stem) == misconception)
        return [witness for path in paths for witness in self._of(path)]

    def without_any(self) -> list[str]:
        """The misconceptions that no legal input shows."""
        ids = dict.fromkeys(variants.misconception_of(path.stem) for path in self._paths())
        return [name for name in ids if not self.of(name)]

    def to_keep(self) -> bytes:
        """The file; empty where it holds just this already."""
        known = {}
        for path in self._paths():
            kept = [_kept(witness) for witness in self._of(path)]
            written = [each for each in kept if each is not None]
            known[path.stem] = _OfOne(self._made_from(path), written, len(written) == len(kept))
        if not any(each.witnesses for each in known.values()):
            return b""
        same_as_before = self._kept is not None and msgspec.msgpack.encode(known) == msgspec.msgpack.encode(self._kept)
        return b"" if same_as_before else msgspec.msgpack.encode(_File(_FORMAT, known))

    def _paths(self) -> Iterable[Path]:
        return variants.paths(self._folder)

    def _of(self, path: Path) -> list[Witness]:
        if path.stem not in self._known:
            there = (self._kept or {}).get(path.stem)
            if there is not None and there.all_of_them and there.made_from == self._made_from(path):
                self._known[path.stem] = [_witness(kept) for kept in there.witnesses]
            else:
                self._known[path.stem] = self._find(path)
        return self._known[path.stem]

    def _made_from(self, path: Path) -> str:
        """The digest of all that the witnesses of a misconception's file depend on."""
        digest = hashlib.sha256()
        inputs = path_of(self._problem)
        own = inputs.read_bytes() if inputs is not None else b""
        for content in (own, (self._folder / "solution.py").read_bytes(), variants.source(path)):
            content = content.replace(b"\r\n", b"\n")
            digest.update(b"%d " % len(content) + content)
        return digest.hexdigest()[:32]


def _read(path: Path) -> dict[str, _OfOne] | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        file = msgspec.msgpack.decode(path.read_bytes(), type=_File)
        for each in file.known.values():
            for kept in each.witnesses:
                _witness(kept)
    except (OSError, msgspec.DecodeError, WireError, ValueError, TypeError):
        return None
    return file.known if file.format == _FORMAT else None


def _kept(witness: Witness) -> _Kept | None:
    """A witness as it is written; None for one with a layer in it, which is looked for again."""
    case = witness.case
    try:
        asked, value = (
            Encoder(_cannot_be_kept, limit=_MOST_BYTES).encode(part)
            for part in ((case.args, case.kwargs, case.then), witness.value)
        )
    except (TypeError, TooLargeError):
        return None
    return _Kept(case.function, asked, witness.raised, value, witness.mismatch)


def _witness(kept: _Kept) -> Witness:
    args, kwargs, then = _decoded(kept.asked)
    return Witness(Case(kept.function, args, kwargs, then), kept.raised, _decoded(kept.value), kept.mismatch)


def _decoded(raw: bytes) -> Any:
    return Decoder(raw, lambda number, name: None).decode()


def _cannot_be_kept(value: object) -> tuple[int, str]:
    raise TypeError(f"a {type(value).__name__} is not a plain value")
