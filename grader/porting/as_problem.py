"""An assignment written as a problem."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path
from typing import NamedTuple

import yaml

from grader.errors import UsageError
from grader.porting.answer_code import TODO, defined
from grader.porting.carry import Carried, KnownNames, carry
from grader.porting.model import Assignment, Lost, SourceTest
from grader.porting.scopes import made_by
from grader.problem import Course
from grader.problem.new import free_slug


class Written(NamedTuple):
    """What has been written, and what has not."""

    slug: str
    public: int
    hidden: int
    by_hand: int
    points: float
    lost: tuple[Lost, ...]


def write_problem(course: Course, typed: str, assignment: Assignment) -> Written:
    """Write ``problems/NN-slug`` and ``solutions/NN-slug`` from an assignment.

    Raises UsageError where there is nothing to write, or where a folder of that name or number is there.
    """
    slug = free_slug(course, typed)
    functions, variables, imports = defined(assignment.pieces)
    if not functions and "" not in variables.values():
        raise UsageError(
            f"{assignment.source} defines nothing that a student writes",
            hint="checks call functions and read variables; parts that are graded by hand are not enough for a problem",
        )
    shared = {name for text in assignment.shared for name in made_by(ast.parse(text))}
    names = KnownNames(functions, variables, imports, shared)
    carried = [(test, carry(test, names)) for test in assignment.tests]
    files = _files(assignment)
    lost = [*assignment.lost, *(each for _, one in carried for each in one.lost)]
    kept = [(test, one) for test, one in carried if one.lines]
    for test, one in carried:
        if not one.lines:
            lost.append(Lost(test.where, test.name, f"becomes no check; {test.points:g} points less"))
    if not kept:
        reasons = "; ".join(f"{each.where}: {each.reason}" for _, one in carried for each in one.lost[:1])
        raise UsageError(f"no test of {assignment.source} can be a check here{': ' if reasons else ''}{reasons}")
    title = assignment.title or slug.split("-", 1)[-1].replace("-", " ").capitalize()
    by_hand = _manual_parts(assignment)
    points = round(sum(round(test.points, 6) * _times(test) for test, _ in kept), 6)
    points = round(points + sum(part.points for part in assignment.by_hand), 6)
    problem, solution = course.root / "problems" / slug, course.root / "solutions" / slug
    settings: dict[str, object] = {"title": title, "summary": f"{TODO[2:]}, in one sentence.", "points": _plain(points)}
    if files:
        settings["files"] = sorted(files)
    if by_hand:
        settings["manual"] = by_hand
    text: dict[Path, str] = {
        problem / "problem.yaml": yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=110),
        problem / "statement.md": _statement(title, assignment.statement),
        problem / "stub.py": _module(title, [piece.stub for piece in assignment.pieces], todo=True),
        problem / "checks" / f"test_{re.sub(r'[^a-z0-9]+', '_', slug.split('-', 1)[-1])}.py": _checks(
            title, assignment.shared, kept, functions
        ),
        solution / "solution.py": _module(title, [piece.solution for piece in assignment.pieces]),
    }
    try:
        for path, content in text.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        for name, source in files.items():
            for place in _places(problem, name, text):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(source.read_bytes())
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from None
    hidden = sum(test.hidden for test, _ in kept)
    return Written(slug, len(kept) - hidden, hidden, len(by_hand), points, tuple(sorted(lost, key=_place)))


def _places(problem: Path, name: str, text: dict[Path, str]) -> list[Path]:
    """Where a file of the assignment is put: a module that a test imports lies beside the checks as well."""
    module = re.compile(rf"^\s*(import|from) {re.escape(name.removesuffix('.py'))}\b", re.MULTILINE)
    tests = (path.parent / name for path, code in text.items() if path.parent.name == "checks" and module.search(code))
    return [problem / name, *(tests if name.endswith(".py") else ())]


def _manual_parts(assignment: Assignment) -> dict[str, dict[str, object]]:
    """Parts that a person grades, as problem.yaml has them."""
    parts: dict[str, dict[str, object]] = {}
    ids: set[str] = set()
    for part in assignment.by_hand:
        word = re.sub(r"[^a-z0-9]+", "-", part.name.lower()).strip("-")[:50] or "part"
        id = _free(word, ids, "-{}")
        parts[id] = {"title": id.replace("-", " ").capitalize(), "points": _plain(part.points)}
    return parts


def _place(lost: Lost) -> list[int | str]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", lost.where)]


def _times(test: SourceTest) -> int:
    """How many checks a test becomes: one for each of its parameters' values, where these are written out."""
    times = 1
    for mark in test.marks:
        call = ast.parse(mark, mode="eval").body
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("parametrize") and len(call.args) > 1:
            times *= len(call.args[1].elts) if isinstance(call.args[1], (ast.List, ast.Tuple)) else 1
    return times


def _plain(points: float) -> float | int:
    return int(points) if points == int(points) else points


def _statement(title: str, parts: list[str]) -> str:
    text = "\n\n".join(part for part in parts if part)
    return f"{text}\n" if text.startswith("# ") else f"# {title}\n\n{text}\n"


def _module(title: str, pieces: list[str], *, todo: bool = False) -> str:
    body = "\n".join(piece.rstrip("\n") + "\n" for piece in pieces)
    text = f'"""{title.rstrip(".")}."""\n\n{_spaced(body)}'
    return text if not todo or "TODO" in text else f"{text}\n{TODO}\n"


def _spaced(body: str) -> str:
    """Two empty lines before a definition, one after the imports."""
    body = re.sub(r"(?<=\n)\n*(?=(@|def |class |async def ))", "\n\n", body)
    body = re.sub(r"^((?:import|from) [^\n]*\n)(?=\S)(?!import |from )", r"\1\n", body, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", body).strip("\n") + "\n"


def _files(assignment: Assignment) -> dict[str, Path]:
    """Files beside the source that the code names: path beside the answer -> where it is."""
    folder = assignment.source.parent
    found = {}
    for name in assignment.given:
        path = Path(name)
        if path.is_absolute() or ".." in path.parts or not (folder / path).is_file():
            assignment.lose(name, "", "is named as a file of the assignment, and does not lie beside its source")
        else:
            found[path.as_posix()] = folder / path
    for piece in assignment.pieces:
        for node in ast.walk(ast.parse(piece.solution)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 200:
                path = Path(node.value)
                inside = not path.is_absolute() and ".." not in path.parts and "\0" not in node.value
                if inside and path.suffix and (folder / path).is_file() and path.suffix not in (".py", ".ipynb"):
                    found[path.as_posix()] = folder / path
    return found


def _checks(title: str, shared: list[str], kept: list[tuple[SourceTest, Carried]], functions: set[str]) -> str:
    needs = {text for _, one in kept for text in one.needs} | set(shared)
    heads = sorted({"import pytest", *filter(_is_import, needs)}, key=lambda text: ("grader" in text, text))
    constants = sorted(text for text in needs if text not in heads and text not in shared)
    seen: set[str] = set()
    titles: set[str] = set()
    checks = [_check(test, one, functions, seen, titles) for test, one in kept]
    own = [text for text in shared if text not in heads]
    parts = [f'"""{title.rstrip(".")}."""', "\n".join(heads), "\n".join(constants), "\n\n".join(own)]
    return "\n\n".join(part for part in parts if part) + "\n\n\n" + "\n\n\n".join(checks) + "\n"


def _is_import(text: str) -> bool:
    return text.startswith(("import ", "from "))


def _check(test: SourceTest, carried: Carried, functions: set[str], seen: set[str], titles: set[str]) -> str:
    name = _free(f"test_{re.sub(r'[^a-zA-Z0-9_]+', '_', test.name).strip('_').lower() or 'it'}", seen, "_{}")
    title = test.title or _own_title(test.code) or test.name.replace("_", " ").strip().capitalize()
    title = _free(title.rstrip("."), titles, " ({})") + "."
    marks = [mark for mark in test.marks if mark.partition("(")[0].split(".")[-1] == "parametrize"]
    compared = ["reference"] if any("reference." in line for line in carried.lines) else []
    wanted = dict.fromkeys(["submission", *compared, *(each for each in test.parameters if each not in functions)])
    head = [
        *(["@pytest.mark.public"] if not test.hidden else []),
        f"@pytest.mark.points({_plain(round(test.points, 6))})",
        *(f"@{mark}" for mark in marks),
        f"def {name}({', '.join(wanted)}):",
        f"    {_quoted(title)}",
    ]
    return "\n".join([*head, _indented(carried.lines)])


def _own_title(code: str) -> str:
    """The first line of a test that is a text, or a comment."""
    try:
        text = ast.get_docstring(ast.parse(code)) or ""
    except SyntaxError:
        text = ""
    comment = re.match(r"\s*#+\s*(?P<words>[^\n#]{8,})", code)
    return text.split("\n")[0].strip() or (comment["words"].strip() if comment else "")


def _quoted(title: str) -> str:
    """The title as a docstring; one that quotes would end it is written as any other text."""
    return f'"""{title}"""' if title.isprintable() and '"' not in title and "\\" not in title else repr(title)


def _free(word: str, taken: set[str], nth: str) -> str:
    """The word, with a number in the form `nth` where it is taken."""
    number, free = 1, word
    while free in taken:
        number += 1
        free = word + nth.format(number)
    taken.add(free)
    return free


def _indented(lines: list[str]) -> str:
    """The lines further right, but for those inside of a text of several lines."""
    text = "\n".join(lines)
    inside = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno is not None
        for number in range(node.lineno + 1, node.end_lineno + 1)
    }
    return "\n".join(
        line if number in inside else textwrap.indent(line, "    ")
        for number, line in enumerate(text.split("\n"), start=1)
    )
