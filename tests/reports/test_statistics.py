"""The numbers of the class page, against values worked out by hand or by the textbook's own formula."""

import math
import random

import pytest

from grader.model import Misconception, Outcome, Status
from grader.reports.items import extremes, histogram, point_biserial, quantile
from grader.reports.model import Alike, ClassEntry, ClassNotice, Learner
from grader.reports.statistics import ClassCounting

from . import classroom, samples


def entry(student: str, *outcomes: Outcome, problem: str = "02-conv-bias", **more) -> ClassEntry:
    checks = [samples.check(f"check {i}", outcome, 5, id=f"c{i}") for i, outcome in enumerate(outcomes)]
    return ClassEntry(samples.grade(*checks, student=student, problem=problem, **more), f"{student}/{problem}.html")


P, F, E, N = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN


def test_sections_and_tutors_have_their_own_numbers() -> None:
    learners = [
        Learner("a", "Ada", section="Lab 10", tutor="Tia"),
        Learner("b", "Bo", section="Lab 2", tutor="Tia"),
        Learner("c", "Cy", section="Lab 2", tutor="Tia"),
        Learner("d", "Di"),
        Learner("z", "Zoë", section="Lab 2", tutor="Tom"),
    ]
    entries = [entry("a", P, P), entry("b", F, P), entry("c", F, F), entry("d", P, P)]
    report = ClassCounting().report("A class", [samples.problem()], learners, entries)
    told = [(part.name, part.with_whom, part.students, part.handed_in, part.median) for part in report.sections]
    assert told == [("Lab 2", ("Tia", "Tom"), 3, 2, 25), ("Lab 10", ("Tia",), 1, 1, 100), ("", (), 1, 1, 100)]
    told = [(part.name, part.with_whom, part.students, part.handed_in, part.median) for part in report.tutors]
    assert told == [("Tia", ("Lab 2", "Lab 10"), 3, 3, 50), ("Tom", ("Lab 2",), 1, 0, None), ("", (), 1, 1, 100)]
    assert report.tutors[1].medians == (None,)
    assert report.tutors_apart


def test_a_small_class_by_hand() -> None:
    report = ClassCounting().report(
        "A class",
        [samples.problem()],
        [Learner("a", "Ada"), Learner("b", "Bo"), Learner("z", "Zoë", late=True)],
        [entry("a", P, P), entry("b", F, P), entry("c", E, F, status=Status.TIMEOUT, message="too slow")],
    )
    (problem,) = report.problems
    assert [(row.learner.id, row.total) for row in report.rows] == [("a", 100), ("b", 50), ("c", 0), ("z", 0)]
    assert (problem.handed_in, problem.absent, problem.ungraded, problem.full) == (3, 1, 1, 1)
    assert problem.mean == 50
    assert problem.median == 50
    assert [(check.id, check.passed, check.taken) for check in problem.checks] == [("c1", 2, 3), ("c0", 1, 3)]
    outcomes = [row.cells[0] and row.cells[0].outcomes for row in report.rows]
    assert outcomes == ["pp", "pf", "fe", None]
    assert report.mean == 37.5
    assert report.median == 25
    assert report.histogram == (2, *[0] * 9, 1, *[0] * 8, 1)
    assert [(failure.student, failure.reason) for failure in report.failures] == [("c", "too slow")]
    assert report.rows[3].learner.late


def test_a_check_that_was_not_run_counts_for_nobody() -> None:
    report = ClassCounting().report("A class", [samples.problem()], [], [entry("a", P, N), entry("b", F, N)])
    assert [check.taken for check in report.problems[0].checks] == [2, 0]


def test_submissions_graded_with_other_checks_are_lined_up_by_id() -> None:
    old = entry("a", P)
    report = ClassCounting().report("A class", [samples.problem()], [], [entry("b", F, P), old])
    assert {row.learner.id: row.cells[0] and row.cells[0].outcomes for row in report.rows} == {"a": "np", "b": "pf"}


def test_ideas_by_how_much_of_them_is_wrong() -> None:
    ideas = ("sizes", "sizes", "", "values", "easy")

    def work(student: str, *outcomes: Outcome) -> ClassEntry:
        checks = [
            samples.check(f"check {i}", outcome, id=f"c{i}", idea=idea)
            for i, (outcome, idea) in enumerate(zip(outcomes, ideas, strict=True))
        ]
        return ClassEntry(samples.grade(*checks, student=student), "")

    entries = [work("a", P, F, F, P, P), work("b", P, E, F, F, P), work("c", P, N, F, P, P)]
    report = ClassCounting().report("A class", [samples.problem()], [], entries)
    found = [(idea.title, idea.checks, idea.wrong, idea.hardest.id) for idea in report.ideas]
    assert found == [("sizes", 2, pytest.approx(2 / 5), "c1"), ("values", 1, pytest.approx(1 / 3), "c3")]
    assert [check.idea for check in report.problems[0].checks if check.id == "c2"] == [""]


def test_misconceptions_by_frequency() -> None:
    one, two = Misconception("one", "One", "advice"), Misconception("two", "Two", "advice")
    report = ClassCounting().report(
        "A class",
        [samples.problem()],
        [],
        [
            entry("a", F, misconceptions=(one, two)),
            entry("b", F, misconceptions=(two,)),
            entry("c", P),
            entry("d", P),
        ],
    )
    found = [(each.id, each.students, each.share) for each in report.misconceptions]
    assert found == [("two", ("a", "b"), 0.5), ("one", ("a",), 0.25)]


def test_notices_and_groups_are_kept() -> None:
    alike = [Alike("p", ("a", "b"), 0.9), Alike("p", ("c", "d"), 1.0)]
    report = ClassCounting().report("A class", [samples.problem()], [], [], [ClassNotice("x.txt", "no Python")], alike)
    assert report.notices == (ClassNotice("x.txt", "no Python"),)
    assert [group.similarity for group in report.alike] == [1.0, 0.9]


def test_an_empty_class() -> None:
    report = classroom.empty()
    assert report.rows == ()
    assert report.median == 0
    assert report.problems[0].seconds == (0, 0, 0)


def test_the_point_biserial_is_the_textbook_s() -> None:
    """r = (M1 - M0) / s * sqrt(p q), s being the standard deviation of the population."""
    generator = random.Random(3)
    rest = [generator.gauss(5, 2) for _ in range(50)]
    passed = [score + generator.gauss(0, 2) > 5 for score in rest]
    right = [score for score, ok in zip(rest, passed, strict=True) if ok]
    wrong = [score for score, ok in zip(rest, passed, strict=True) if not ok]
    mean = sum(rest) / 50
    deviation = math.sqrt(sum((score - mean) ** 2 for score in rest) / 50)
    share = len(right) / 50
    means = sum(right) / len(right) - sum(wrong) / len(wrong)
    assert point_biserial(passed, rest) == pytest.approx(means / deviation * math.sqrt(share * (1 - share)))


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        pytest.param([True, False] * 3, [1.0, 2.0] * 3, id="too few"),
        pytest.param([True] * 10, list(range(10)), id="all pass"),
        pytest.param([True, False] * 5, [3.0] * 10, id="the others say nothing"),
    ],
)
def test_no_discrimination_where_it_is_not_defined(passed: list[bool], rest: list[float]) -> None:
    assert point_biserial(passed, rest) is None


def test_extremes() -> None:
    passed = [False] * 5 + [True] * 5
    assert extremes(passed, list(range(10))) == (0.0, 1.0)
    assert extremes(passed[::-1], list(range(10))) == (1.0, 0.0)
    assert extremes([True, False] * 5, [7.0] * 10) == (pytest.approx(0.5), pytest.approx(0.5)), "all tied"
    assert extremes([True] * 7, [1.0] * 7) == (None, None)
    # 27 % of 10 is 2.7: both with 9 points pass; of the three with 5 points 0.7 fit in, and one in three is right.
    scores = [0, 0, 0, 0, 0, 5, 5, 5, 9, 9]
    right = [False] * 5 + [True, False, False, True, True]
    assert extremes(right, scores)[1] == pytest.approx((2 + 0.7 / 3) / 2.7)


def test_order_does_not_matter() -> None:
    students = classroom.learners(30)
    entries = list(classroom.entries(students))
    shuffled = random.Random(5).sample(entries, len(entries))
    first = ClassCounting().report("x", classroom.problems(), students, entries)
    second = ClassCounting().report("x", classroom.problems(), students, shuffled)
    assert [row.total for row in first.rows] == [row.total for row in second.rows]
    assert first.histogram == second.histogram


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        ([0, 4.999, 5, 100], (2, 1, *[0] * 17, 1)),
        ([70, 35], (*[0] * 7, 1, *[0] * 6, 1, *[0] * 5)),
        ([110, float("inf")], (*[0] * 19, 2)),
        ([], (0,) * 20),
    ],
)
def test_histogram(percents: list[float], expected: tuple[int, ...]) -> None:
    assert histogram(percents, 20) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.95, 4), (1.0, 4), (0.0, 1)])
def test_quantile(share: float, expected: float) -> None:
    assert quantile([1, 2, 3, 4], share) == expected
