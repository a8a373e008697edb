"""Coverage-guided fuzzing of the pages: `make fuzz`, or `python -m tests.reports.fuzz_pages [libFuzzer's options]`.

Whatever a grade holds that its types allow, its page, its line in the terminal, its row of the class page are made. The
same strategies run for a second in the suite; this is for an hour.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["grader.reports", "grader.text"]):
    from grader.reports.classpage import class_page
    from grader.reports.html import student_page
    from grader.reports.plainpage import plain_page
    from grader.reports.statistics import ClassCounting
    from grader.reports.terminal import print_grade

from hypothesis import HealthCheck, given, settings
from rich.console import Console

from grader.model import Grade
from grader.reports.model import ClassEntry
from tests.reports import samples
from tests.reports.strategies import grades
from tests.reports.test_any_grade import PROBLEM, harmless


@settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(grades)
def every_report(grade: Grade) -> None:
    """Any exception is a find."""
    harmless(student_page(grade, PROBLEM, samples.STATEMENT))
    harmless(plain_page(grade, PROBLEM, grade.message).decode())
    harmless(class_page(ClassCounting().report("class", [PROBLEM], [], [ClassEntry(grade, "pages/x.html")])))
    print_grade(grade, Console(file=io.StringIO(), width=80))


def main() -> None:
    """Start from random bytes: hypothesis turns any into a grade, and too few into nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(64):
            Path(folder, str(seed)).write_bytes(random.Random(seed).randbytes(256 << seed % 6))
        options = ["-max_len=8192", "-len_control=0", "-timeout=120", "-rss_limit_mb=3000", *sys.argv[1:]]
        target: Any = every_report  # hypothesis adds to it what a fuzzer calls
        atheris.Setup([sys.argv[0], *options, folder], target.hypothesis.fuzz_one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
