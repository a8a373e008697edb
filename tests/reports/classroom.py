"""A class made by a seeded generator: students of different strength, checks of different difficulty."""

from __future__ import annotations

import random
from collections.abc import Iterator

from grader.model import Grade, Misconception, Outcome, Problem, Status, Visibility
from grader.reports.model import Alike, ClassEntry, ClassNotice, ClassReport, Learner
from grader.reports.statistics import ClassCounting

from . import samples

PROBLEMS = {
    "01-maxpool": ("Max pooling", 16),
    "02-conv-bias": ("Convolution with a bias", 13),
    "03-functional-vs-module": ("The functional and the module", 14),
    "04-parameter-counts": ("Counting parameters", 17),
    "05-mnist-cnn": ("A classifier of digits", 20),
    "06-images-as-tensors": ("Images as tensors", 12),
    "07-convolution-by-hand": ("Convolution by hand", 15),
}
FIRST = [
    "Ada",
    "Bo",
    "Chloé",
    "Daniyar",
    "Elif",
    "Fatima",
    "Günther",
    "Hana",
    "Ivo",
    "Kenji",
    "Lior",
    "Noor",
    "Oluwaseun",
]
LAST = ["Anderson", "Bäcker", "Chen", "Diallo", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "López", "Müller"]
TOPICS = ("Output size", "Values of a window", "Batch and channels", "Side effects")
MISCONCEPTIONS = (
    ("zero_padding", "Padding in max pooling is taken to be zeros"),
    ("flipped", "The kernel is flipped before it is slid over the image"),
    ("swapped", "Height and width are swapped"),
)


def problems() -> list[Problem]:
    return [samples.problem(slug, title) for slug, (title, _) in PROBLEMS.items()]


def learners(count: int) -> list[Learner]:
    random_ = random.Random(1)
    return [
        Learner(f"s{index:04d}", f"{random_.choice(FIRST)} {random_.choice(LAST)}", late=random_.random() < 0.04)
        for index in range(count)
    ]


def entries(students: list[Learner]) -> Iterator[ClassEntry]:
    random_ = random.Random(2)
    for student in students:
        strength = random_.gauss(0.9, 0.9)
        for slug, (_, checks) in PROBLEMS.items():
            if random_.random() < 0.04:
                continue
            yield ClassEntry(one_grade(random_, student.id, slug, checks, strength), f"{student.id}/{slug}.html")


def one_grade(random_: random.Random, student: str, slug: str, checks: int, strength: float) -> Grade:
    broken = random_.random() < 0.02
    results = []
    for index in range(checks):
        difficulty = (index * 7 % checks) / checks * 3 - 1.5
        right = random_.gauss(strength - difficulty, 0.8) > 0
        other = random_.choice([Outcome.FAILED] * 8 + [Outcome.ERROR, Outcome.TIMEOUT])
        outcome = Outcome.NOT_RUN if broken else Outcome.PASSED if right else other
        results.append(
            samples.check(
                f"{slug}, check {index + 1}: the result keeps its shape and its values",
                outcome,
                10 / checks,
                id=f"test_{slug[:2]}.py::test_{index}",
                visibility=Visibility.PUBLIC if index % 3 == 0 else Visibility.HIDDEN,
                idea=TOPICS[index % 5] if index % 5 < len(TOPICS) else "",
            )
        )
    wrong = [check for check in results if check.outcome is Outcome.FAILED]
    misconceptions = [Misconception(id, title, samples.FLIPPED.advice) for id, title in MISCONCEPTIONS]
    return samples.grade(
        *results,
        problem=slug,
        student=student,
        submission=f"{student}/{slug}.py",
        misconceptions=(random_.choice(misconceptions),) if len(wrong) > checks / 3 and random_.random() < 0.5 else (),
        status=Status.REJECTED if broken else Status.GRADED,
        message="02.py, line 3: SyntaxError: invalid syntax" if broken else "",
        duration_s=random_.lognormvariate(-2.5 if slug != "05-mnist-cnn" else 2.5, 0.3),
    )


def report(count: int) -> ClassReport:
    students = learners(count)
    return ClassCounting().report(
        "Deep learning, winter term",
        problems(),
        students,
        entries(students),
        notices=[
            ClassNotice("submissions/old.zip/notes.txt", "is neither Python nor a notebook"),
            ClassNotice("submissions/s0009/solution (2).py", "a second file for 02-conv-bias; the later one counts"),
        ],
        alike=[
            Alike("01-maxpool", ("s0001", "s0007"), 1.0),
            Alike("07-convolution-by-hand", ("s0002", "s0003", "s0005"), 0.94),
        ],
    )


def empty() -> ClassReport:
    return ClassCounting().report("Nobody yet", problems(), [], [])
