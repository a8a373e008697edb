"""The pytest plugin: collects a problem's checks once, and runs them for one submission after another.

A plain check is called directly, with the values of its fixtures. Pytest's own protocol runs those with fixtures or
marks of the author's. With all checks of 01-maxpool run by that protocol, a submission takes 1.3 times the processor
time.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeGuard

import pytest

from grader.checking import calls
from grader.checking.checks import MARKERS, Check, collected
from grader.checking.fixtures import FIXTURES, Fixture, Supply
from grader.checking.session.examination import Examination
from grader.checking.surroundings import Surroundings
from grader.errors import ProblemFileError
from grader.model import Problem


class CheckPlugin:
    """Registered with pytest for one problem; `loop` is called with the checks once they are collected."""

    def __init__(self, problem: Problem, loop: Callable[[list[Check]], None]) -> None:
        self._problem = problem
        self._loop = loop
        self._raised: BaseException | None = None
        self._session: pytest.Session | None = None
        self._surroundings: Surroundings | None = None
        self.supply = Supply(problem)
        self.collect_errors: list[str] = []

    # -- pytest's hooks --------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        for line in MARKERS:
            config.addinivalue_line("markers", line)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            # pytest's own words end with what was raised; what comes before is its machinery.
            self.collect_errors.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.collect_errors:
            return True
        try:
            self.supply.read_recording()
            checks = collected(session.items, self._problem)
        except ProblemFileError as error:
            self.collect_errors.append(error.message)
            return True
        if not checks:
            return True
        self._session = session
        self._loop(checks)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        # The exception itself is kept; rendering it, as pytest would, costs more than most checks.
        if call.excinfo is not None:
            self._raised = call.excinfo.value
        outcome = "passed" if call.excinfo is None else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    # -- running ---------------------------------------------------------------------------------

    def begin_submission(self, examination: Examination) -> None:
        """Run the checks that follow for another submission; they find everything as the first one did."""
        if self._surroundings is None:
            self._surroundings = Surroundings(self._modules())
        self._surroundings.put_back()
        self.supply.begin_submission(examination)

    def end_submission(self) -> None:
        """End every fixture of the author's, of whatever scope. Raises what one of them raises."""
        assert self._session is not None
        self._session._setupstate.teardown_exact(None)

    def run_check(self, check: Check, following: Check | None) -> tuple[BaseException | None, float]:
        """Run one check; what it raised, and its seconds. `following` is the submission's next one."""
        calls.forget()
        self.supply.begin_check(check.id, check.item.fixturenames)  # type: ignore[attr-defined]
        started = time.perf_counter()
        if check.direct is not None:
            raised = self._call(check.item, check.direct)
        else:
            raised = self._run_by_pytest(check.item, following.item if following is not None else None)
        name = f"{self._problem.slug}/checks/{check.id}"
        return self.supply.credit.ended(raised, name, check.points), time.perf_counter() - started

    def _call(self, item: pytest.Item, function: Callable[..., None]) -> BaseException | None:
        """Call a check with the values of its fixtures."""
        given: dict[str, Any] = dict(getattr(getattr(item, "callspec", None), "params", {}))
        for name in _parameters(function):
            if name not in given:
                given[name] = FIXTURES[name].value(self.supply, item.name)
        try:
            function(**given)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def _run_by_pytest(self, item: pytest.Item, following: pytest.Item | None) -> BaseException | None:
        from _pytest.runner import runtestprotocol

        self._raised = None
        # An item that runs again has to ask for its fixtures again, even where its last run was cut short.
        item._request = False  # type: ignore[attr-defined]
        runtestprotocol(item, log=False, nextitem=following)
        return self._raised

    def _modules(self) -> list[ModuleType]:
        """The author's modules: check files, conftest.py, what they import from beside them, the reference."""
        assert self._session is not None
        folder = os.path.join(self._problem.folder, "")
        loaded = [*sys.modules.values(), *self._session.config.pluginmanager.get_plugins()]
        loaded += [getattr(item, "module", None) for item in self._session.items]
        modules = [module for module in loaded if _lies_in(module, folder)]
        if self._problem.solution_folder is not None:
            with contextlib.suppress(Exception):  # It is told where a check asks for it.
                modules.append(self.supply.solution())
        return list({id(module): module for module in modules}.values())


def _lies_in(module: object, folder: str) -> TypeGuard[ModuleType]:
    file = getattr(module, "__file__", None)
    return isinstance(module, ModuleType) and isinstance(file, str) and file.startswith(folder)


@functools.cache
def _parameters(function: Callable[..., None]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _for_pytest(name: str, fixture: Fixture) -> Any:
    """The row of the table as pytest knows fixtures."""

    def value(self: CheckPlugin, request: pytest.FixtureRequest) -> Any:
        return fixture.value(self.supply, request.node.name)

    value.__doc__ = fixture.about
    return pytest.fixture(name=name, scope=fixture.scope)(value)


for _name, _fixture in FIXTURES.items():
    setattr(CheckPlugin, f"fixture_{_name}", _for_pytest(_name, _fixture))
