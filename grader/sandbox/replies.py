"""Replies as bytes, from the room to the checker: a tuple of a kind, a value, and the forbidden operators that ran.

The kinds are few: how a reply begins is compared and not decoded. Every other byte is doubted; see `decoding`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict

from grader.errors import WireError
from grader.sandbox.decoding import Decoder, Unpark
from grader.sandbox.values import U32, Encoder, Park

VALUE, KEPT, STOP, RAISED, TOO_LARGE = "value", "kept", "stop", "raised", "too_large"
CALLS = "calls"
"""No reply yet: the room calls a function of the check's, as (number, args, kwargs), and waits for `Continue`."""
MOST_SECONDS, MOST_BYTES = 0.1, 1 << 20
"""Of questions that were put together a room answers no further one, once it has taken so long or said so much."""
_OPENINGS = {
    kind: b"t" + U32.pack(3) + b"s" + U32.pack(len(kind)) + kind.encode()
    for kind in (VALUE, KEPT, STOP, RAISED, TOO_LARGE, CALLS)
}


class Sighting(NamedTuple):
    """An operator that ran, against one of a function's rules."""

    operator: str
    file: str
    """A file of the student's; "" where no line of the student's led there."""
    line: int
    rule: int
    """The position of the rule."""
    times: int
    """How often all operators of the rule ran; 1 where none of them may."""


Seen = list[Sighting]


class Reply(NamedTuple):
    """What the room says, and about the bytes of memory that it takes."""

    kind: str
    value: Any
    seen: Seen
    cost: int


class SyntaxClaim(TypedDict):
    """Where and why a file is no Python."""

    file: str
    line: int
    column: int
    text: str
    message: str
    hint: str


class ExceptionClaim(TypedDict):
    """The value of a reply `RAISED`, as the room writes it; the checker doubts each field (`checking.session`)."""

    type: str
    kinds: list[str]
    """The names of its class and of those that this one is made from."""
    message: str
    frames: list[tuple[str, int, str, str]]
    """File, line, function and text of the line, of the student's frames alone."""
    memory: bool
    missing: bool
    unusable: bool
    late: bool
    absent: bool
    syntax: NotRequired[SyntaxClaim]


class ModuleClaim(TypedDict):
    """The value of the reply to `Load`, as the room writes it; the checker doubts each field."""

    names: list[str]
    notes: list[str]
    failures: dict[str, str]
    """Place outside functions -> what went wrong there."""
    lost: dict[str, str]
    """Function that is asked for -> the place of the failure of which it misses something."""
    silent: dict[str, str]
    """Function that is asked for -> the functions that it uses, itself included, which never return anything."""


def encode(
    kind: str,
    value: object,
    ran: Callable[[], Seen],
    *,
    park: Park,
    limit: int,
    staying: frozenset[type] = frozenset(),
) -> bytes:
    """The bytes of a reply; `ran` is asked once the value is written, since to write it may run operators, too."""
    encoder = Encoder(park, limit=limit, opening=_OPENINGS[kind], staying=staying)
    encoder.put(value, 1)
    encoder.put([tuple(sighting) for sighting in ran()], 1)
    return encoder.written()


def decode(data: bytes, unpark: Unpark) -> Reply:
    """The reply. Raises `WireError` where it is none."""
    kind = next((kind for kind, opening in _OPENINGS.items() if data.startswith(opening)), None)
    if kind is None:
        raise WireError("a reply that is not of the protocol's form")
    decoder = Decoder(data, unpark, at=len(_OPENINGS[kind]))
    value, seen = decoder.get(1), decoder.get(1)
    decoder.finish()
    if not isinstance(seen, list) or (seen and not all(map(_is_sighting, seen))):
        raise WireError("a reply that is not of the protocol's form")
    return Reply(kind, value, [Sighting(*item) for item in seen], decoder.cost)


def goes_on(answer: bytes) -> bool:
    """Whether the room may go on to the next of the questions that were put together."""
    return answer.startswith((_OPENINGS[VALUE], _OPENINGS[KEPT]))


def join(written: Sequence[bytes]) -> bytes:
    """The replies to questions that were put together: to the first of them, and as many more as there are."""
    size = sum(map(len, written)) + 16 * len(written) + 64
    return encode(VALUE, list(written), list, park=_nothing_else, limit=size)


def split(data: bytes, most: int) -> list[bytes]:
    """The replies to questions that were put together, to be decoded: one at least, and `most` at most.

    Raises `WireError` where they are none.
    """
    kind, written, _, _ = decode(data, lambda number, name: None)
    pieces = written if kind == VALUE and isinstance(written, list) else []
    if not 0 < len(pieces) <= most or not all(isinstance(piece, bytes) for piece in pieces):
        raise WireError("replies that are not of the protocol's form")
    return pieces


def _nothing_else(value: object) -> tuple[int, str]:
    raise TypeError(f"a {type(value).__name__} among written replies")


NOTHING = encode(VALUE, None, list, park=_nothing_else, limit=64)
"""The reply to a question that has a `place`, where all went well."""


def _is_sighting(item: object) -> bool:
    return isinstance(item, tuple) and [type(part) for part in item] == [str, str, int, int, int]
