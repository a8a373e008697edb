"""The pytest plugin: markers and fixtures for checks, and reports without prose to parse.

Collected items stay in memory; `run_item` runs one of them against whatever examination is current.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import inspect
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

import pytest
import torch

from grader.checking import calls
from grader.checking.proxy import Library, Submission
from grader.checking.recorded import RecordedReference, Recorder, Recording
from grader.checking.session.examination import Examination
from grader.checking.surroundings import Surroundings
from grader.checking.tolerance import Reference
from grader.errors import ProblemFileError
from grader.model import Figure, Problem, Visibility
from grader.problem.load import RECORDED

_FIXTURES = {"submission", "library", "reference", "draw", "figures", "dataset"}


@dataclass(frozen=True)
class Check:
    """One collected check."""

    id: str
    title: str
    visibility: Visibility
    points: float
    hint: str
    idea: str
    """What reports group it under; public, as the title is."""
    recognised: bool
    """Whether its answers count in the search for misconceptions."""
    place: str
    """File and line: ``checks/test_pool.py, line 12``."""
    item: pytest.Item
    direct: Callable[..., None] | None
    """The check's function, where it needs nothing of pytest's machinery but the fixtures of this plugin."""


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


class CheckPlugin:
    """Registered with pytest for one problem; `loop` is called with the checks once they are collected."""

    def __init__(self, problem: Problem, loop: Callable[[list[Check]], None]) -> None:
        self._problem = problem
        self._loop = loop
        self._solution: ModuleType | None = None
        self._reference: Reference | RecordedReference | None = None
        self._recording: Recording | None = None
        self._draws: list[torch.Tensor] = []
        """Recorded inputs that the check under way has not drawn yet."""
        self.recorder: Recorder | None = None
        """Notes what is asked of the reference, while a student kit is being made."""
        self.examination: Examination | None = None
        self.raised: BaseException | None = None
        self.recorded: list[Figure] = []
        self.collect_errors: list[str] = []
        self._session: pytest.Session | None = None
        self._surroundings: Surroundings | None = None

    # -- pytest's hooks --------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        for line in (
            "points(n): what the check is worth; 1 without it",
            "public: shown to students in full",
            "hint(text): what a student reads when the check fails",
            "idea(name): what the check is about; reports put checks of one idea together",
            "unrecognised: left out of the search for misconceptions",
        ):
            config.addinivalue_line("markers", line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            # pytest's own words end with what was raised; what comes before is its machinery.
            self.collect_errors.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.collect_errors:
            return True
        try:
            self._recording = _recording_of(self._problem)
            checks = in_order([_check(item, self._problem) for item in session.items])
        except ProblemFileError as error:
            self.collect_errors.append(error.message)
            return True
        self._session = session
        self._loop(checks)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        # The exception itself is kept; rendering it, as pytest would, costs more than most checks.
        if call.excinfo is not None:
            self.raised = call.excinfo.value
        outcome = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    # -- running ---------------------------------------------------------------------------------

    def begin_submission(self, examination: Examination) -> None:
        """The checks that follow are run for another submission, and find all as the first one did."""
        if self._surroundings is None:
            self._surroundings = Surroundings(self._modules())
        self._surroundings.put_back()
        self.examination = examination
        self.recorded.clear()

    def end_submission(self) -> None:
        """End every fixture of the author's, of whatever scope. Raises what one of them raises."""
        assert self._session is not None
        self._session._setupstate.teardown_exact(None)

    def _modules(self) -> list[ModuleType]:
        """The author's modules: check files, conftest.py, what they import from beside them, the reference."""
        assert self._session is not None
        folder = Path(self._problem.folder)
        loaded = [*sys.modules.values(), *self._session.config.pluginmanager.get_plugins()]
        loaded += [getattr(item, "module", None) for item in self._session.items]
        if self._problem.solution_folder is not None and self._solution is None:
            with contextlib.suppress(Exception):  # It is told where a check asks for it.
                self.solution()
        modules = [module for module in loaded if _lies_in(module, folder)]
        modules += [self._solution] if self._solution is not None else []
        return list({id(module): module for module in modules}.values())

    def run_item(self, check: Check, following: Check | None) -> tuple[BaseException | None, float]:
        """Run one check; what it raised, and its seconds. `following` is the submission's next one."""
        self.raised = None
        calls.forget()
        if self.recorder is not None:
            self.recorder.begin(check.id, check.item.fixturenames)  # type: ignore[attr-defined]
        if self._recording is not None:
            self._recording.begin(check.id)
            self._draws = self._recording.draws_of(check.id)
        started = time.perf_counter()
        if check.direct is not None:
            self.raised = self._call(check.item, check.direct)
            return self.raised, time.perf_counter() - started
        from _pytest.runner import runtestprotocol

        # An item that is run again has to ask for its fixtures again, also where its last run was cut short.
        check.item._request = False  # type: ignore[attr-defined]
        runtestprotocol(check.item, log=False, nextitem=following.item if following is not None else None)
        return self.raised, time.perf_counter() - started

    def _call(self, item: pytest.Item, function: Callable[..., None]) -> BaseException | None:
        """Call a check with the values of its fixtures. pytest's protocol for the same costs as much as the check."""
        given: dict[str, Any] = dict(getattr(getattr(item, "callspec", None), "params", {}))
        for name in _parameters(function):
            if name not in given:
                given[name] = self._value_of(name, item.name)
        try:
            function(**given)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def _value_of(self, fixture: str, check: str) -> Any:
        match fixture:
            case "submission":
                assert self.examination is not None
                return Submission(self.examination)
            case "library":
                assert self.examination is not None
                return Library(self.examination)
            case "reference":
                if self._reference is None:
                    recording = self._recording
                    self._reference = RecordedReference(recording) if recording else Reference(self.solution(), self)
                return self._reference
            case "draw":
                return Draw(_seed_of(check), self._drawn)
            case "figures":
                return self.recorded
            case _:
                from grader import data

                return data.load()

    # -- fixtures --------------------------------------------------------------------------------

    @pytest.fixture
    def submission(self) -> Submission:
        """The student's module, in its room."""
        submission: Submission = self._value_of("submission", "")
        return submission

    @pytest.fixture
    def library(self) -> Library:
        """Names in the room."""
        library: Library = self._value_of("library", "")
        return library

    @pytest.fixture(scope="session")
    def reference(self) -> Reference | RecordedReference:
        """The solution; its answers carry a tolerance."""
        reference: Reference | RecordedReference = self._value_of("reference", "")
        return reference

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Draw:
        """Random inputs: the same for every submission, different per check."""
        return Draw(_seed_of(request.node.name), self._drawn)

    @pytest.fixture
    def figures(self) -> list[Figure]:
        """Pictures for the student's page; what a check appends is shown, even if the check is hidden."""
        return self.recorded

    @pytest.fixture(scope="session")
    def dataset(self) -> Any:
        """The digits that problem.yaml asks for with `data: mnist`."""
        return self._value_of("dataset", "")

    def solution(self) -> ModuleType:
        """The reference module, loaded once."""
        if self._solution is None:
            if self._problem.solution_folder is None:
                raise ProblemFileError(f"{self._problem.slug} has no folder in solutions/")
            path = Path(self._problem.solution_folder) / "solution.py"
            self._solution = _load(path, "torchgrade_reference")
        return self._solution

    # -- for student kits ------------------------------------------------------------------------

    def answered(self, name: str, before: Any, after: Any, answer: Any) -> None:
        """The reference has answered."""
        if self.recorder is not None:
            self.recorder.answered(name, before, after, answer)

    def read(self, name: str, value: Any) -> None:
        """Something of the reference's that is no function was read."""
        if self.recorder is not None:
            self.recorder.read(name, value)

    def _drawn(self, tensor: torch.Tensor) -> torch.Tensor:
        if self.recorder is not None:
            self.recorder.drawn(tensor)
        if self._draws and (self._draws[0].shape, self._draws[0].dtype) == (tensor.shape, tensor.dtype):
            return self._draws.pop(0)
        return tensor


def _lies_in(module: object, folder: Path) -> TypeGuard[ModuleType]:
    file = getattr(module, "__file__", None)
    return isinstance(module, ModuleType) and isinstance(file, str) and Path(file).is_relative_to(folder)


def _recording_of(problem: Problem) -> Recording | None:
    path = Path(problem.folder) / RECORDED
    if problem.solution_folder is not None or not path.is_file():
        return None
    return Recording(problem.slug, path.read_bytes())


def _seed_of(check: str) -> int:
    return int.from_bytes(hashlib.sha256(check.encode()).digest()[:7], "little")


def _direct(item: pytest.Item) -> Callable[..., None] | None:
    """A check's function, if it is a plain one: no class, no fixture of the author's, nothing skipped or set up."""
    if not isinstance(item, pytest.Function) or item.cls is not None:
        return None
    params = getattr(getattr(item, "callspec", None), "params", {})
    if not set(item.fixturenames) <= _FIXTURES | params.keys() | {"request"}:
        return None
    if "request" in inspect.signature(item.function).parameters:
        return None
    if {mark.name for mark in item.iter_markers()} & {"skip", "skipif", "xfail", "usefixtures"}:
        return None
    function: Callable[..., None] = item.function
    return function


@functools.cache
def _parameters(function: Callable[..., None]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ProblemFileError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        raise ProblemFileError(f"{path}: there is no such file; the reference belongs there") from None
    return module


def _check(item: pytest.Item, problem: Problem) -> Check:
    name = item.nodeid.replace("\\", "/").rsplit("checks/", 1)[-1]
    function = getattr(item, "function", None)
    title = (getattr(function, "__doc__", None) or "").strip().splitlines()
    if not title:
        raise ProblemFileError(
            f"{problem.slug}/checks/{name}: a check needs a docstring; its first line is the title a student reads"
        )
    points = item.get_closest_marker("points")
    hint = item.get_closest_marker("hint")
    idea = item.get_closest_marker("idea")
    public = item.get_closest_marker("public") is not None
    return Check(
        id=name,
        title=title[0].strip(),
        visibility=Visibility.PUBLIC if public else Visibility.HIDDEN,
        points=float(points.args[0]) if points is not None else 1.0,
        hint=str(hint.args[0]) if hint is not None else "",
        idea=str(idea.args[0]).strip() if idea is not None else "",
        recognised=item.get_closest_marker("unrecognised") is None,
        place=f"checks/{name.partition('::')[0]}, line {(item.location[1] or 0) + 1}",
        item=item,
        direct=_direct(item),
    )


def in_order(checks: list[Check]) -> list[Check]:
    """Public checks first: what is printed from the first hidden one on is not shown to anybody."""
    return sorted(checks, key=lambda check: check.visibility is Visibility.HIDDEN)
