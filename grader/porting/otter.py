"""Notebooks of Otter Assign: raw cells say where a question, its solution and its tests begin and end.

Besides those of version 4 and later, a notebook for students with the folder ``tests/`` that Otter wrote beside it is
read: files of the OK format, whose cases are lines of an interpreter's session.

https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html
"""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path
from typing import Any

import yaml

from grader.errors import UsageError
from grader.porting.answer_code import RAISE, add_code, emptied, to_do, unwritten
from grader.porting.model import Assignment, ByHand, SourceTest
from grader.porting.notebook_cells import SourceCell, add_markdown, cells_of, only_notebook, without_magics

_BLOCK = re.compile(r"^#\s*(?P<end>BEGIN|END)\s+(?P<kind>QUESTION|SOLUTION|TESTS|PROMPT)\b", re.IGNORECASE)
_CONFIG = re.compile(r"#\s*ASSIGNMENT CONFIG", re.IGNORECASE)
_TEST_CONFIG = re.compile(
    r'^\s*("""|\'\'\')\s*# BEGIN TEST CONFIG\n(?P<yaml>.*?)\1\s*;?\s*# END TEST CONFIG[^\n]*$', re.M | re.S
)
_HIDDEN = re.compile(r"^\s*#+\s*HIDDEN( TEST)?\s*#*\s*$", re.IGNORECASE | re.MULTILINE)
_TEST = re.compile(r"^\s*#+\s*(PUBLIC )?TEST\s*#*\s*$", re.IGNORECASE | re.MULTILINE)
_IGNORED = re.compile(
    r"^[ \t]*# BEGIN IGNORE[^\n]*\n.*?# END IGNORE[^\n]*$|^[^\n]*# IGNORE[ \t]*$", re.MULTILINE | re.DOTALL
)
_NO_PROMPT = re.compile(
    r"^[ \t]*# BEGIN SOLUTION NO PROMPT.*?# END SOLUTION[^\n]*$|^[^\n]*# SOLUTION NO PROMPT[ \t]*$", re.M | re.S
)
_SOLUTION = re.compile(r"^(?P<indent>[ \t]*)# BEGIN SOLUTION.*?# END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(
    r'^[ \t]*("""|\'\'\')\s*# BEGIN PROMPT[^\n]*\n(?P<prompt>.*?)^[ \t]*\1\s*;?\s*# END PROMPT[^\n]*$', re.M | re.S
)
_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<code>[^\n]*?)[ \t]*# SOLUTION[ \t]*$", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^(?P<target>[\w.,\[\]'\" ]+?)\s*=(?!=)")
_MARKER = re.compile(r"^[ \t]*# (BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
_LINE_MARKER = re.compile(r"[ \t]*# SOLUTION( NO PROMPT)?[ \t]*$", re.MULTILINE)


def read(path: Path) -> Assignment:
    """The notebook that ``otter assign`` takes, or the one that it made, with its tests/. Raises UsageError."""
    notebook = only_notebook(path)
    assignment = Assignment(notebook)
    cells = list(cells_of(notebook))
    tests = notebook.parent / "tests"
    if any(cell.kind == "raw" and _BLOCK.match(cell.source) for cell in cells):
        _read_blocks(assignment, cells)
    elif tests.is_dir():
        _read_ok(assignment, cells, tests)
    else:
        raise UsageError(
            f"{notebook} has no raw cell `# BEGIN QUESTION`, and there is no folder tests/ beside it",
            hint="Otter before version 4 kept these marks in text cells, which are not read here",
        )
    return assignment


# -- the author's notebook -----------------------------------------------------------------------


def _read_blocks(assignment: Assignment, cells: list[SourceCell]) -> None:
    question: dict[str, Any] = {}
    inside: list[str] = []
    tests: list[SourceTest] = []
    for cell in cells:
        if cell.kind == "raw":
            block = _BLOCK.match(cell.source)
            if block is None:
                if _CONFIG.match(cell.source):
                    _add_files(assignment, cell)
                else:
                    assignment.lose(cell.where, cell.source, "is a raw cell that says nothing to Otter")
                continue
            kind = block["kind"].upper()
            if block["end"].upper() == "BEGIN":
                inside.append(kind)
                if kind == "QUESTION":
                    question, tests = _config(assignment, cell.where, cell.source.partition("\n")[2]), []
                    if question.get("manual"):
                        _add_by_hand(assignment, question)
            else:
                inside = [each for each in inside if each != kind]
                if kind == "QUESTION":
                    assignment.tests += _with_points(question, tests)
        elif cell.kind == "markdown":
            if "SOLUTION" not in inside and "TESTS" not in inside:
                add_markdown(assignment, cell)
        elif "TESTS" in inside:
            tests.append(_test(assignment, cell, str(question.get("name", "question")), len(tests) + 1))
        elif "PROMPT" not in inside:
            _add_code(assignment, cell, solution="SOLUTION" in inside)


def _add_files(assignment: Assignment, cell: SourceCell) -> None:
    """What the assignment gives to students beside the notebook."""
    said = _config(assignment, cell.where, cell.source.partition("\n")[2])
    for key in ("files", "student_files"):
        named = said.get(key)
        assignment.given += [str(each) for each in named] if isinstance(named, list) else []


def _add_by_hand(assignment: Assignment, question: dict[str, Any]) -> None:
    """A question of Otter's that a person grades: 1 point, where it names none."""
    said = question.get("points")
    points = float(said) if isinstance(said, (int, float)) and said > 0 else 1.0
    assignment.by_hand.append(ByHand(str(question.get("name", "")), points))


def _config(assignment: Assignment, where: str, text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        assignment.lose(where, text, "is no YAML mapping")
        return {}
    return found


def _add_code(assignment: Assignment, cell: SourceCell, *, solution: bool) -> None:
    source = _IGNORED.sub("", without_magics(assignment, cell.where, cell.source))
    whole = _LINE_MARKER.sub("", _MARKER.sub("", _PROMPT.sub("", source)))
    if not solution:
        add_code(assignment, cell.where, whole, whole)
        return
    marked = any(pattern.search(source) for pattern in (_NO_PROMPT, _SOLUTION, _LINE))
    stub = _PROMPT.sub(lambda found: found["prompt"].rstrip("\n"), _NO_PROMPT.sub("", source))
    stub = _LINE.sub(_unwritten, _SOLUTION.sub(lambda found: to_do(found["indent"]), stub))
    if not marked:
        try:
            stub = unwritten(source)
        except SyntaxError:
            stub = whole
    add_code(assignment, cell.where, whole, stub)


def _unwritten(line: re.Match[str]) -> str:
    """A line that is a solution: a student is shown the name that it gives a value to."""
    target = _ASSIGNMENT.match(line["code"])
    return f"{line['indent']}{target['target']} = ...  # TODO" if target else f"{line['indent']}{RAISE}  # TODO"


def _test(assignment: Assignment, cell: SourceCell, question: str, number: int) -> SourceTest:
    source = without_magics(assignment, cell.where, cell.source)
    said: dict[str, Any] = {}
    if config := _TEST_CONFIG.search(source):
        said = _config(assignment, cell.where, config["yaml"])
    hidden = bool(said.get("hidden")) or bool(_HIDDEN.search(source))
    for pattern in (_TEST_CONFIG, _HIDDEN, _TEST, _IGNORED):
        source = pattern.sub(lambda found: "\n" * found[0].count("\n"), source)
    points = float(said["points"]) if isinstance(said.get("points"), (int, float)) else float("nan")
    name = re.sub(r"\W+", "_", f"{said.get('name') or f'{question}_{number}'}")
    title = f"{question}, test {number}"
    return SourceTest(cell.where, name, title, _as_statements(source, cell.outputs), points, hidden)


def _as_statements(source: str, outputs: list[Any]) -> str:
    """A test of Otter's as statements: the body of its function, or an assertion of what the cell printed."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source
    if len(body) == 1 and isinstance(body[0], ast.FunctionDef):
        return _body(source, body[0])
    shown = [each["data"].get("text/plain", "") for each in outputs if each.get("output_type") == "execute_result"]
    if body and isinstance(body[-1], ast.Expr) and shown:
        lines = source.splitlines()
        first, last = body[-1].lineno - 1, body[-1].end_lineno
        lines[first:last] = [_expecting("\n".join(lines[first:last]), "".join(shown))]
        return "\n".join(lines)
    return source


def _body(source: str, function: ast.FunctionDef) -> str:
    """The body at the margin, on the lines where it stands; `env["name"]` as the name itself."""
    lines = source.splitlines()[function.body[0].lineno - 1 : function.body[-1].end_lineno]
    indent = function.body[0].col_offset
    text = "\n" * (function.body[0].lineno - 1) + "\n".join(line[indent:] for line in lines)
    if [each.arg for each in function.args.args] == ["env"]:
        text = re.sub(r"\benv\[(['\"])(\w+)\1\]", r"\2", text)
    return text


def _expecting(expression: str, shown: str) -> str:
    if shown.strip() == "True":
        return f"assert {expression.strip()}"
    try:
        ast.literal_eval(shown.strip())
    except (ValueError, SyntaxError):
        return f"assert repr({expression.strip()}) == {shown.strip()!r}"
    return f"assert_equal({expression.strip()}, {shown.strip()})"


def _with_points(question: dict[str, Any], tests: list[SourceTest]) -> list[SourceTest]:
    """What a question gives, spread over those of its tests that have no points of their own."""
    said = question.get("points")
    own = [test.points for test in tests if test.points == test.points]
    free = max(len(tests) - len(own), 1)
    if isinstance(said, list) and len(said) == len(tests):
        return [test._replace(points=float(each)) for test, each in zip(tests, said, strict=True)]
    if isinstance(said, dict) and "each" in said:
        share = float(said["each"])
    elif isinstance(said, (int, float)):
        share = max(float(said) - sum(own), 0) / free
    else:
        # Without a word of points, a question is worth 1, or what its tests say.
        share = 0 if own else 1 / free
    return [test if test.points == test.points else test._replace(points=share or 1.0) for test in tests]


# -- the notebook for students, with tests/ ------------------------------------------------------


def _read_ok(assignment: Assignment, cells: list[SourceCell], folder: Path) -> None:
    for cell in cells:
        if cell.kind == "markdown":
            add_markdown(assignment, cell)
        elif cell.kind == "code":
            source = without_magics(assignment, cell.where, cell.source)
            source = re.sub(r"^[^\n]*(\botter\b|\bgrader\.(check|export))[^\n]*$", "", source, flags=re.MULTILINE)
            try:
                stub = emptied(source)
            except SyntaxError:
                stub = source
            add_code(assignment, cell.where, source, stub)
    for path in sorted(folder.glob("*.py")):
        assignment.tests += _ok_tests(assignment, path)


def _ok_tests(assignment: Assignment, path: Path) -> list[SourceTest]:
    where = f"tests/{path.name}"
    try:
        (value,) = [
            node.value
            for node in ast.parse(path.read_bytes()).body
            if isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) in ("test", "OK_FORMAT", "TEST")
            and isinstance(node.value, ast.Dict)
        ]
        said = ast.literal_eval(value)
        cases = [case for suite in said["suites"] for case in suite["cases"]]
    except (SyntaxError, ValueError, KeyError, TypeError):
        assignment.lose(where, path.name, "is no test of the OK format: a dict `test` with suites and cases")
        return []
    tests = []
    for number, case in enumerate(cases, start=1):
        examples = doctest.DocTestParser().get_examples(case["code"])
        lines = [
            _expecting(example.source, example.want) if example.want else example.source.rstrip("\n")
            for example in examples
        ]
        name = re.sub(r"\W+", "_", f"{said.get('name') or path.stem}_{number}")
        points = case.get("points")
        own = float(points) if isinstance(points, (int, float)) else float("nan")
        title = f"{said.get('name') or path.stem}, test {number}"
        tests.append(SourceTest(where, name, title, "\n".join(lines), own, bool(case.get("hidden"))))
    return _with_points(said, tests)
