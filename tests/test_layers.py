"""The direction of imports: each folder imports only from those before it, and the light ones import no torch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import get_args

import pytest

from grader import tiers
from grader.batch.executors import EXECUTORS
from grader.exports.formats import FORMATS
from grader.intake.layouts import LAYOUTS
from grader.model import Figure
from grader.release.autograders import AUTOGRADERS
from grader.sandbox.walls.table import NAMES
from tests.conftest import ROOT

# Lowest first. A module may import from its own layer's folder and from lower layers.
LAYERS = [
    "errors", "common", "sources", "text", "cores", "model", "data", "problem", "intake", "sandbox", "jobs", "checking",
    "tiers", "bench", "scoring", "grade", "journal", "reports", "exports", "batch", "verify", "release", "porting",
    "notebook", "desk", "cli", "__main__",
]  # fmt: skip
# The sandbox must not be able to hold a secret: it knows of submissions' limits, and of nothing else.
FORBIDDEN = {"sandbox": {"problem", "intake", "data", "jobs", "checking"}, "checking": {"intake"}}


def layer_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "grader" and len(parts) > 1 else None


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


MODULES = sorted(
    path for path in (ROOT / "grader").rglob("*.py") if path.parent != ROOT / "grader" or path.stem != "__init__"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path: Path) -> None:
    own = path.relative_to(ROOT / "grader").parts[0].removesuffix(".py")
    assert own in LAYERS, f"{own} has no place in the layers"
    for module in imports(path):
        other = layer_of(module)
        if other is None or other == own or other not in LAYERS:
            continue
        assert LAYERS.index(other) < LAYERS.index(own), f"{path.name} imports {module}"
        assert other not in FORBIDDEN.get(own, set()), f"{path.name} imports {module}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """When they are loaded: what a type alone needs, or a function when it is called, may point back."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    graph = {}
    for name, path in names.items():
        found = imported_at_once(ast.parse(path.read_text(encoding="utf-8")).body)
        graph[name] = {each if each in names else each.rpartition(".")[0] for each in found} & names.keys() - {name}
    TopologicalSorter(graph).prepare()


def imported_at_once(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    for node in body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.If) and ast.unparse(node.test) != "TYPE_CHECKING":
            found |= imported_at_once(node.body) | imported_at_once(node.orelse)
        elif isinstance(node, ast.Try):
            found |= imported_at_once(node.body)
    return found


LIGHT = [
    "grader.cli.app",
    "grader.cli.one",
    "grader.cli.start",
    "grader.cli.export",
    "grader.cli.batch",
    "grader.cli.adjust",
    "grader.cli.autograde",
    "grader.cli.desk",
    "grader.cli.feedback",
    "grader.cli.regrade",
    "grader.release",
    "grader.grade",
]


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_import_no_torch(module: str) -> None:
    program = f"import sys, {module}; sys.exit(int('torch' in sys.modules or 'numpy' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_public_class_names_are_unique() -> None:
    """One word for one thing: who reads a name knows which class is meant."""
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


# Folder of a table -> the table's names, and the modules there that are no rows of it.
TABLES: dict[str, tuple[Iterable[str], set[str]]] = {
    "sandbox/walls": (NAMES, {"kernel", "scratch", "table", "wall"}),
    "intake/layouts": ([layout.NAME for layout in LAYOUTS], set()),
    # The module of csv has another name than Python's own.
    "exports/formats": ([each.make.__module__.rpartition(".")[2] for each in FORMATS.values()], set()),
    "release/autograders": (AUTOGRADERS, {"model", "telling"}),
    "batch/executors": (EXECUTORS, {"failures", "workitem", "protocol"}),
}


@pytest.mark.parametrize("folder", TABLES)
def test_a_table_holds_every_module_of_its_folder(folder: str) -> None:
    names, others = TABLES[folder]
    modules = {path.stem for path in (ROOT / "grader" / folder).glob("*.py")} - {"__init__"}
    assert modules - others == {name.replace("-", "_") for name in names}


def test_the_table_of_tiers_holds_every_tier() -> None:
    assert set(tiers.TIERS) == {value for value in vars(tiers).values() if isinstance(value, tiers.Tier)}
    assert {tier.name for tier in tiers.TIERS} <= {path.stem for path in (ROOT / "grader" / "sandbox").glob("*.py")}


def test_every_figure_has_its_part_of_the_template() -> None:
    """That a figure is drawn at all the type checker sees: `reports.figures.draw` has a case for each."""
    template = (ROOT / "templates" / "report" / "figures.html").read_text(encoding="utf-8")
    macros = set(re.findall(r"{%-? *macro (\w+)", template))
    assert {kind.__struct_config__.tag for kind in get_args(Figure)} <= macros
