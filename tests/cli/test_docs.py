"""The pages: in the index once, readable by `grade docs`, and true in what can be held against the code."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import click
import pytest
import yaml

from grader.cli.app import app
from grader.model import Limits
from grader.problem.course import open_course
from grader.problem.coursefile import read_course_file
from grader.problem.courserules import CourseFile
from grader.problem.schema import ProblemFile, read_problem_file
from tests.conftest import ROOT, grade
from tests.test_layers import LAYERS, MODULES

PAGES = sorted((ROOT / "docs").glob("*.md"))
ALL = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *PAGES]
GROUP = click.Context(app, info_name="grade")
COMMANDS = {name: app.get_command(GROUP, name) for name in (*app.list_commands(GROUP), "PROBLEM")}
_LINK = re.compile(r"\]\((?P<path>[^)#:]*)(?:#(?P<place>[^)]*))?\)")
_BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
# A line of a block, or words between backticks.
_TYPED = re.compile(r"`(?P<inline>[^`\n]+)`|^(?:\$ | {4})?(?P<line>\S[^\n]*)$", re.MULTILINE)
_OPTION = re.compile(r"`(--[a-z][a-z-]+)[^`\n]*`")
_OURS = re.compile(r"^(grader|tests|docs|examples|packaging|benchmarks|templates|\.github|\.ci)/[a-z\d_./-]*$")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def typed(page: Path, program: str) -> Iterator[list[str]]:
    """The words of each command of that program: without what stands before it, remarks, and what follows a pipe."""
    for found in _TYPED.finditer(read(page)):
        text = re.split(r"\s{3,}|\s#\s|\s[|;&]+\s", found["inline"] or found["line"])[0]
        if re.match(rf"(?:\w+=\S+ )*{program}( |$)", text):
            words = shlex.split(text)
            yield words[words.index(program) + 1 :]


def test_the_index_names_each_page_once() -> None:
    listed = re.findall(r"^- \[([\w-]+)\]\(\1\.md\): ", read(ROOT / "docs" / "README.md"), re.MULTILINE)
    assert sorted(listed) == [page.stem for page in PAGES if page.stem != "README"]


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.finditer(read(page)):
        target = page.parent / link["path"] if link["path"] else page
        assert target.exists(), link["path"]
        assert link["place"] is None or link["place"] in places_of(target), link[0]


def places_of(page: Path) -> set[str]:
    """The headings of a page as hosts of repositories make addresses of them, and what it names itself."""
    text = _BLOCK.sub("", read(page))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    named = re.findall(r'<a id="([^"]+)">', text)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(named)


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_commands_are_written_as_the_command_takes_them(page: Path) -> None:
    """Its word, its options, and what these may be."""
    for words in typed(page, "grade"):
        while words and words[0] in ("--log", "--version"):
            words = words[2 if words[0] == "--log" else 1 :]
        if not words or words[0].startswith("_"):
            continue
        command = COMMANDS.get(words[0])
        rest = words if command is None else words[1:]
        command = command or COMMANDS["PROBLEM"]
        assert command is not None
        context = click.Context(command)
        try:
            values, _, _ = command.make_parser(context).parse_args(rest)
        except click.BadOptionUsage:
            continue  # A sentence names the option without its value.
        for parameter in command.params:
            value = values.get(parameter.name or "")
            if isinstance(parameter.type, click.Choice) and isinstance(value, str) and not value.isupper():
                parameter.type.convert(value, parameter, context)


NOT_OURS = {"--security-opt", "--write", "--paper"}
"""An option of Docker's, one of benchmarks.scaling's, and a variable of style sheets."""


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_options_that_sentences_name_are_there(page: Path) -> None:
    ours = {
        option for command in (app, *COMMANDS.values()) if command for each in command.params for option in each.opts
    }
    assert set(_OPTION.findall(_BLOCK.sub("", read(page)))) - ours <= NOT_OURS


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_other_programs_that_a_page_calls_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in typed(page, "make"):
        assert {word for word in words if re.fullmatch(r"[a-z-]+", word)} <= targets, words
    for words in typed(page, "python"):
        if words[:1] == ["-m"]:
            assert importlib.util.find_spec(words[1]), words
        else:
            assert (ROOT / words[0]).is_file(), words


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_paths_that_a_page_names_are_there(page: Path) -> None:
    for name in re.findall(r"`([^`\n]+)`", read(page)):
        if _OURS.match(name):
            assert (ROOT / name).exists(), name


def test_what_the_architecture_names_is_there() -> None:
    """Its paths are those of grader/, or of the repository. NAME stands for a new module."""
    page = read(ROOT / "docs" / "architecture.md")
    named = {name for name in re.findall(r"`([\w./-]+)`", page) if "/" in name or name.endswith(".py")}
    assert len(named) > 40
    for name in named:
        place = Path(name.replace("NAME.py", "").replace("NAME/", ""))
        places = [ROOT / "grader" / place, ROOT / place, ROOT / "grader" / f"{place}.py"]
        assert any(each.exists() for each in places), name


def test_the_architecture_says_where_every_process_is_started() -> None:
    starts = re.compile(r"\b(os\.fork\(|subprocess\.(Popen|run)\(|os\.posix_spawn|_libc\(\)\.clone\()")
    found = {str(path.relative_to(ROOT / "grader")) for path in MODULES if starts.search(read(path))}
    sentence = re.search(
        r"^Where each is started: (.*?)\n\n", read(ROOT / "docs" / "architecture.md"), re.MULTILINE | re.DOTALL
    )
    assert sentence is not None
    assert set(re.findall(r"`([\w/]+\.py)`", sentence[1])) == found


def test_the_architecture_has_every_package_in_the_order_of_imports() -> None:
    table = read(ROOT / "docs" / "architecture.md").partition("## Where things are")[2].partition("\n## ")[0]
    rows = [re.findall(r"`(\w+)/?`", row.split("|")[1]) for row in table.splitlines() if row.startswith("| `")]
    places = [[LAYERS.index(name) for name in row] for row in rows]
    assert sorted(number for row in places for number in row) == list(range(len(LAYERS) - 1)), "all but __main__"
    assert [max(row) for row in places] == sorted(max(row) for row in places)


def test_words_of_the_glossary_are_used() -> None:
    code = "\n".join(read(path) for path in MODULES).lower()
    words = re.findall(r"^\| ([a-z][a-z, -]*) \|", read(ROOT / "docs" / "glossary.md"), re.MULTILINE)
    for word in (each for row in words if row != "word" for each in row.split(", ")):
        assert re.search(rf"{word.replace('-', '.?').replace(' ', '[ _-]')}", code), word


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_code_of_a_page_is_python(page: Path) -> None:
    """And what it imports of ours can be imported."""
    for block in _BLOCK.finditer(read(page)):
        if block["kind"] == "python":
            for part in re.split(r"\n\n(?= {4})", block["text"]):
                tree = ast.parse(dedent(part).replace("…", "..."))
                for node in ast.walk(tree):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader"):
                        module = importlib.import_module(str(node.module))
                        assert [each.name for each in node.names if not hasattr(module, each.name)] == []


def yaml_of(page: str) -> str:
    (block,) = [each["text"] for each in _BLOCK.finditer(read(ROOT / "docs" / page)) if each["kind"] == "yaml"]
    return block


def test_the_course_file_of_its_page_can_be_read_and_has_every_key(tmp_path: Path) -> None:
    text = yaml_of("course.md")
    (tmp_path / "course.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "groups.csv").write_text("student,group\n0042,a\n", encoding="utf-8")
    read_course_file(tmp_path, open_course(ROOT).resolve)
    assert sorted(yaml.load(text, yaml.BaseLoader)) == sorted(CourseFile.__struct_fields__)


def test_the_problem_file_of_its_page_can_be_read_and_has_every_key(tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(yaml_of("writing-problems.md"), encoding="utf-8")
    parsed = read_problem_file(tmp_path / "problem.yaml")
    assert parsed.limits == Limits()
    keys = set(yaml.load(yaml_of("writing-problems.md"), yaml.BaseLoader))
    assert keys == set(ProblemFile.__struct_fields__) - {"hidden"}  # Which a kit's has, written by `grade release`.


@pytest.mark.slow
def test_pages_are_shown(tmp_path: Path) -> None:
    index = grade("docs", cwd=tmp_path)
    assert (index.code, "Tutorials" in index.out, "glossary" in index.out) == (0, True, True)
    for name in ("course", "docs/course.md", "course.md"):
        assert "adjustments.csv" in grade("docs", name, cwd=tmp_path).out
    wrong = grade("docs", "glosary", cwd=tmp_path)
    assert wrong.code == 2
    assert "did you mean glossary?" in wrong.err
