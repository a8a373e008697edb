"""The account of a load: what failed and what it cost, what is missing here, what was not run."""

from __future__ import annotations

import ast
import dis
import inspect
import os
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from grader.sandbox.loading.blocks import DEFINITIONS
from grader.sandbox.loading.cell import Magic
from grader.sandbox.loading.document import Document, TimeIsUp, Unusable
from grader.sandbox.loading.failure import Failure
from grader.sandbox.replies import ModuleClaim
from grader.sandbox.standins import absent, screen

_RETURNS_BEFORE_IT_ENDS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_MAX_MAGICS, _MAX_LINES, _MAX_FAILURES = 5, 6, 100


class Account:
    """What the checker reads of one loaded document."""

    def __init__(
        self,
        document: Document,
        namespace: dict[str, Any],
        asked: Sequence[str],
        failures: Sequence[Failure],
        missing: Mapping[str, tuple[str, int]],
    ) -> None:
        self._document = document
        self._namespace = namespace
        self._asked = asked
        self._failures = failures
        self._missing = missing
        own = {label for label, _ in document.sources}
        self._lost = {
            name: failure.place
            for failure in failures
            for name in failure.lost
            if name not in namespace and failure.cell.label in own
        }

    def refuse_if_nothing_is_left(self) -> None:
        """Raise the file's failure, where it has left none of the functions that are asked for."""
        if not self._asked or any(name in self._namespace for name in self._asked):
            return
        if not (self._lost.keys() & set(self._asked)) and self._defines_anything():
            return
        if self._failures and self._document.script:
            self._give_up(self._failures[0])
        if self._failures:
            told = "\n".join(failure.sentence for failure in self._failures[:10])
            raise Unusable(f"no cell that works defines {' or '.join(self._asked)}:\n{told}")
        for library, (file, line) in self._missing.items():
            place = f"line {line}" if self._document.script else f"{file}, line {line}"
            raise Unusable(f"it defines no {' and no '.join(self._asked)}; {place}: {_not_installed(library)}")

    def _defines_anything(self) -> bool:
        labels = {label for label, _ in self._document.sources}
        values = self._namespace.values()
        return any(getattr(getattr(value, "__code__", None), "co_filename", None) in labels for value in values) or any(
            isinstance(value, type) and value.__module__ == self._namespace.get("__name__") for value in values
        )

    def _give_up(self, failure: Failure) -> None:
        error = failure.error
        if isinstance(error, screen.Exited):
            os._exit(error.status)  # As the file itself would have ended.
        if isinstance(error, TimeIsUp):
            raise Unusable(failure.sentence, late=True)
        if error is not None:
            raise error
        if failure.lost.keys() & set(self._asked):
            raise Unusable(failure.sentence)

    def in_full(self, ran: Collection[str], notes: Sequence[str]) -> ModuleClaim:
        """The account as the checker reads it; `ran` are files that `%run` has found."""
        failures: dict[str, str] = {}
        for failure in self._failures[:_MAX_FAILURES]:
            sentence = f"{failure.sentence}{_followed(failure)}"
            before = failures.get(failure.place, "")
            if sentence not in before:
                failures[failure.place] = f"{before}; {sentence}" if before else sentence
        lost = {name: place for name in self._asked if (place := self._lost_place(name)) is not None}
        missing = [name for name in self._asked if name not in self._namespace and name not in lost]
        for outer, place, names in self._hidden(missing):
            told = f"{place} holds {_listed(names)} inside of {outer}; what is asked for must stand outside of it"
            failures.setdefault(place, told)
            lost.update(dict.fromkeys(names, place))
        return {
            "names": [key for key in self._namespace if not key.startswith("__")][:1000],
            "notes": [*self._document.notes, *notes, *self._absent_notes(), *self._notes(ran), *self._older_ones()],
            "failures": failures,
            "lost": lost,
            "silent": {name: used for name in self._asked if (used := " ".join(self._silent_in(name)))},
        }

    # -- what it means for the functions that are asked for ---------------------------------------

    def _lost_place(self, name: str) -> str | None:
        """The failure that `name`, or something that it uses by name, should have come from."""
        if not self._lost:
            return None
        return next((self._lost[used] for used in self._used_by(name) if used in self._lost), None)

    def _silent_in(self, name: str) -> Iterator[str]:
        return (used for used in self._used_by(name) if _returns_nothing(self._namespace.get(used)))

    def _used_by(self, name: str) -> Iterator[str]:
        """`name`, and the names that it uses, and so on."""
        seen: set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            yield current
            value = self._namespace.get(current)
            parts = list(vars(value).values()) if isinstance(value, type) else [value]
            for part in parts:
                part = part.__func__ if isinstance(part, (staticmethod, classmethod)) else part
                code = getattr(part, "__code__", None)
                if isinstance(code, types.CodeType):
                    pending += _names_in(code)
            if isinstance(value, type):
                pending += [base.__name__ for base in value.__mro__[1:] if base.__module__ == value.__module__]

    def _hidden(self, missing: Collection[str]) -> Iterator[tuple[str, str, list[str]]]:
        """Class or function, its place, and those of the missing names that are defined inside of it."""
        for cell in self._document.cells if missing else ():
            for statement in cell.statements:
                inside = {part.name for part in ast.walk(statement) if isinstance(part, DEFINITIONS)}
                names = [name for name in missing if name in inside]
                if names and isinstance(statement, DEFINITIONS):
                    yield statement.name, cell.place(statement.lineno), names

    def _users_of(self, library: str) -> list[str]:
        return [
            name
            for name in self._asked
            if any(absent.library_of(self._namespace.get(used)) == library for used in self._used_by(name))
        ]

    def _absent_notes(self) -> Iterator[str]:
        told = {library: place for library, place in self._missing.items() if not absent.only_shows(library)}
        if not told:
            return
        labels = {label for label, _ in self._document.sources}
        for library, (file, line) in list(told.items())[:_MAX_LINES]:
            place = f"line {line}" if self._document.script and file in labels else f"{file}, line {line}"
            users = self._users_of(library)
            cost = f"{_listed(users)} {'uses' if len(users) == 1 else 'use'} it" if users else (
                "no function that is asked for uses it"
            )  # fmt: skip
            yield f"{_not_installed(library)} ({place}); {cost}."
        yield may_be_imported()

    def _notes(self, ran: Collection[str]) -> Iterator[str]:
        document = self._document
        for name in self._asked if not document.history and not document.script else ():
            places = [f"{cell.label}, line {cell.binds[name]}" for cell in document.cells if name in cell.binds]
            if len(places) > 1:
                told = f"{', '.join(places[:-1])} and {places[-1]}"
                yield f"{name} is defined more than once ({told}); the last one counts, as in Jupyter."
        # What a kernel has run did take effect there; only another file's definitions are missing here.
        cells = document.cells if document.whole is None else ()
        magics = [magic for cell in cells for magic in cell.magics]
        magics = [magic for magic in magics if not any(word in ran for word in magic.text.split())]
        if document.history:
            magics = [magic for magic in magics if magic.text.startswith("%run")]
        if magics:
            yield self._magic_sentence(magics)
        if document.output_bytes:
            yield (
                f"{document.output_bytes / 1e6:.1f} MB of the notebook are outputs and pictures. They were left aside; "
                "Clear All Outputs before saving makes it small."
            )

    def _magic_sentence(self, magics: list[Magic]) -> str:
        labels = ("" if self._document.script else f"{magic.label}, " for magic in magics)
        lines = [f"{label}line {magic.line} ({magic.text})" for label, magic in zip(labels, magics, strict=True)]
        more = f" and {len(magics) - _MAX_MAGICS} more" if len(magics) > _MAX_MAGICS else ""
        told = "; ".join(lines[:_MAX_MAGICS])
        return f"Shell commands and their like are not run here, and nothing is installed: {told}{more}."

    def _older_ones(self) -> Iterator[str]:
        """Sentences for functions whose last definition failed, so that an earlier one counts."""
        if not self._failures:
            return
        order = {cell.label: index for index, cell in enumerate(self._document.cells)}
        for name in self._asked:
            code = getattr(self._namespace.get(name), "__code__", None)
            failed = [failure for failure in self._failures if name in failure.lost]
            if code is None or not failed or code.co_filename not in order:
                continue
            last = failed[-1]
            here = (order[code.co_filename], code.co_firstlineno)
            if here < (order[last.cell.label], last.lost[name]):
                place = next(cell for cell in self._document.cells if cell.label == code.co_filename)
                older = place.place(code.co_firstlineno) if last.cell is place else place.label
                yield f"Since {last.place} failed, the {name} of {older} counts."


def _returns_nothing(value: Any) -> bool:
    """Whether a function always ends without a value. One that only raises does not end."""
    if not isinstance(value, types.FunctionType) or value.__code__.co_flags & _RETURNS_BEFORE_IT_ENDS:
        return False
    returned = list(_returned(value.__code__))
    return bool(returned) and not any(returned)


def _returned(code: types.CodeType) -> Iterator[bool]:
    """For each `return` of a function, and for its end: whether there is a value."""
    loaded: dis.Instruction | None = None
    for each in dis.get_instructions(code):
        if each.opname == "RETURN_CONST":
            yield each.argval is not None
        elif each.opname == "RETURN_VALUE":
            yield loaded is None or loaded.opname != "LOAD_CONST" or loaded.argval is not None
        loaded = each


def may_be_imported() -> str:
    """What a student may import here."""
    return f"Besides Python's own modules, {absent.may_be_imported()} here."


def _not_installed(library: str) -> str:
    return f"{library} is neither handed in nor installed where this is graded"


def _followed(failure: Failure) -> str:
    """What failed only because this had failed."""
    places = list(dict.fromkeys(cell.place(line) for cell, line in failure.followed_by))
    if not places:
        return ""
    more = [f"{len(places) - _MAX_LINES} more"] if len(places) > _MAX_LINES else []
    if all(cell is failure.cell for cell, _ in failure.followed_by):
        lines = [place.rsplit(" ", 1)[1] for place in places[:_MAX_LINES]]
        return f"; {'line' if len(places) == 1 else 'lines'} {_listed([*lines, *more])} failed for want of it"
    return f"; {'; '.join([*places[:_MAX_LINES], *more])} failed for want of it"


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)
