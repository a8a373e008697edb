"""course.yaml: what it may say, and that what it must not say is told with file, line and key."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from grader.errors import ProblemFileError, UsageError
from grader.problem.coursefile import place_of_check, read_course_file
from grader.problem.courserules import CheckRule, CourseRules, Thresholds

SLUGS = ("01-maxpool", "02-conv-bias")


def resolve(typed: str) -> str:
    found = [slug for slug in SLUGS if typed in (slug, slug[:2], slug[3:])]
    if not found:
        raise UsageError(f"there is no problem {typed}", hint="did you mean 02-conv-bias?")
    return found[0]


def read(tmp_path: Path, text: str) -> CourseRules:
    (tmp_path / "course.yaml").write_text(text, encoding="utf-8")
    return read_course_file(tmp_path, resolve)


def test_none_and_an_empty_one_say_nothing(tmp_path: Path) -> None:
    assert read_course_file(tmp_path, resolve) == CourseRules()
    assert read(tmp_path, "# nothing yet\n") == CourseRules()


def test_everything_that_it_may_say(tmp_path: Path) -> None:
    rules = read(
        tmp_path,
        """
title: Deep learning
problems: [02, 01-maxpool]
requirements: [einops]
preload: [torch.nn]
rounds: add
attempts: best
time: {batch: 2 hours, student: 1.5 min}
late: {grace: 15 min, per_day: 10, cap: 50}
deadlines:
  01: 2025-05-01T12:00+02:00
  02: {at: 2025-05-08T12:00+00:00, per_day: 20}
extensions:
  007: {02: 3 days}
  jdoe: {01: 2025-05-03T12:00+00:00}
checks:
  02:
    test_bias: {drop: true, because: it asked too much}
    test_stride: {points: 0.5, because: half as hard}
bonus: {cap: total, by_hand: 1.5}
thresholds: {alternatives: 2, stub: 0}
columns: {02: 4711, total: Homework}
likeness_with: [../2024/results]
""",
    )
    assert (rules.title, rules.minutes, rules.student_seconds) == ("Deep learning", 120, 90)
    assert rules.problems == ("02-conv-bias", "01-maxpool")
    assert (rules.add, rules.attempts, rules.requirements, rules.preload) == (True, "best", ("einops",), ("torch.nn",))
    first, second = rules.deadlines["01-maxpool"], rules.deadlines["02-conv-bias"]
    assert first.at == datetime.datetime(2025, 5, 1, 10, tzinfo=datetime.UTC)
    assert (first.grace_minutes, first.per_day, first.cap) == (15, 10, 50)
    assert (second.grace_minutes, second.per_day, second.cap) == (15, 20, 50)
    assert rules.extensions == {
        "007": {"02-conv-bias": second.at + datetime.timedelta(days=3)},
        "jdoe": {"01-maxpool": datetime.datetime(2025, 5, 3, 12, tzinfo=datetime.UTC)},
    }
    assert rules.checks["02-conv-bias"]["test_stride"] == CheckRule("half as hard", points=0.5)
    assert (rules.bonus.cap, rules.bonus.by_hand) == ("total", 1.5)
    assert rules.thresholds == Thresholds(alternatives=2, misconceptions=8, stub=0)
    assert rules.likeness_with == (str(tmp_path / "../2024/results"),)
    assert rules.columns == {"02-conv-bias": "4711", "total": "Homework"}


WRONG = {
    "not-yaml": ("a: [\n", "line 2: not YAML"),
    "no-mapping": ("- 1\n", "must be a mapping"),
    "unknown-key": ("titel: x\n", "line 1: titel: unknown key; did you mean title?"),
    "unknown-inner-key": ("late:\n  grase: 1 h\n", "line 2: late.grase: unknown key; did you mean grace?"),
    "unknown-problem": ("deadlines:\n  03: 2025-05-01\n", "line 2: deadlines.03: there is no problem 03; did you mean"),
    "no-time": ("deadlines:\n  01: soon\n", "line 2: deadlines.01: is a time such as 2025-05-01 23:59, and not soon"),
    "unknown-time": ("time:\n  students: 1 h\n", "line 2: time.students: unknown key; did you mean student?"),
    "no-span-of-time": ("time: {batch: 0 min}\n", "time.batch: is a time such as 15 min"),
    "no-span": ("late: {grace: long}\n", "late.grace: is a time such as 15 min"),
    "too-much": ("late: {per_day: 110}\n", "late.per_day: is in per cent"),
    "no-number": ("late: {per_day: ten}\n", "late.per_day: must be a number; it is a text"),
    "threshold": ("thresholds: {alternative: 2}\n", "thresholds.alternative: unknown key; did you mean alternatives?"),
    "threshold-below-0": ("thresholds: {stub: -1}\n", "thresholds.stub: must not be below 0, is -1"),
    "attempts": ("attempts: first\n", "line 1: attempts: invalid enum value 'first'; known: best, last"),
    "twice": ("deadlines:\n  01: 2025-05-01\n  01: 2025-05-02\n", "line 3: deadlines.01: stands twice, in line 2, too"),
    "two-names": ("deadlines:\n  01: 2025-05-01\n  maxpool: 2025-05-02\n", "line 3: .*has a rule already, under 01"),
    "extension-of-nothing": ("extensions:\n  ann: {01: 1 day}\n", "line 2: .*has no deadline to extend"),
    "extension-that-is-none": (
        "deadlines: {01: 2025-05-02}\nextensions:\n  ann: {01: 2025-05-01}\n",
        "line 3: extensions.ann.01: ends before the deadline",
    ),
    "two-of-three": (
        "checks:\n  01:\n    test_a: {drop: true, everybody: true, because: x}\n",
        "line 3: checks.01.test_a: drop and everybody cannot both hold",
    ),
    "none-of-three": ("checks:\n  01:\n    test_a: {because: x}\n", "line 3: .*says nothing"),
    "no-such-cap": ("bonus: {cap: totals}\n", "line 1: bonus.cap: invalid enum value 'totals'; did you mean total?"),
    "bonus-below-nothing": ("bonus:\n  by_hand: -1\n", "line 2: bonus.by_hand: must not be below 0"),
    "bonus-that-cannot-be": ("bonus: {cap: problem, by_hand: 1}\n", "by_hand and cap: problem cannot both hold"),
    "no-reason": (
        "checks:\n  01:\n    test_a: {drop: true}\n",
        "line 3: checks.01.test_a.because: this key is required",
    ),
}


def test_where_a_rule_on_a_check_stands(tmp_path: Path) -> None:
    path = tmp_path / "course.yaml"
    path.write_text("title: x\nchecks:\n  01:\n    test_a: {drop: true, because: x}\n", encoding="utf-8")
    assert place_of_check(str(path), "test_a") == f"{path}, line 4"
    assert place_of_check(str(path), "test_b") == str(path)


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_what_it_must_not_say(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ProblemFileError, match=says) as error:
        read(tmp_path, text)
    assert str(tmp_path / "course.yaml") in error.value.message
