"""What is said of files that are no answers, and of students who handed in nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from grader.intake.content import suffix
from grader.intake.folding import listed
from grader.intake.handin import Handin
from grader.intake.model import Notice, NoticeKind, Student
from grader.intake.newest import STUB
from grader.intake.tree import Entry

OF_THE_COURSE = frozenset({"problem.yaml", "statement.md"})
"""What the course gives out beside a problem's stub and checks."""


def nothing_to_grade(student: Student, handins: Sequence[Handin], names: list[str]) -> Notice:
    """The line on a student whose files, called `names`, came to no answer at all."""
    there = f"nothing that can be graded; there is only {listed(names)}" if names else "nothing at all"
    hints = [hint for name in names if (hint := HINTS.get(suffix(name)))]
    advice = f"; {hints[0]}" if hints else ""
    return Notice(handins[0].shown, NoticeKind.EMPTY, f"holds {there}{advice}", student.id)


_NOTEBOOK_HINT = "hand in the notebook itself, the .ipynb"
HINTS = {
    ".html": f"a web page made of a notebook is not graded: {_NOTEBOOK_HINT}",
    ".htm": f"a web page made of a notebook is not graded: {_NOTEBOOK_HINT}",
    ".pdf": f"a printout is not graded: {_NOTEBOOK_HINT} or the .py",
    ".gdoc": "a .gdoc is only a link into Google Drive: hand in the .ipynb or .py, downloaded from there",
    **dict.fromkeys(
        (".docx", ".doc", ".odt", ".rtf", ".pages"), "a text document is not graded: hand in the code as .py or .ipynb"
    ),
    **dict.fromkeys((".url", ".webloc", ".lnk", ".desktop"), "a link is not graded: hand in the file that it leads to"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".heic"), "a picture of code is not graded: hand in the .py or .ipynb"),
}


def what_it_is(entry: Entry) -> str:
    hint = HINTS.get(entry.suffix)
    return (
        f"is neither code nor a file that the code asks for; {hint}"
        if hint
        else ("is neither code nor a file that the code asks for")
    )


def goes_without_saying(entry: Entry) -> bool:
    """Files that come with a repository, a download or the course itself, and that nobody expects to be graded."""
    name = entry.name.lower()
    of_the_course = name in OF_THE_COURSE or name == STUB
    of_a_repository = name.startswith((".", "readme", "license", "__init__.py"))
    return of_the_course or of_a_repository or name.endswith((".md", ".toml", "requirements.txt"))
