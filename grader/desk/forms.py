"""What a browser sends when something is to be changed: one type for each form of the desk's pages.

Whatever is sent is read by these types and by nothing else. A field that a form does not have is left aside, and one
that is not of its type ends the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import msgspec

from grader.errors import UsageError
from grader.problem.yamlkeys import what_is_wrong


class Uploaded(msgspec.Struct, frozen=True):
    """A file that was sent along; without a name where none was chosen."""

    name: str
    content: bytes


class Form(msgspec.Struct, frozen=True):
    """A form that has no more to say than its address."""

    back: str = ""
    """The page of the desk that follows."""


class AdjustForm(Form, frozen=True):
    """Points to add to a grade, or to set it to."""

    number: str = ""
    """As it was typed."""
    change: Literal["points", "to"] = "points"
    check: str = ""
    because: str = ""
    by: str = ""


class UndoForm(Form, frozen=True):
    """The adjustment that is to be taken back."""

    which: str = ""
    """Its digest: the page may be older than the last adjustment."""


class PartForm(Form, frozen=True):
    """A manual part, graded."""

    number: str = ""
    """As it was typed; empty where the rubric says the points."""
    rubric: tuple[int, ...] = ()
    """Lines of the rubric that hold, counted from 1."""
    because: str = ""
    by: str = ""
    tutor: str = ""


class SettleForm(Form, frozen=True):
    """Whose answer to what a file is."""

    file: str = ""
    student: str = ""
    problem: str = ""


class TakeBackForm(Form, frozen=True):
    """The file that is to stay as it was."""

    file: str = ""


class ExportForm(Form, frozen=True):
    """Scores for a learning platform."""

    format: str = ""
    template: Uploaded | None = None
    anonymous: bool = False


class FeedbackForm(Form, frozen=True):
    """Reports for students."""

    format: str = ""
    source: str = ""
    """Where the download lies on this machine."""


FormT = TypeVar("FormT", bound=Form)


def read_form(kind: type[FormT], sent: Mapping[str, Sequence[str | Uploaded]]) -> FormT:
    """The form, of the values that were sent under each name. Raises UsageError where one cannot be its field's."""
    several = {field.name for field in msgspec.structs.fields(kind) if isinstance(field.default, tuple)}
    values = {name: list(given) if name in several else given[-1] for name, given in sent.items()}
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        field, _ = what_is_wrong(error)
        raise UsageError(f"{field}: this form does not take what was sent; nothing was changed") from None
