# ruff: noqa: E501 (samples are easier to compare as rows)
"""Grades made by hand: one of everything a report has to show."""

from __future__ import annotations

from grader.model import (
    Bars,
    CheckResult,
    Confusion,
    Counterexample,
    Curve,
    Grade,
    ImageGrid,
    Limits,
    Misconception,
    Mismatch,
    Outcome,
    Picture,
    Plane,
    Problem,
    Series,
    Shape,
    Status,
    Table,
    Visibility,
    Window,
)


def plane(*rows: list[float], where: str = "", top: int = 0, left: int = 0, cut: bool = False) -> Plane:
    return Plane(
        rows=tuple(tuple(f"{value:g}" for value in row) for row in rows),
        values=tuple(tuple(value if value == value else None for value in row) for row in rows),
        where=where,
        top=top,
        left=left,
        cut=cut,
    )


def check(title: str, outcome: Outcome = Outcome.PASSED, points: float = 1, **more: object) -> CheckResult:
    fields: dict[str, object] = {
        "id": "test_sample.py::test_" + "".join(c if c.isalnum() else "_" for c in title.lower())[:40],
        "title": title,
        "visibility": Visibility.PUBLIC,
        "outcome": outcome,
        "points": points if outcome is Outcome.PASSED else 0.0,
        "max_points": points,
        "message": "",
        "hint": "",
        "duration_s": 0.004,
    }
    return CheckResult(**(fields | more))  # type: ignore[arg-type]


def grade(*checks: CheckResult, **more: object) -> Grade:
    earned, most = sum(c.points for c in checks), sum(c.max_points for c in checks)
    fields: dict[str, object] = {
        "problem": "02-conv-bias",
        "student": "alice",
        "submission": "alice/02.py",
        "sha256": "5f" * 32,
        "status": Status.GRADED,
        "score": earned,
        "max_score": most,
        "percent": 100 * earned / most if most else 0.0,
        "checks": checks,
        "misconceptions": (),
        "stdout": "",
        "walls": ("user-namespace", "mount-namespace", "network-namespace", "landlock", "seccomp", "limits"),
        "data": None,
        "duration_s": 0.052,
        "grader_version": "0.1.0",
        "problem_version": "3e1c99aa04d2",
    }
    return Grade(**(fields | more))  # type: ignore[arg-type]


def problem(slug: str = "02-conv-bias", title: str = "Convolution with a bias") -> Problem:
    return Problem(
        slug=slug,
        folder=f"problems/{slug}",
        solution_folder=None,
        title=title,
        summary="Build a convolution layer that holds given weights, and apply it to one image.",
        points=10,
        limits=Limits(),
        forbidden={},
        names=("build_conv", "conv_with_bias"),
        data=None,
        version="3e1c99aa04d2",
    )


IMAGE = plane([1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16])

SHARPEN = Mismatch(
    kind="values",
    called="conv_with_bias(image, kernel, bias)",
    actual="tensor of shape (1, 1, 2, 2): [[6, 7], [10, 11]]",
    expected="tensor of shape (1, 1, 2, 2): [[11, 12], [15, 16]]",
    actual_plane=plane([6, 7], [10, 11], where="[0, 0, :, :]"),
    expected_plane=plane([11, 12], [15, 16], where="[0, 0, :, :]"),
    wrong_cells=((0, 0), (0, 1), (1, 0), (1, 1)),
    worst="[0, 0, 0, 0]: 6.0 instead of 11.0",
    wrong_count=4,
    total_count=4,
    window=Window(
        image=IMAGE,
        cells=tuple((r, c) for r in range(3) for c in range(3)),
        sentence="row 0, column 0 is 5 · 6 − 2 − 5 − 7 − 10, and the bias 5",
    ),
    shapes=(
        Shape("input", "image", (4, 4)),
        Shape("input", "kernel", (3, 3)),
        Shape("input", "bias", (1,)),
        Shape("expected", "", (1, 1, 2, 2)),
        Shape("actual", "", (1, 1, 2, 2)),
    ),
)

POOLING = Mismatch(
    kind="values",
    called="max_pool2d(x, 2)",
    actual="tensor of shape (1, 1, 2, 2)",
    expected="tensor of shape (1, 1, 2, 2)",
    actual_plane=plane([6, 7], [3, 4], where="[0, 0, :, :]"),
    expected_plane=plane([6, 8], [3, 4], where="[0, 0, :, :]"),
    wrong_cells=((0, 1),),
    worst="[0, 0, 0, 1]: 7.0 instead of 8.0",
    wrong_count=1,
    total_count=4,
    window=Window(
        image=plane([1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]),
        cells=((0, 2), (0, 3), (1, 2), (1, 3)),
        sentence="row 0, column 1 takes the largest of 2, 4, 7, 8",
    ),
    shapes=(
        Shape("input", "x", (1, 1, 4, 4)),
        Shape("expected", "", (1, 1, 2, 2)),
        Shape("actual", "", (1, 1, 2, 2)),
    ),
)

WRONG_SHAPE = Mismatch(
    kind="shape",
    called="conv_with_bias(image of shape (3, 8, 8), kernel of shape (2, 3, 3, 3), bias of shape (2,))",
    actual="tensor of shape (2, 6, 6)",
    expected="tensor of shape (1, 2, 6, 6)",
    shapes=(
        Shape("input", "image", (3, 8, 8)),
        Shape("input", "kernel", (2, 3, 3, 3)),
        Shape("input", "bias", (2,)),
        Shape("expected", "", (1, 2, 6, 6)),
        Shape("actual", "", (2, 6, 6)),
    ),
)

TRACEBACK = """Traceback (most recent call last):
  File "02.py", line 14, in conv_with_bias
    layer.weight = kernel
TypeError: cannot assign 'torch.FloatTensor' as parameter 'weight' (torch.nn.Parameter or None expected)
"""


def large_mismatch() -> Mismatch:
    """A 12 x 12 answer with signed values, a whole column of it wrong, zero padding around the window."""
    size = 12
    right = [[round(((r * 7 + c * 5) % 23 - 11) / 4, 2) for c in range(size)] for r in range(size)]
    wrong = [[value if c else value - 1.25 for c, value in enumerate(row)] for row in right]
    return Mismatch(
        kind="values",
        called="conv_functional(image, kernel, padding=1)",
        actual="tensor of shape (1, 1, 12, 12)",
        expected="tensor of shape (1, 1, 12, 12)",
        actual_plane=plane(*wrong, where="[0, 0, :, :]"),
        expected_plane=plane(*right, where="[0, 0, :, :]"),
        wrong_cells=tuple((r, 0) for r in range(size)),
        worst="[0, 0, 3, 0]: 1.0 instead of 2.25",
        wrong_count=size,
        total_count=size * size,
        window=Window(
            image=plane(*right),
            cells=tuple((r, c) for r in (-1, 0, 1) for c in (-1, 0, 1)),
            sentence="row 0, column 0 is computed from 0, 0, 0, 0, -2.75, -1.5, 0, -1, 0.25",
        ),
        shapes=(
            Shape("input", "image", (12, 12)),
            Shape("expected", "", (1, 1, 12, 12)),
            Shape("actual", "", (1, 1, 12, 12)),
        ),
    )


def huge_mismatch() -> Mismatch:
    """A 40 x 40 answer that is wrong from its middle on."""
    rows = [[(r * 40 + c) / 8 for c in range(40)] for r in range(40)]
    return Mismatch(
        kind="values",
        called="f(x)",
        actual="tensor of shape (40, 40)",
        expected="tensor of shape (40, 40)",
        actual_plane=plane(*[[value + (r >= 20) for value in row] for r, row in enumerate(rows)]),
        expected_plane=plane(*rows),
        wrong_cells=tuple((r, c) for r in range(20, 40) for c in range(40)),
        wrong_count=800,
        total_count=1600,
        window=Window(image=plane(*rows), cells=((20, 0), (20, 1)), sentence="two cells"),
    )


FLIPPED = Misconception(
    id="bias_forgotten",
    title="The bias is set to zero instead of being added",
    advice="Your numbers equal those of a layer whose bias was never given. Each filter has one bias, and it is added "
    "once to every cell of that filter's feature map. See “What the bias does”.",
)


def typical() -> Grade:
    """Work that is mostly right, with one misunderstanding."""
    return grade(
        check("The layer's weight is the kernel that was given", points=2, idea="What the layer holds"),
        check("The layer's weight and bias are learnable", idea="What the layer holds"),
        check("The lecture's image, sharpened", Outcome.FAILED, 2, mismatch=SHARPEN, message="Values differ.",
              hint="Where does the 5 of the bias come in?", idea="What the bias adds"),
        check("A color image has three channels, and the kernel too", Outcome.FAILED, 1, mismatch=WRONG_SHAPE,
              message="The shape differs.", hint="conv2d wants a batch axis; the result keeps it.", idea="Axes"),
        check("Two layers alive at once are independent", visibility=Visibility.HIDDEN, idea="What the layer holds"),
        check("Every filter has a bias of its own", Outcome.FAILED, 2, visibility=Visibility.HIDDEN,
              hint="With several filters, which bias goes to which feature map?", idea="What the bias adds"),
        check("An image without batch axis gets one", visibility=Visibility.HIDDEN, idea="Axes"),
        check("Training the layer leaves your kernel alone", visibility=Visibility.HIDDEN),
        misconceptions=(FLIPPED,),
        stdout="kernel: tensor([[ 0., -1.,  0.],\n        [-1.,  5., -1.],\n        [ 0., -1.,  0.]])\n",
        notes=("Cell 7 of the notebook raised NameError and was skipped; no check needed it.",),
    )  # fmt: skip


def perfect() -> Grade:
    """Full marks."""
    return grade(
        *(check(f"A public check, number {i}", points=2) for i in range(1, 4)),
        *(check(f"A hidden check, number {i}", visibility=Visibility.HIDDEN) for i in range(1, 5)),
    )


def everything() -> Grade:
    """Every outcome, public and hidden."""
    public = [
        check("Max pooling of the lecture's image", Outcome.FAILED, 2, mismatch=POOLING, message="Values differ.",
              hint="Where does a window start?"),
        check("Padding leaves the result's size as it was", Outcome.FAILED, 1, mismatch=large_mismatch(),
              message="Values differ.", hint="What is beyond the edge?"),
        check("A kernel of one cell", Outcome.ERROR, 1, message="TypeError: cannot assign 'torch.FloatTensor' as parameter",
              traceback=TRACEBACK, hint="nn.Parameter makes a tensor learnable."),
        check("A large image in reasonable time", Outcome.TIMEOUT, 1, message="conv_with_bias did not return within 5 s."),
        check("Sizes of one", Outcome.CRASHED, 1, message="The process ended with exit code 0 before it answered."),
        check("Integer images", Outcome.NOT_RUN, 1, message="Not run, because the program had died."),
        check("Float64 stays float64"),
    ]  # fmt: skip
    hidden = [
        check(
            f"A hidden check that {outcome}",
            outcome,
            visibility=Visibility.HIDDEN,
            hint="Think of sizes of one.",
        )
        for outcome in Outcome
    ]
    return grade(*public, *hidden, data="drawn", stdout="hello\n" * 40)


def exemplified() -> Grade:
    """One input that shows a misconception, and one with nothing known behind it, on which the function raises."""
    shown = Mismatch(
        kind="values",
        called="f(tensor([[-1.]]))",
        actual="tensor([[0.]])",
        expected="tensor([[-1.]])",
        actual_plane=plane([0.0]),
        expected_plane=plane([-1.0]),
        wrong_cells=((0, 0),),
        worst="[0, 0]: 0 instead of -1",
        wrong_count=1,
        total_count=1,
    )
    raised = Mismatch(kind="other", called="g(1)", actual="raised ValueError: no", expected="2")
    return grade(
        check("A hidden one.", Outcome.FAILED, visibility=Visibility.HIDDEN, hint="Think."),
        misconceptions=(Misconception("negative", "Negative numbers are lost", "Keep them."),),
        counterexamples=(
            Counterexample("f", shown, "negative"),
            Counterexample("g", raised, "", 'Traceback (most recent call last):\n  File "02.py", line 3, in g\nno'),
        ),
    )


def figures() -> Grade:
    """The training problem, with every kind of figure."""
    digit = bytes(max(0, 255 - 28 * abs((i % 28) - 14) - 6 * abs(i // 28 - 14)) for i in range(28 * 28))
    kernel = bytes((i * 53) % 256 for i in range(9))
    counts = tuple(tuple(94 - r if r == c else (r * 3 + c * 7) % 4 for c in range(10)) for r in range(10))
    return grade(
        check("The classifier reaches the pass mark", points=4),
        check("One step of SGD equals the reference's", Outcome.FAILED, 2, message="Values differ.", hint="Mean or sum?"),
        problem="05-mnist-cnn",
        data="mnist",
        figures=(
            Curve("Loss per epoch", "epoch", "mean cross-entropy",
                  (Series("yours", (2.21, 1.32, 0.61, 0.42, 0.35, 0.31)), Series("reference", (2.1, 0.9, 0.45, 0.33, 0.27, 0.24))),
                  "A model that guesses has a loss of ln 10 = 2.30."),
            Bars("Accuracy per class", tuple("0123456789"), (0.97, 0.98, 0.91, 0.88, 0.93, 0.62, 0.95, None, 0.86, 0.9), 1.0,
                 percent=True, mark=0.85),
            Confusion("Which digit is taken for which", tuple("0123456789"), counts),
            ImageGrid("Most confidently wrong", tuple(Picture(28, 28, digit, f"{i} taken for {9 - i} (9{i} %)") for i in range(8))),
            ImageGrid("Filters of the first layer", tuple(Picture(3, 3, kernel, f"filter {i}") for i in range(12)), signed=True),
            Table("Parameters", ("layer", "yours", "expected"),
                  (("conv 1", "576 + 64", "576 + 64"), ("conv 2", "73,728 + 64", "73,728 + 128"), ("head", "200 + 10", "200 + 10")),
                  wrong=(1,), note="149,798 in all are expected; yours has 149,734."),
        ),
    )  # fmt: skip


STATEMENT = """# Convolution with a bias

A layer of a convolutional network slides a *kernel* over an image; what it adds at the end is the **bias**.

## What to write

`build_conv(kernel, bias)` returns an `nn.Conv2d`; `conv_with_bias(image, kernel, bias)` applies it.

| argument | shape | meaning |
|---|:---:|---:|
| `image` | (H, W) | one channel |
| `kernel` | (kH, kW) | one filter |

<svg viewBox="0 0 180 60" role="img" aria-label="A window on an image" width="180" height="60">
<rect x="1" y="1" width="56" height="56" fill="var(--soft)" stroke="var(--ink)"/>
<rect x="1" y="1" width="42" height="42" fill="none" stroke="var(--accent)" stroke-width="3"/>
<path d="M70 29h40" stroke="var(--good)" style="stroke-width:2px"/>
<rect x="122" y="15" width="28" height="28" fill="var(--bad)"/></svg>

## What the bias does

```python
>>> image = torch.arange(1., 17.).reshape(4, 4)
>>> conv_with_bias(image, kernel, torch.tensor([5.]))[0, 0]
tensor([[11., 12.],
        [15., 16.]], grad_fn=<SelectBackward0>)
```

1. Each filter has one bias.
2. It is added once to every cell.

> The lecture's own `nn.Parameter(kernel)` shares memory with your kernel.
"""
