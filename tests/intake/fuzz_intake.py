"""Coverage-guided fuzzing of intake: `make fuzz`, or `python -m tests.intake.fuzz_intake [libFuzzer's options]`.

Whatever one student hands in, archives in archives with damaged bytes among it, is read or refused. The same strategies
run for a second in the suite; this is for an hour.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["grader.intake", "grader.batch.tokens"]):
    import grader.batch.tokens
    import grader.intake.answers  # noqa: F401 (imported here to be instrumented)

from hypothesis import HealthCheck, given, settings

from tests.intake.strategies import handins
from tests.intake.test_any_handin import read


@settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(handins())
def every_reader(files: dict[str, bytes]) -> None:
    """Any exception is a find."""
    read(files)


def main() -> None:
    """Start from random bytes: hypothesis turns any into a hand-in, and too few into nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(64):
            Path(folder, str(seed)).write_bytes(random.Random(seed).randbytes(256 << seed % 6))
        options = ["-max_len=8192", "-len_control=0", "-timeout=120", "-rss_limit_mb=3000", *sys.argv[1:]]
        target: Any = every_reader  # hypothesis adds to it what a fuzzer calls
        atheris.Setup([sys.argv[0], *options, folder], target.hypothesis.fuzz_one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
