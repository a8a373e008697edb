"""Coverage-guided fuzzing of the decoder: `make fuzz`, or `python -m tests.sandbox.fuzz_values [libFuzzer's options]`.

Whatever the bytes, decoding ends with a value or with WireError, and what the room would send of a value decodes to the
same again. What hypothesis finds in a second is in the suite; this is for an hour.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader.sandbox.decoding", "grader.sandbox.values"]):
    from grader.sandbox.decoding import Decoder
    from grader.sandbox.values import Encoder

from grader.errors import WireError
from tests.sandbox.test_values import BOMBS, LIES, same

_SEEDS = [None, True, 7, 2**70, 1.5, 1j, "text", b"bytes", [1, (2, {"a": 3})], {4, "b"}, {(1, 2): None}]


@dataclass(frozen=True)
class Parked:
    """What a handle becomes."""

    number: int
    name: str


def number_of(value: object) -> tuple[int, str]:
    assert isinstance(value, Parked), f"{type(value)} came out of the decoder"
    return value.number, value.name


def one_input(data: bytes) -> None:
    """What libFuzzer calls; any other exception than WireError is a find."""
    with contextlib.suppress(WireError):
        decoder = Decoder(data, Parked)
        value = decoder.decode()
        assert decoder.cost >= len(data)
        again = Encoder(number_of, limit=1 << 24).encode(value)
        assert same(value, Decoder(again, Parked).decode())


def main() -> None:
    """Start from the lies and bombs of the suite, and from a few honest values."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = [*LIES.values(), *BOMBS.values(), *(Encoder(number_of, limit=1 << 20).encode(seed) for seed in _SEEDS)]
        for index, seed in enumerate(seeds):
            Path(folder, str(index)).write_bytes(seed[:4096])
        atheris.Setup([*sys.argv, "-max_len=4096", "-timeout=10", "-rss_limit_mb=3000", folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
