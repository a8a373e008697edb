"""What is decided on a grade after its checks: points, reasons, and their order."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.batch.adjustments import Adjustment
from grader.batch.rulings import Rules, Rulings
from grader.errors import UsageError
from grader.model import Grade, Outcome, PartGrade, RulingKind, Status
from grader.problem.courserules import BonusRule, CheckRule, CourseRules, Due
from tests.reports import samples

DUE = datetime.datetime(2025, 5, 1, 12, tzinfo=datetime.UTC)
PROBLEM = "02-conv-bias"


def graded(status: Status = Status.GRADED) -> Grade:
    """3 of 4 points: a is worth 2, b and c 1 each, c failed."""
    checks = (
        samples.check("A", Outcome.PASSED, 2.0, id="t.py::test_a"),
        samples.check("B", Outcome.PASSED, 1.0, id="t.py::test_b"),
        samples.check("C", Outcome.FAILED, 1.0, id="t.py::test_c"),
    )
    return samples.grade(*checks, student="ann", submission="ann/02.py", status=status)


def ruled(rules: Rules, grade: Grade, *, late: bool = False, handed_in: str = "") -> Grade:
    return Rulings(rules).apply(grade, late=late, handed_in=handed_in)


def course(**checks: CheckRule) -> Rules:
    return Rules(CourseRules(checks={PROBLEM: checks}))


CHECKS = {
    "drop-one-passed": (course(test_a=CheckRule("x", drop=True)), (1.0, 2.0), [-2.0]),
    "drop-one-failed": (course(test_c=CheckRule("x", drop=True)), (3.0, 3.0), [0.0]),
    "everybody": (course(test_c=CheckRule("x", everybody=True)), (4.0, 4.0), [1.0]),
    "everybody-has-it-already": (course(test_a=CheckRule("x", everybody=True)), (3.0, 4.0), []),
    "worth-less": (course(test_a=CheckRule("x", points=0.5)), (1.5, 2.5), [-1.5]),
    "failed-and-worth-more": (course(test_c=CheckRule("x", points=3.0)), (3.0, 6.0), [0.0]),
    "by-id-and-title": (
        course(**{"t.py::test_a": CheckRule("x", drop=True), "C": CheckRule("y", drop=True)}), (1.0, 1.0), [-2.0, 0.0],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "score", "points"), CHECKS.values(), ids=CHECKS)
def test_a_check_after_the_fact(rules: Rules, score: tuple[float, float], points: list[float]) -> None:
    grade = ruled(rules, graded())
    assert (grade.score, grade.max_score) == score
    assert grade.percent == pytest.approx(100 * score[0] / score[1], abs=0.01)
    assert [(ruling.kind, ruling.points) for ruling in grade.rulings] == [(RulingKind.COURSE, n) for n in points]


def test_nobody_gains_for_what_could_not_be_graded() -> None:
    rejected = graded(Status.REJECTED)
    assert ruled(course(test_c=CheckRule("x", everybody=True)), rejected).score == rejected.score


def due(**fields: float) -> CourseRules:
    return CourseRules(deadlines={PROBLEM: Due(DUE, **{"grace_minutes": 15, "per_day": 10, "cap": 25, **fields})})


LATE = {
    "in-time": (due(), False, "2025-05-01T11:59:00+00:00", 3.0),
    "within-grace": (due(), False, "2025-05-01T12:15:00+00:00", 3.0),
    "one-day-begun": (due(), False, "2025-05-01T12:16:00+00:00", 2.6),
    "two-days": (due(), False, "2025-05-03T12:00:00+00:00", 2.2),
    "no-more-than-the-cap": (due(), False, "2025-06-01T12:00:00+00:00", 2.0),
    "never-below-nothing": (due(per_day=100, cap=100), False, "2025-06-01T12:00:00+00:00", 0.0),
    "time-of-another-zone": (due(), False, "2025-05-01T14:00:00+02:00", 3.0),
    "the-time-counts-and-not-the-mark": (due(), True, "2025-05-01T11:00:00+00:00", 3.0),
    "marked-without-a-time": (due(), True, "", 2.6),
    "extended": (
        CourseRules(deadlines=due().deadlines, extensions={"ann": {PROBLEM: DUE + datetime.timedelta(days=3)}}),
        True, "2025-05-04T12:00:00+00:00", 3.0,
    ),
    "later-than-extended": (
        CourseRules(deadlines=due().deadlines, extensions={"ann": {PROBLEM: DUE + datetime.timedelta(days=3)}}),
        True, "2025-05-04T13:00:00+00:00", 2.6,
    ),
    "somebody-elses-extension": (
        CourseRules(deadlines=due().deadlines, extensions={"bob": {PROBLEM: DUE + datetime.timedelta(days=3)}}),
        True, "2025-05-01T13:00:00+00:00", 2.6,
    ),
    "no-rule": (CourseRules(), True, "", 3.0),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "late", "handed_in", "score"), LATE.values(), ids=LATE)
def test_lateness(rules: CourseRules, late: bool, handed_in: str, score: float) -> None:
    grade = ruled(Rules(rules), graded(), late=late, handed_in=handed_in)
    assert grade.score == pytest.approx(score)
    assert [ruling.kind for ruling in grade.rulings] == [RulingKind.LATE] * (score < 3)


def by_hand(check: str = "", points: float | None = None, to: float | None = None) -> Adjustment:
    return Adjustment("ann", PROBLEM, check, points, to, "because", "Ada", "2025-05-03", "adjustments.csv, line 2")


HAND = {
    "more": ([by_hand(points=0.5)], 3.5),
    "less": ([by_hand(points=-0.5)], 2.5),
    "to": ([by_hand(to=1)], 1.0),
    "no-more-than-all": ([by_hand(points=5)], 4.0),
    "not-below-nothing": ([by_hand(points=-5)], 0.0),
    "a-check": ([by_hand("test_c", points=0.5)], 3.5),
    "a-check-to": ([by_hand("t.py::test_a", to=0.5)], 1.5),
    "no-more-than-the-check": ([by_hand("test_c", points=5)], 4.0),
    "no-more-than-all-by-a-check": ([by_hand(to=4), by_hand("test_c", points=1)], 4.0),
    "in-their-order": ([by_hand(points=1), by_hand(to=1), by_hand(points=0.25)], 1.25),
}


@pytest.mark.parametrize(("adjustments", "score"), HAND.values(), ids=HAND)
def test_by_hand(adjustments: list[Adjustment], score: float) -> None:
    grade = ruled(Rules(of_batch=tuple(adjustments)), graded())
    assert grade.score == score
    assert len(grade.rulings) == len(adjustments)
    assert all((ruling.by, ruling.because) == ("Ada", "because") for ruling in grade.rulings)
    assert grade.score == 3.0 + sum(ruling.points for ruling in grade.rulings)


def test_the_hand_has_the_last_word() -> None:
    rules = Rules(due(), of_batch=(by_hand(to=4),))
    assert ruled(rules, graded(), late=True).score == 4.0


def with_part(**fields: float) -> Grade:
    """3 of 4 points by checks, of which some may be bonus; 2 more are given by hand."""
    grade = msgspec.structs.replace(graded(), manual=(PartGrade("why", "Why", 2.0),), **fields)
    return msgspec.structs.replace(grade, max_score=4.0 - grade.bonus)


MANUAL = {
    "nobody-has": ([], None, (3.0, 6.0)),
    "to": ([by_hand("why", to=1.5)], 1.5, (4.5, 6.0)),
    "by-its-title": ([by_hand("Why", points=1)], 1.0, (4.0, 6.0)),
    "nothing-is-something": ([by_hand("why", to=0)], 0.0, (3.0, 6.0)),
    "no-more-than-the-part": ([by_hand("why", points=5)], 2.0, (5.0, 6.0)),
    "the-last-counts": ([by_hand("why", to=2), by_hand("why", to=1)], 1.0, (4.0, 6.0)),
    "beside-others": ([by_hand(points=0.5), by_hand("why", to=1)], 1.0, (4.5, 6.0)),
}


@pytest.mark.parametrize(("adjustments", "points", "score"), MANUAL.values(), ids=MANUAL)
def test_a_manual_part(adjustments: list[Adjustment], points: float | None, score: tuple[float, float]) -> None:
    grade = ruled(Rules(of_batch=tuple(adjustments)), with_part())
    assert (grade.score, grade.max_score) == score
    assert grade.manual[0].points == points
    assert bool(grade.waiting) == (points is None)
    assert points is None or (grade.manual[0].by, grade.manual[0].because) == ("Ada", "because")
    assert len(grade.rulings) == sum(not each.check for each in adjustments)


def test_what_is_late_loses_of_its_manual_parts_too() -> None:
    rules = Rules(due(), of_batch=(by_hand("why", to=2),))
    assert ruled(rules, with_part(), late=True).score == pytest.approx(5.0 - 0.6)


BONUS = {
    "beyond": (BonusRule(), [], (5.0, 4.0), 125.0),
    "within-the-problem": (BonusRule("problem"), [], (4.0, 4.0), 100.0),
    "makes-up-elsewhere": (BonusRule("total"), [], (5.0, 4.0), 125.0),
    "a-hand-within-the-bonus": (BonusRule(), [by_hand(points=9)], (6.0, 4.0), 150.0),
    "a-hand-beyond-it": (BonusRule(by_hand=3), [by_hand(to=9)], (7.0, 4.0), 175.0),
}


@pytest.mark.parametrize(("rule", "adjustments", "score", "share"), BONUS.values(), ids=BONUS)
def test_bonus(rule: BonusRule, adjustments: list[Adjustment], score: tuple[float, float], share: float) -> None:
    """2 of the points are beyond full marks: 5 of 4 by checks and hand."""
    rules = Rules(CourseRules(bonus=rule), of_batch=(by_hand("why", to=2), *adjustments))
    grade = ruled(rules, with_part(bonus=2.0))
    assert (grade.score, grade.max_score, grade.percent) == (*score, share)


def test_others_are_left_alone() -> None:
    rules = Rules(
        of_batch=(Adjustment("bob", PROBLEM, "", 1.0, None, "x"), Adjustment("ann", "01", "", 1.0, None, "x"))
    )
    assert ruled(rules, graded()) == graded()


UNKNOWN = {
    "course": (course(test_d=CheckRule("x", drop=True)), "course.yaml: checks.02-conv-bias: there is no check test_d"),
    "hand": (Rules(of_batch=(by_hand("test_d", points=1),)), "adjustments.csv, line 2: there is no check test_d"),
}


@pytest.mark.parametrize(("rules", "says"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_check_that_there_is_not(rules: Rules, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        ruled(rules, graded())


POINTS = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0, 2.0, 7.1])
CHANGE = st.sampled_from([-9.0, -1 / 3, 0.0, 0.25, 1.0, 9.0])
OUTCOMES = st.sampled_from([Outcome.PASSED, Outcome.FAILED])
LEFT_OUT = st.one_of(
    st.builds(CheckRule, st.just("x"), drop=st.just(True)),
    st.builds(CheckRule, st.just("x"), everybody=st.just(True)),
    st.builds(CheckRule, st.just("x"), points=POINTS),
)
NAMES = st.sampled_from(["", "c0", "c1", "c2", "why"])
HANDS = st.one_of(st.builds(by_hand, NAMES, points=CHANGE), st.builds(by_hand, NAMES, to=CHANGE.map(abs)))


@settings(max_examples=150, deadline=None)
@given(
    checks=st.lists(st.tuples(OUTCOMES, POINTS, POINTS), min_size=3, max_size=3),
    bonus=POINTS,
    manual=st.one_of(st.none(), POINTS),
    rules=st.dictionaries(st.sampled_from(["c0", "c1", "c2"]), LEFT_OUT, max_size=2),
    hands=st.lists(HANDS, max_size=4),
    late=st.sampled_from(["", "2025-05-02T12:00:00+00:00", "2025-06-01T12:00:00+00:00"]),
    due=st.builds(Due, st.just(DUE), per_day=st.sampled_from([0.0, 10.0, 100.0]), cap=st.sampled_from([25.0, 100.0])),
    beyond=st.builds(BonusRule, st.sampled_from(["none", "total", "problem"]), POINTS),
)
def test_whatever_is_ruled_a_score_lies_between_nothing_and_all(
    checks: list[tuple[Outcome, float, float]],
    bonus: float,
    manual: float | None,
    rules: dict[str, CheckRule],
    hands: list[Adjustment],
    late: str,
    due: Due,
    beyond: BonusRule,
) -> None:
    results = [
        msgspec.structs.replace(
            samples.check(f"c{n}", outcome, worth, id=f"t.py::c{n}"), points=min(given, worth) * (outcome == "passed")
        )
        for n, (outcome, worth, given) in enumerate(checks)
    ]
    worth = sum(worth for _, worth, _ in checks)
    parts = () if manual is None else (PartGrade("why", "Why", manual),)
    hands = [each for each in hands if parts or each.check != "why"]
    whole = samples.grade(*results, student="ann", submission="ann/02.py")
    whole = msgspec.structs.replace(whole, manual=parts, bonus=min(bonus, worth), max_score=max(0.0, worth - bonus))
    course = CourseRules(checks={PROBLEM: rules}, deadlines={PROBLEM: due}, bonus=beyond)
    grade = ruled(Rules(course, of_batch=tuple(hands)), whole, handed_in=late)

    most = grade.max_score + (0 if beyond.cap == "problem" else max(grade.bonus, beyond.by_hand))
    assert 0 <= grade.score <= most + 1e-6
    assert 0 <= grade.bonus <= sum(check.max_points for check in grade.checks) + 1e-6
    assert all(-1e-6 <= check.points <= check.max_points + 1e-6 for check in grade.checks)
    assert all(part.points is None or 0 <= part.points <= part.max_points for part in grade.manual)
    by_parts = sum(part.points or 0 for part in grade.manual)
    told = whole.score + by_parts + sum(ruling.points for ruling in grade.rulings)
    assert grade.score == pytest.approx(told, abs=1e-5), "what is told adds up"
    kinds = [ruling.kind for ruling in grade.rulings if ruling.because != "points beyond full marks do not count"]
    assert kinds == sorted(kinds, key=[RulingKind.COURSE, RulingKind.LATE, RulingKind.HAND].index), "the order"


FOUND = {"c0": (1.0, 2.0), "c1": (0.0, 1.0), "c2": (1.0, 1.0)}
"""Check -> its points, and how many it has."""
ORDERED = st.lists(
    st.tuples(
        st.sampled_from(["", *FOUND, "why"]),
        st.sampled_from(["points", "to"]),
        st.sampled_from([-9.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 9.0]),
        st.sampled_from(["2025-05-03", "2024-01-01", ""]),
    ),
    max_size=7,
)
CheckPoints = tuple[tuple[str, float], ...]


def by_the_book(lines: list[tuple[str, str, float, str]], late: float) -> tuple[float, CheckPoints, float | None]:
    """docs/course.md in a few lines: score, points by check, points of the part. 4 points by checks, 2 by hand."""

    def step(had: float, how: str, number: float, most: float) -> float:
        return min(max(abs(number) if how == "to" else had + number, 0.0), most)

    part: float | None = None
    for name, how, number, _ in lines:
        if name == "why":
            part = step(part or 0.0, how, number, 2.0)
    score = max(0.0, 2.0 + (part or 0.0) - late)
    points = {name: had for name, (had, _) in FOUND.items()}
    for name, how, number, _ in lines:
        if name == "":
            score = step(score, how, number, 6.0)
        elif name != "why":
            after = step(points[name], how, number, FOUND[name][1])
            score = min(max(score + after - points[name], 0.0), 6.0)
            points[name] = after
    return score, tuple(points.items()), part


@settings(max_examples=300, deadline=None)
@given(lines=ORDERED, is_late=st.booleans(), undo=st.integers(0, 6))
def test_lines_by_hand_hold_in_their_order_and_one_taken_back_was_never_there(
    lines: list[tuple[str, str, float, str]], is_late: bool, undo: int
) -> None:
    checks = [
        msgspec.structs.replace(samples.check(name, Outcome.FAILED, most, id=f"t.py::{name}"), points=had)
        for name, (had, most) in FOUND.items()
    ]
    whole = samples.grade(*checks, student="ann", submission="ann/02.py")
    whole = msgspec.structs.replace(whole, score=2.0, max_score=4.0, manual=(PartGrade("why", "Why", 2.0),))
    rules = CourseRules(deadlines={PROBLEM: Due(DUE, 0, 10, 100)})

    def found(lines: list[tuple[str, str, float, str]]) -> tuple[float, CheckPoints, float | None]:
        hands = tuple(
            msgspec.structs.replace(
                by_hand(name, points=number) if how == "points" else by_hand(name, to=abs(number)), when=when
            )
            for name, how, number, when in lines
        )
        came = "2025-05-02T11:00:00+00:00" if is_late else ""
        grade = ruled(Rules(rules, of_batch=hands), whole, handed_in=came)
        points = tuple((check.title, check.points) for check in grade.checks)
        return grade.score, points, grade.manual[0].points

    for kept in (lines, lines[:undo] + lines[undo + 1 :]):
        score, points, part = by_the_book(kept, 0.6 if is_late else 0.0)
        assert found(kept) == (pytest.approx(score), points, part)
