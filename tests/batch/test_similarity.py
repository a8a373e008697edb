"""Who is told to be alike, and who is not."""

from __future__ import annotations

import random

from grader.batch.similarity import LookAlikes, alike
from grader.batch.tokens import CodeShape, shape_of

STUB = shape_of("stub.py", b"def solve(image, size, stride):\n    raise NotImplementedError\n")


def program(seed: int, statements: int = 30) -> list[str]:
    """A program nobody else would write: calls in an order of its own."""
    rng = random.Random(seed)
    names = ["amax", "unfold", "view", "sum", "mean", "permute", "flatten", "reshape", "clamp", "roll"]
    return [
        f"    x{i} = x{max(i - 1, 0)}.{rng.choice(names)}({rng.randint(0, 99)}, {rng.randint(0, 99)})"
        for i in range(statements)
    ]


def written(lines: list[str]) -> CodeShape:
    return shape_of("a.py", "\n".join(["def solve(image, size, stride):", *lines, "    return x0"]).encode())


def test_a_copy_with_a_few_changes_is_found() -> None:
    changed = [line.replace("x", "value") for line in program(1)]
    changed[7] = "    value7 = value6 * 2"
    answers = [("ann", written(program(1))), ("bob", written(program(2))), ("cy", written(changed))]
    (group,) = alike(answers, STUB)
    assert group.students == ("ann", "cy")
    assert 0.7 <= group.similarity < 1


def test_an_exact_copy_is_told_as_such_however_many_share_it() -> None:
    shared = [(f"s{i:03}", written(program(1))) for i in range(60)]
    others = [(f"t{i:03}", written(program(i + 10))) for i in range(60)]
    assert alike([*shared, *others], STUB) == [LookAlikes(tuple(name for name, _ in shared), 1.0)]


def test_what_comes_from_the_stub_does_not_count() -> None:
    stub = written(program(1))
    answers = [("ann", stub), ("bob", stub), ("cy", written([*program(1), "    x0 = x0 + 1"]))]
    assert alike(answers, stub) == []


def test_a_short_answer_proves_nothing() -> None:
    short = written(program(1, statements=2))
    assert alike([("ann", short), ("bob", short)], STUB) == []


def test_what_many_wrote_proves_nothing() -> None:
    usual = program(1)
    answers = [(f"s{i:03}", written([*usual, f"    x0 = x0.add({i})"])) for i in range(200)]
    assert alike(answers, STUB) == []


def test_groups_are_told_strongest_first_and_do_not_depend_on_the_order() -> None:
    near = [*program(3)[:-4], *program(4)[:4]]
    answers = [
        ("dee", written(program(3))), ("eve", written(near)),
        ("ann", written(program(1))), ("bob", written(program(1))),
    ]  # fmt: skip
    groups = alike(answers, STUB)
    assert [sorted(group.students) for group in groups] == [["ann", "bob"], ["dee", "eve"]]
    assert [g.similarity for g in alike(answers[::-1], STUB)] == [g.similarity for g in groups]
