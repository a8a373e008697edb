"""What a check may ask for, in one table: pytest serves from it, and so does the direct call of a plain check."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

import torch

from grader.checking import blame
from grader.checking.api.proxy import LibraryProxy, SubmissionProxy
from grader.checking.credit import Credit
from grader.checking.recording import RecordedReference, Recorder, Recording
from grader.checking.session.examination import Examination
from grader.checking.tolerance import Reference
from grader.data import PROVIDERS
from grader.errors import ProblemFileError
from grader.model import Figure, Problem
from grader.problem.load import RECORDED


class Draw:
    """Random inputs from a generator that is seeded with the check's name."""

    def __init__(self, seed: int, given: Callable[[torch.Tensor], torch.Tensor] = lambda drawn: drawn) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self._given = given
        """Hears of every input, and may give another in its place."""

    def normal(self, *shape: int) -> torch.Tensor:
        """float32 of the given shape, mean 0, standard deviation 1."""
        return self._given(torch.randn(*shape, generator=self.generator))

    def uniform(self, *shape: int) -> torch.Tensor:
        """float32 of the given shape, in [0, 1)."""
        return self._given(torch.rand(*shape, generator=self.generator))

    def integers(self, low: int, high: int, shape: tuple[int, ...]) -> torch.Tensor:
        """int64 of the given shape, from low to high - 1."""
        return self._given(torch.randint(low, high, shape, generator=self.generator))


class Supply:
    """What the fixtures of one problem's checks are made of."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._solution: ModuleType | None = None
        self._reference: Reference | RecordedReference | None = None
        self._recording: Recording | None = None
        self._recorded_draws: list[torch.Tensor] = []
        """Recorded inputs that the check under way has not drawn yet."""
        self._examination: Examination | None = None
        self.recorder: Recorder | None = None
        """Notes what checks ask the reference, while a student kit is being made."""
        self.figures: list[Figure] = []
        self.credit = Credit()

    def dataset(self) -> Any:
        """The data set that problem.yaml names. Raises ProblemFileError where it names none."""
        if self._problem.data is None:
            raise ProblemFileError(
                f"{self._problem.slug}: a check uses the fixture dataset; say data: in problem.yaml, "
                f"which may be {', '.join(PROVIDERS)}"
            )
        return PROVIDERS[self._problem.data].load()

    def read_recording(self) -> None:
        """In a student kit: read what stands in the solution's place. Raises ProblemFileError."""
        path = Path(self._problem.folder) / RECORDED
        if self._problem.solution_folder is None and path.is_file():
            self._recording = Recording(self._problem.slug, path.read_bytes())

    def begin_submission(self, examination: Examination) -> None:
        """The checks that follow ask this submission."""
        self._examination = examination
        self.figures.clear()

    def begin_check(self, check: str, fixtures: list[str]) -> None:
        """A check begins that asks for these fixtures."""
        self.credit = Credit()
        if self.recorder is not None:
            self.recorder.begin(check, fixtures)
        if self._recording is not None:
            self._recording.begin(check)
            self._recorded_draws = self._recording.draws_of(check)

    @property
    def examination(self) -> Examination:
        """The examination of the submission that is before the checks."""
        assert self._examination is not None
        return self._examination

    def reference(self) -> Reference | RecordedReference:
        """What stands for the solution in checks; all checks get the same."""
        if self._reference is None:
            recording = self._recording
            self._reference = RecordedReference(recording) if recording else Reference(self.solution(), self)
        return self._reference

    def solution(self) -> ModuleType:
        """The solution's module, loaded once. Raises ProblemFileError where there is none."""
        if self._solution is None:
            if self._problem.solution_folder is None:
                raise ProblemFileError(f"{self._problem.slug} has no folder in solutions/")
            path = Path(self._problem.solution_folder) / "solution.py"
            beside = Path(self._problem.folder) if self._problem.files else path.parent
            self._solution = _load(path, "torchgrade_reference", beside)
        return self._solution

    def draw(self, check: str) -> Draw:
        """Random inputs for the check of this name."""
        seed = int.from_bytes(hashlib.sha256(check.encode()).digest()[:7], "little")
        return Draw(seed, self._drawn)

    def _drawn(self, tensor: torch.Tensor) -> torch.Tensor:
        if self.recorder is not None:
            self.recorder.drawn(tensor)
        recorded = self._recorded_draws
        if recorded and (recorded[0].shape, recorded[0].dtype) == (tensor.shape, tensor.dtype):
            return recorded.pop(0)
        return tensor

    # -- as a listener to the reference ----------------------------------------------------------

    def answered(self, name: str, before: Any, after: Any, answer: Any) -> None:
        """The reference has answered."""
        if self.recorder is not None:
            self.recorder.answered(name, before, after, answer)

    def read(self, name: str, value: Any) -> None:
        """A check has read a name of the reference's that is no function."""
        if self.recorder is not None:
            self.recorder.read(name, value)


def _load(path: Path, name: str, beside: Path) -> ModuleType:
    """The module in `path`, loaded as if the file lay in the folder `beside`."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ProblemFileError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    module.__file__ = str(beside / path.name)
    sys.modules[name] = module
    if not path.is_file():
        raise ProblemFileError(f"{path}: there is no such file; the reference belongs there")
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise blame.solution_error(path, error) from error
    return module


class Fixture(NamedTuple):
    """One row of the table."""

    about: str
    value: Callable[[Supply, str], Any]
    """Makes the value for the check of a name."""
    scope: Literal["function", "session"] = "function"


def _dataset(supply: Supply, check: str) -> Any:
    return supply.dataset()


FIXTURES: Mapping[str, Fixture] = {
    "submission": Fixture("The student's module, in its room.", lambda supply, _: SubmissionProxy(supply.examination)),
    "library": Fixture("Names in the room.", lambda supply, _: LibraryProxy(supply.examination)),
    "reference": Fixture(
        "The solution; its answers carry a tolerance.", lambda supply, _: supply.reference(), "session"
    ),
    "draw": Fixture("Random inputs: the same for every submission, different per check.", Supply.draw),
    "figures": Fixture(
        "Pictures for the student's page; what a check appends is shown, even if the check is hidden.",
        lambda supply, _: supply.figures,
    ),
    "credit": Fixture("Points for the parts of one check.", lambda supply, _: supply.credit),
    "dataset": Fixture("The data set that problem.yaml names with `data:`.", _dataset, "session"),
}
