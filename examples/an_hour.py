"""An hour of five students, played by the real command and written to docs/an-hour.md.

    python examples/an_hour.py            writes the page
    python examples/an_hour.py ada        prints what one of them sees

Each student works in a copy of the course, in a terminal of 80 columns and 30 rows: of what scrolls away, the page
says how many rows. Only how long something took is left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "an-hour.md"
COLUMNS, ROWS = 80, 30
_SECONDS = 600
_PAGE_LINES = 50
_CLOCK = re.compile(r"in [0-9.,]+ (?:ms|s|seconds?)")


class Desk:
    """One student's copy of the course, and what has been seen there so far."""

    def __init__(self, folder: Path) -> None:
        self.course = folder / "course"
        self.state = folder / "state"
        for kind in ("problems", "solutions"):
            ignored = shutil.ignore_patterns("__pycache__", "submission.*")
            shutil.copytree(ROOT / kind, self.course / kind, ignore=ignored)
        shutil.copy(ROOT / "course.yaml", self.course)
        self.seen: list[str] = []

    def say(self, text: str) -> None:
        """What the student thinks or does, between two commands."""
        self.seen.append(text)

    def type(self, line: str) -> None:
        """Type a command, and see the last rows of what it says."""
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("TORCHGRADE", "PYTEST"))}
        environment |= {
            "COLUMNS": str(COLUMNS),
            "NO_COLOR": "1",
            "PYTHONPATH": str(ROOT),
            "XDG_STATE_HOME": str(self.state),
        }
        _, *arguments = line.split()
        ran = subprocess.run(
            [sys.executable, "-m", "grader", *arguments],
            cwd=self.course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
        self.seen.append(_screen(line, ran.stdout, self.course))

    def write(self, problem: str, answer: str, *, notebook: bool = False) -> None:
        """Write an answer into the problem's submission."""
        (folder,) = (self.course / "problems").glob(f"{problem}-*")
        if not notebook:
            (folder / "submission.py").write_text(answer, encoding="utf-8")
            return
        path = folder / "submission.ipynb"
        document = json.loads(path.read_text(encoding="utf-8"))
        for cell in document["cells"]:
            if cell["id"] == "set-up":
                cell["source"] = answer[: answer.index("\ndef ")].rstrip()
            elif cell["cell_type"] == "code" and (found := _definition(cell["id"], answer)):
                cell["source"] = found
        path.write_text(json.dumps(document), encoding="utf-8")

    def page(self, name: str) -> None:
        """Read a report as a screen reader would: what is open, in its order."""
        reader = _Reader()
        reader.feed((self.course / name).read_text(encoding="utf-8"))
        lines = [line.replace(str(self.course.resolve()), "~/course") for line in reader.lines()]
        below = len(lines) - _PAGE_LINES
        shown = [*lines[:_PAGE_LINES], f"[{below} lines below]"] if below > 1 else lines
        self.seen.append("\n".join(["```text", *shown, "```"]))


def solved(problem: str, *changes: tuple[str, str]) -> str:
    """The right answer to a problem with some of its text changed. Raises ValueError where it has none of that."""
    (path,) = (ROOT / "solutions").glob(f"{problem}-*/solution.py")
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{path} does not hold {old!r}")
        text = text.replace(old, new)
    return text


def ada(desk: Desk) -> None:
    """Ada begins: the terminal, an axis that reshape was to move, full marks"""
    desk.type("grade")
    desk.type("grade start 06")
    desk.type("grade 06")
    desk.say("She writes the five functions. Her `channels_first` is `image.reshape(3, *image.shape[:2])`.")
    desk.write("06", solved("06", ("image.permute(2, 0, 1).contiguous()", "image.reshape(3, *image.shape[:2])")))
    desk.type("grade 06")
    desk.type("grade read 06 --solution")
    desk.say("She moves the axis: `image.permute(2, 0, 1).contiguous()`.")
    desk.write("06", solved("06"))
    desk.type("grade 06")
    desk.type("grade")


def ben(desk: Desk) -> None:
    """Ben hurries: a typo, a syntax error, a forgotten return, a deleted file"""
    desk.type("grade strat 02")
    desk.type("grade start conv-bais")
    desk.type("grade start 02")
    right = solved("02")
    desk.say("He forgets a colon.")
    desk.write("02", re.sub(r"(def conv_with_bias\(.*\) -> [^:]+):", r"\1", right, count=1))
    desk.type("grade 02")
    desk.say("With the colon, but without a `return` at the end of `build_conv`.")
    desk.write("02", solved("02", ("    return conv\n", "    conv\n")))
    desk.type("grade 02")
    desk.say("He deletes the file by mistake, and grades it by its path.")
    (desk.course / "problems" / "02-conv-bias" / "submission.py").unlink()
    desk.type("grade problems/02-conv-bias/submission.py")


def chao(desk: Desk) -> None:
    """Chao works in a notebook: a filter of whole numbers, and a stub that hides nothing"""
    desk.type("grade start 08 --notebook")
    desk.say("The functions stand between the sections that tell of them. Chao fills the cells; the filters hold ints.")
    whole = ("line, middle = torch.zeros(size, size), size // 2", "line, middle = torch.zeros(size, size).int(), size // 2")
    desk.write("08", solved("08", whole), notebook=True)
    desk.type("grade 08")
    desk.say("Later Chao begins a .py as well, by mistake. The notebook still counts.")
    desk.type("grade start 08")
    desk.write("08", solved("08"), notebook=True)
    desk.type("grade 08")


def dilek(desk: Desk) -> None:
    """Dilek reads the page: the kernel of a mathematician"""
    flip = ("response += kernel[i, j] *", "response += kernel.flip(0, 1)[i, j] *")
    desk.say("She turns the kernel, as in her lecture on signals, and asks for the page.")
    desk.write("07", solved("07", flip))
    desk.type("grade 07 --html report.html")
    desk.page("report.html")


def emre(desk: Desk) -> None:
    """Emre trusts the lecture: zeros as padding, then one hint after the other"""
    desk.write("01", solved("01", ('float("-inf")', "0.0")))
    desk.type("grade 01")
    desk.type("grade hint 01")
    desk.type("grade hint 01")
    desk.say("He pads with minus infinity, and hands in.")
    desk.write("01", solved("01"))
    desk.type("grade 01")
    desk.type("grade pack 01")


STUDENTS: tuple[Callable[[Desk], None], ...] = (ada, ben, chao, dilek, emre)

_HEAD = f"""\
# An hour

Five students with the course of this repository, in a terminal of {COLUMNS} columns and {ROWS} rows.
`python examples/an_hour.py` plays them with the real command and writes this page.
"""


def played(student: Callable[[Desk], None]) -> str:
    """One student's hour, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        student(desk)
    return "\n\n".join([f"## {student.__doc__}", *desk.seen])


def _screen(line: str, said: str, course: Path) -> str:
    """What stands in the terminal: the command, and as much of its answer as there are rows for."""
    said = _CLOCK.sub("in … s", said.replace(str(course.resolve()), "~/course").replace(str(course), "~/course"))
    rows = [row.rstrip() for row in said.rstrip().splitlines()]
    above = len(rows) - (ROWS - 2)
    shown = [f"[{above} rows above]", *rows[above:]] if above > 1 else rows
    return "\n".join(["```text", f"$ {line}", *shown, "```"])


def _definition(name: str, source: str) -> str:
    """The source of one function."""
    found = re.search(rf"^def {re.escape(name)}\(.*?(?=^def |^class |\Z)", source, re.MULTILINE | re.DOTALL)
    return found[0].rstrip() if found else ""


class _Reader(HTMLParser):
    """The text of a page's body without what is folded, a line for each block."""

    _BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "li", "tr", "dt", "figcaption", "summary", "header", "div"})
    _SILENT = frozenset({"style", "title", "symbol"})

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._silent = self._folded = 0
        self._heading = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        self._folded += tag == "details"
        if tag in self._BLOCKS and not self._heading:
            self._words.append("\n")
        if tag in ("td", "th"):
            self._words.append(" ")
        if tag == "summary":
            self._heading = True
            self._words.append("▸ ")
        said = dict(attributes).get("aria-label")
        if tag == "svg" and said and not (self._folded and not self._heading):
            self._words.append(f"[{said}] ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self._SILENT
        if tag in ("span", "b", "bdi", "dt", "i"):
            self._words.append(" ")
        self._folded -= tag == "details"
        if tag == "summary":
            self._heading = False

    def handle_data(self, data: str) -> None:
        if not self._silent and (not self._folded or self._heading):
            self._words.append(re.sub(r"\s+", " ", data))

    def lines(self) -> list[str]:
        """The lines that are not empty."""
        text = _CLOCK.sub("in … s", "".join(self._words))
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def main() -> None:
    """Write the page, or print what the named students see."""
    chosen = [student for student in STUDENTS if student.__name__ in sys.argv[1:]]
    if chosen:
        print("\n\n".join(map(played, chosen)))
        return
    PAGE.write_text("\n".join([_HEAD, "\n\n".join(map(played, STUDENTS)), ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
