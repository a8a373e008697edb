"""The data that flows through the grader: frozen values and closed enums, no behaviour beyond arithmetic.

`Problem` and `Submission` go in, `Findings` come out of the checker, `Grade` is what every report, export and store
reads. `Grade` written as JSON *is* result.json.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

SCHEMA_VERSION = 1


class Visibility(StrEnum):
    """Whether a student may see what a check asks."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    NOT_RUN = "not_run"


class Status(StrEnum):
    """How grading one submission ended as a whole."""

    GRADED = "graded"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one submission may use. Seconds are wall-clock time, sizes are in the unit of the name."""

    import_seconds: float = 10.0
    call_seconds: float = 5.0
    total_seconds: float = 60.0
    check_seconds: float = 20.0
    """Processor time that the checker may spend on one check: its comparisons, and the reference's answers."""
    memory_mb: int = 1024
    """Address space above what torch has mapped already."""
    scratch_mb: int = 64
    output_kb: int = 64
    """Printed output that is kept; what is beyond is cut, not punished."""
    reply_mb: int = 64
    """Largest single value a function may return."""
    threads: int = 16

    @property
    def most_seconds(self) -> float:
        """How long one submission's code can run in all.

        A last load may begin when its time is nearly used, and one call that died among others is asked once more.
        """
        return self.total_seconds + self.import_seconds + self.call_seconds


class Forbidden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Operators of torch that one function of the student's must not run, or not often."""

    operators: tuple[str, ...]
    """Dispatcher names with wildcards, such as ``aten::*pool*``."""
    say: str
    """The sentence a student reads, ending without a full stop."""
    at_most: int = 0
    """How often they may run, taken together, in one call."""


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hidden checks that a student kit leaves out of a problem."""

    checks: int
    points: float


class RubricLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a manual part may earn points for, or lose them."""

    points: float
    what: str
    """Told to the student where it holds."""


class ManualPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a problem that a person grades: an explanation, a picture."""

    title: str
    points: float
    rubric: tuple[RubricLine, ...] = ()
    """For who grades; no kit has it."""


class Problem(msgspec.Struct, frozen=True):
    """One exercise, as its folder describes it."""

    slug: str
    """Folder name, such as ``02-conv-bias``."""
    folder: str
    solution_folder: str | None
    title: str
    summary: str
    points: float
    limits: Limits
    forbidden: dict[str, tuple[Forbidden, ...]]
    """Function of the student -> what it must not run."""
    names: tuple[str, ...]
    """Top-level functions and classes of the stub: what a submission must define."""
    data: str | None
    """The data set that the checks need, such as ``"mnist"``."""
    version: str
    """Digest of every file that can change a grade."""
    hidden: Waiting | None = None
    """Set in a student kit alone."""
    files: tuple[str, ...] = ()
    """What lies beside every answer, read-only: paths in the problem's folder, and the same beside the answer."""
    requirements: tuple[str, ...] = ()
    """Packages that students may use, the course's and the problem's, as for pip."""
    preload: tuple[str, ...] = ()
    """Modules that are imported once, before rooms are forked."""
    returning: tuple[str, ...] = ()
    """Those of `names` that return something, and never None."""
    objects: tuple[str, ...] = ()
    """Classes of the stub that are made from no other: what they make is no list, number or tensor to any check."""
    counterexamples: bool = True
    """Whether students are shown the smallest input on which their answer is wrong."""
    bonus: float = 0.0
    """So many of its checks' points are beyond full marks."""
    manual: dict[str, ManualPart] = {}

    @property
    def number(self) -> str:
        return self.slug.split("-", 1)[0]

    @property
    def check_points(self) -> float:
        """What the checks are worth together, without the bonus."""
        return round(self.points - sum(part.points for part in self.manual.values()), 6)


class SourceFile(msgspec.Struct, frozen=True):
    """One file of a submission, as bytes: the trusted side never parses it."""

    name: str
    content: bytes


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in for one problem."""

    path: str
    """Where it came from, for people to read."""
    main: SourceFile
    """The .py or .ipynb that is loaded."""
    extra: tuple[SourceFile, ...] = ()
    """Helper files beside it that it may import or read."""
    student: str | None = None
    sha256: str = ""
    figures: bool = False
    """Whether a notebook's figures were kept, for a person to look at."""


class Plane(msgspec.Struct, frozen=True):
    """A two-dimensional cut through a tensor, small enough to print. `rows` holds already formatted cells."""

    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[float | None, ...], ...]
    """The same cells as numbers for heat maps; None where a cell is nan or infinite."""
    where: str = ""
    """Which cut, such as ``[0, 1, :, :]``; empty for a tensor that is shown whole."""
    top: int = 0
    left: int = 0
    """Index of the first row and column shown, where a large plane was cut."""
    cut: bool = False
    """Whether rows or columns were left out."""


class Window(msgspec.Struct, frozen=True):
    """The cells of the input behind one output cell, for the picture of a failed check."""

    image: Plane
    cells: tuple[tuple[int, int], ...]
    """(row, column) in the image, of the cells in the window; those outside the image are padding."""
    sentence: str
    """What is computed from them, up to the result: ``row 1, column 2 takes the largest of 7, 8, 1, 0``."""
    kernel: Plane | None = None
    """What the window is multiplied with, where it is."""


class Shape(msgspec.Struct, frozen=True):
    """One stop of a shape trace: an argument of the call, what was expected, or what came back."""

    role: Literal["input", "expected", "actual"]
    name: str
    """The argument's name; empty for the results."""
    sizes: tuple[int, ...]


MismatchKind = Literal["type", "dtype", "shape", "values", "text", "other"]


class Mismatch(msgspec.Struct, frozen=True):
    """How an answer differs from what was expected; `kind` says at which level the comparison stopped."""

    kind: MismatchKind
    called: str
    """The call as a student would type it, large tensors by shape; or the variable or attribute."""
    actual: str
    """What came back, in words or digits."""
    expected: str
    actual_plane: Plane | None = None
    expected_plane: Plane | None = None
    wrong_cells: tuple[tuple[int, int], ...] = ()
    """(row, column) inside the planes."""
    worst: str = ""
    """Where the largest difference is, such as ``[0, 0, 1, 2]: 7.0 instead of 8.0``."""
    wrong_count: int = 0
    total_count: int = 0
    window: Window | None = None
    shapes: tuple[Shape, ...] = ()
    """From input to output, for the trace in the report."""
    verb: Literal["returned", "printed", "is"] = "returned"
    """What `called` did, or that it was only looked at."""

    @property
    def in_planes(self) -> bool:
        """Whether a picture of the planes says all of `actual` and `expected`: they differ in their values alone."""
        return self.kind == "values" and self.expected_plane is not None


class CheckResult(msgspec.Struct, frozen=True):
    """What one check found."""

    id: str
    title: str
    visibility: Visibility
    outcome: Outcome
    points: float
    max_points: float
    message: str
    hint: str
    duration_s: float
    mismatch: Mismatch | None = None
    """Never set for a hidden check, unless its author asked to reveal it."""
    traceback: str = ""
    """The student's own frames, never ours."""
    idea: str = ""
    """What the check is about, as its author named it: reports put checks of one idea together."""


class Misconception(msgspec.Struct, frozen=True):
    """A known misunderstanding that the submission's answers are equal to."""

    id: str
    title: str
    advice: str


class Counterexample(msgspec.Struct, frozen=True):
    """A small input that is no hidden check's, and on which the submission is wrong."""

    function: str
    mismatch: Mismatch
    """With kind "other", the function raised what `actual` says."""
    misconception: str = ""
    """Id of the recognised misconception that it shows; empty where nothing stands behind it that is known."""
    traceback: str = ""
    """The student's own frames, where the function raised."""


class Series(msgspec.Struct, frozen=True):
    """One line of a curve: `values[i]` belongs to step `i + 1`; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


class Curve(msgspec.Struct, frozen=True, tag="curve"):
    """Values over steps, such as the loss per epoch."""

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    note: str = ""


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """One value per label, such as the accuracy per class; None where there is none."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    top: float
    """The value of a full bar, such as 1.0 for an accuracy."""
    percent: bool = False
    """Whether values are printed as percentages of `top`."""
    mark: float | None = None
    """A value to draw a line at, such as the pass mark."""
    note: str = ""
    x_label: str = ""
    y_label: str = ""


class Confusion(msgspec.Struct, frozen=True, tag="confusion"):
    """`counts[i][j]` samples of class i were taken for class j."""

    title: str
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    note: str = ""
    row_label: str = "is"
    """What a row's class is to its samples."""
    column_label: str = "taken for"


class Picture(msgspec.Struct, frozen=True):
    """A small image in grey: `pixels` holds `height * width` bytes, row by row; 0 is the background."""

    height: int
    width: int
    pixels: bytes
    caption: str = ""


class ImageGrid(msgspec.Struct, frozen=True, tag="images"):
    """Small images side by side: digits, filters, feature maps."""

    title: str
    images: tuple[Picture, ...]
    signed: bool = False
    """Whether 128 stands for zero, as for filters: negative and positive get two colours."""
    note: str = ""


class Table(msgspec.Struct, frozen=True, tag="table"):
    """Rows of text; `wrong` holds the indices of the rows that differ from what was expected."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wrong: tuple[int, ...] = ()
    note: str = ""


Figure = Curve | Bars | Confusion | ImageGrid | Table


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What putting one submission before a problem's checks has brought."""

    status: Status
    message: str = ""
    """Where and why, when `status` is not "graded"; else empty."""
    checks: tuple[CheckResult, ...]
    misconceptions: tuple[Misconception, ...]
    stdout: str
    walls: tuple[str, ...]
    data: Literal["mnist", "drawn"] | None
    duration_s: float
    notes: tuple[str, ...] = ()
    """Plain sentences for the student, such as a notebook cell that was not run."""
    figures: tuple[Figure, ...] = ()
    """Pictures of the work as a whole, such as the loss per epoch; nothing of a hidden check."""
    counterexamples: tuple[Counterexample, ...] = ()
    """Where hidden checks alone fail, or alone show a recognised misconception: what public ones would have shown."""


class Findings(Checked, frozen=True, tag="findings"):
    """What a checker replies to the driver; scored, it is a `Grade`."""


class RulingKind(StrEnum):
    """Who decided on a grade after its checks."""

    COURSE = "course"
    """course.yaml, on a check, for everybody alike."""
    LATE = "late"
    HAND = "hand"
    """Somebody, for one student."""


class Ruling(msgspec.Struct, frozen=True):
    """What was decided on a grade after its checks."""

    kind: RulingKind
    points: float
    """What the score gained by it, or lost where negative."""
    because: str
    by: str = ""
    when: str = ""
    check: str = ""
    """Title of the check that it is about; empty for the problem as a whole."""


class PartGrade(msgspec.Struct, frozen=True):
    """A manual part of a grade."""

    id: str
    title: str
    max_points: float
    points: float | None = None
    """None while nobody has graded it."""
    because: str = ""
    by: str = ""
    when: str = ""


class Grade(Checked, frozen=True):
    """result.json: one submission, one problem. Its own fields come first there."""

    problem: str
    student: str | None
    submission: str
    sha256: str
    score: float
    max_score: float
    percent: float
    grader_version: str
    problem_version: str
    public_only: bool = False
    rulings: tuple[Ruling, ...] = ()
    """What was decided after the checks, in its order; in `score` already."""
    bonus: float = 0.0
    """So many of the checks' points are beyond `max_score`."""
    manual: tuple[PartGrade, ...] = ()
    """What people grade. Where grades are published it is in `score` and `max_score`; before, the checks alone are."""
    schema: int = SCHEMA_VERSION

    @property
    def waiting(self) -> tuple[PartGrade, ...]:
        """The manual parts that nobody has graded."""
        return tuple(part for part in self.manual if part.points is None)
