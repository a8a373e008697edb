"""The report in a terminal, from 40 columns upwards, with colour only where the terminal wants it.

It says one thing at a time, and what matters most last, where people look: each other check on a line, then the failure
to mend first in full, then the verdict. Where nothing could be run, it says only the reason.

Everything is built as `rich.text.Text`: nothing that a student wrote is ever parsed as markup. Colour never
carries meaning alone: marks, words and ``>7<`` around a wrong cell say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from grader.model import CheckResult, Counterexample, Grade, Mismatch, Outcome, Status, Visibility, Waiting
from grader.reports.causes import first_failure, unwritten, unwritten_functions, with_cause_of
from grader.reports.matrices import matrix_block
from grader.reports.planes import explanation, trace
from grader.reports.shown import (
    FULL_PERCENT,
    OUTCOME_WORDS,
    Idea,
    bonus_sentence,
    by_hand_sentence,
    by_idea,
    data_sentence,
    example_words,
    examples_of,
    finding,
    headline,
    hint_of,
    labels,
    not_run_sentence,
    shown,
)
from grader.reports.wording import clipped, counted, number, one_line
from grader.text import plain

WIDEST = 100
"""Prose is not set wider than this."""
_MESSAGE_LINES = 7
_OUTPUT_LINES = {False: 5, True: 12}
PICTURES = 4
"""Failed checks shown with matrices; the page has them all."""

_MARKS = {
    Outcome.PASSED: ("✓", "+", "green"),
    Outcome.FAILED: ("✗", "x", "red"),
    Outcome.ERROR: ("!", "!", "red"),
    Outcome.TIMEOUT: ("⧖", "t", "red"),
    Outcome.CRASHED: ("†", "#", "red"),
    Outcome.NOT_RUN: ("·", "-", "dim"),
}


def print_grade(
    grade: Grade,
    console: Console,
    *,
    reveal: bool = False,
    waiting: Waiting | None = None,
    everything: bool = False,
    closing: str = "",
) -> None:
    """Print the report of one submission.

    `reveal` shows of hidden checks what is shown of public ones; `waiting` are those that a student kit leaves out;
    `everything` tells every check in full; `closing` follows the verdict on the last line.
    """
    _Printer(console, waiting, everything).grade(shown(grade, reveal=reveal), closing)


def print_line(grade: Grade, console: Console, file: str = "") -> None:
    """Print one submission of several on one line: the problem, the verdict, what to mend first.

    `file` tells it from others of the same problem.
    """
    _Printer(console, None, False).summary(shown(grade), file)


class _Printer:
    """Prints parts of a report at the width of one console."""

    def __init__(self, console: Console, waiting: Waiting | None, everything: bool) -> None:
        self.console = console
        self.waiting = waiting
        self.everything = everything
        self.width = min(console.width, WIDEST)
        self.ascii = console.options.ascii_only
        self.pictures_left = PICTURES
        self.gapped = True

    def grade(self, grade: Grade, closing: str) -> None:
        self.heading(grade)
        if grade.status is not Status.GRADED:
            self.message(grade)
            self.notes(grade)
        else:
            self.line(self.strip(grade))
            if not self.everything:
                self.others(grade)
            self.notes(grade)
            for misconception in grade.misconceptions:
                self.misconception(one_line(misconception.title), misconception.advice)
                for example in examples_of(grade, misconception.id):
                    self.counterexample(example)
            if self.everything:
                for example in examples_of(grade):
                    self.counterexample(example)
                self.checks(grade)
            else:
                self.one_thing(grade)
        self.circumstances(grade)
        self.output(grade.stdout)
        self.gap()
        self.verdict(grade, closing)

    def heading(self, grade: Grade) -> None:
        name = Text(one_line(grade.problem), style="bold")
        if grade.student:
            name.append(f"  {one_line(grade.student, 60)}", style="default")
        name.append(f"  {one_line(grade.submission, 120)}", style="dim")
        self.line(name)

    def verdict(self, grade: Grade, closing: str) -> None:
        good = grade.status is Status.GRADED and grade.percent >= FULL_PERCENT
        verdict = Text()
        verdict.append(f"{number(grade.score)} of {number(grade.max_score)} points", style="bold")
        verdict.append(f"  {number(grade.percent, 1)} %  ", style="bold")
        verdict.append(headline(grade), style="bold green" if good else "bold yellow" if grade.score else "bold red")
        if closing:
            verdict.append(f"; {closing}")
        self.line(verdict)

    def summary(self, grade: Grade, file: str) -> None:
        good = grade.status is Status.GRADED and grade.percent >= FULL_PERCENT
        points = f"{number(grade.score)} of {number(grade.max_score)}"
        name = one_line(f"{grade.problem}, {file}" if file else grade.problem)
        line = Text.assemble(self.mark(Outcome.PASSED if good else Outcome.FAILED), f" {name:<28} ")
        line.append(f"{points:>10}  {headline(grade)}")
        first = first_failure(grade.checks) if grade.status is Status.GRADED else None
        if first is not None:
            line.append(f"; first: {one_line(first.title)}", style="dim")
        line.truncate(self.width, overflow="ellipsis")
        self.line(line, wrap=False)

    def strip(self, grade: Grade) -> Text:
        """One mark per check, a gap between ideas: the shape of the work at a glance."""
        begun = any(map(_ran, grade.checks)) or not any(map(unwritten, grade.checks))
        ideas = [
            Text.assemble(*(self.mark(check.outcome if begun else Outcome.NOT_RUN) for check in idea.checks))
            for idea in by_idea(grade.checks)
        ]
        return Text("  ").join(ideas)

    def message(self, grade: Grade) -> None:
        """Why nothing ran: the place, and the end of the message, which says what broke."""
        lines = clipped(grade.message, 2000).rstrip().split("\n")
        if len(lines) > _MESSAGE_LINES:
            left_out = len(lines) - _MESSAGE_LINES + 1
            lines = [*lines[:2], f"… {left_out} lines left out …", *lines[3 - _MESSAGE_LINES :]]
        self.gap()
        for line in _around_the_caret(lines, self.width):
            self.line(Text(line, style="red"))

    def misconception(self, title: str, advice: str) -> None:
        self.gap()
        self.line(Text.assemble(("It looks like this: ", "bold yellow"), (title, "bold")))
        self.line(Text(advice.strip()), indent=2)

    def counterexample(self, example: Counterexample) -> None:
        """A small input that is answered wrongly, as a public check shows it."""
        self.gap()
        self.line(Text(f"{example_words(example)}:", style="bold"), indent=2 if example.misconception else 0)
        self.mismatch(example.mismatch)
        if example.traceback:
            self.line(
                Text(clipped(_without_what_is_said(example.traceback, example.mismatch.actual), 1200), style="dim"),
                indent=4,
            )
        self.gap()

    def checks(self, grade: Grade) -> None:
        """Ideas with a failure check by check; one whose checks all passed, if it has a name, on a line."""
        ideas = by_idea(grade.checks)
        whole = [idea for idea in ideas if idea.passed and idea.title]
        for idea in ideas:
            if idea not in whole:
                self.idea(idea)
        if whole:
            self.gap()
        for idea in whole:
            self.together(idea)

    def others(self, grade: Grade) -> None:
        """Each check on a line but the one to mend first; those of a passed idea together."""
        first = first_failure(grade.checks)
        if first is not None and unwritten(first) and not any(map(_ran, grade.checks)):
            return
        alike = with_cause_of(first, grade.checks) if first is not None else []
        self.gap()
        for idea in by_idea(grade.checks):
            if idea.passed and idea.title:
                self.together(idea)
                continue
            for check in idea.checks:
                if check is not first and not unwritten(check):
                    self.brief(check, "same reason as below" if check in alike else "")

    def one_thing(self, grade: Grade) -> None:
        """The failure to mend first in full."""
        first = first_failure(grade.checks)
        alike = with_cause_of(first, grade.checks) if first is not None else []
        if first is not None and not unwritten(first):
            self.gap()
            self.check(first)
            for example in examples_of(grade):
                self.counterexample(example)
            if alike:
                self.line(Text(f"{counted(len(alike), 'other check fails', 'other checks fail')} for the same reason."))
        if missing := unwritten_functions(grade.checks):
            self.gap()
            self.line(
                Text.assemble(self.mark(Outcome.NOT_RUN), f" Not written yet: {', '.join(map(one_line, missing))}"),
                hanging=2,
            )

    def brief(self, check: CheckResult, remark: str) -> None:
        """A check on one line, cut where the terminal ends."""
        right = f"{number(check.points)} / {number(check.max_points)}"
        line = Text.assemble(self.mark(check.outcome), " ")
        if check.visibility is Visibility.HIDDEN:
            line.append("[hidden] ", style="dim")
        if remark:
            line.append(f"({remark}) ", style="dim")
        line.append(one_line(check.title))
        line.truncate(max(self.width - len(right) - 2, 4), overflow="ellipsis")
        self.row(line, right)

    def idea(self, idea: Idea) -> None:
        self.gap()
        heading = Text(one_line(idea.title) or "Checks", style="bold underline")
        self.row(heading, f"{number(idea.earned)} / {number(idea.most)}")
        for check in idea.checks:
            self.check(check)

    def together(self, idea: Idea) -> None:
        """Checks of an idea, all of which passed or none, on one line."""
        line = Text.assemble(self.mark(idea.checks[0].outcome), " ", (one_line(idea.title), "bold"))
        hidden = "" if not idea.hidden else ", hidden" if idea.hidden == len(idea.checks) else f", {idea.hidden} hidden"
        line.append(f"  {counted(len(idea.checks), 'check')}{hidden}", style="dim")
        self.row(line, f"{number(idea.earned)} / {number(idea.most)}", hanging=2)

    def check(self, check: CheckResult) -> None:
        title = Text()
        title.append(*self.mark(check.outcome))
        title.append(f" {one_line(check.title)}")
        if check.outcome not in (Outcome.PASSED, Outcome.FAILED):
            title.append(f" ({OUTCOME_WORDS[check.outcome]})", style="dim")
        if check.visibility is Visibility.HIDDEN:
            title.append(" [hidden]", style="dim")
        self.row(title, f"{number(check.points)} / {number(check.max_points)}", hanging=2)
        if check.outcome is Outcome.PASSED:
            return
        message = finding(check)
        if message:
            self.line(Text(clipped(message, 1200)), indent=4)
        if check.mismatch is not None:
            self.mismatch(check.mismatch)
        if trace := "" if unwritten(check) else _without_what_is_said(check.traceback, message):
            self.line(Text(clipped(trace, 2400), style="dim"), indent=4)
        if hint := hint_of(check):
            self.line(Text.assemble(("Hint: ", "bold"), hint), indent=4)
        if check.mismatch is not None or trace:
            self.gap()

    def mismatch(self, mismatch: Mismatch) -> None:
        """Called, came back, expected: the latter two as matrices where there are some."""
        matrices = matrix_block(mismatch, self.width - 6) if self.pictures_left else []
        label = labels(mismatch)
        self.labelled(label.called, mismatch.called)
        self.labelled("shapes", trace(mismatch.shapes))
        if matrices:
            self.pictures_left -= 1
            self.gap()
            for line in matrices:
                self.line(line, indent=6, wrap=False)
            self.gap()
        if not matrices or not mismatch.in_planes:
            self.labelled(label.actual, mismatch.actual)
            self.labelled("expected", mismatch.expected)
        self.labelled(label.worst, mismatch.worst)
        if said := explanation(mismatch):
            self.line(Text(said), indent=4)

    def labelled(self, label: str, value: str) -> None:
        """A dim label and its value: beside it where there is room, else below."""
        value = clipped(value, 800)
        if not value:
            return
        if self.width >= 60:
            self.line(Text.assemble((f"{label:<13}", "dim"), value), indent=4, hanging=13)
        else:
            self.line(Text(label, style="dim"), indent=4)
            self.line(Text(value), indent=6)

    def notes(self, grade: Grade) -> None:
        """Sentences on the file as a whole: before the checks, since they may explain what the checks say."""
        if grade.notes:
            self.gap()
        for note in grade.notes:
            self.line(Text(note))

    def circumstances(self, grade: Grade) -> None:
        about_points = (bonus_sentence(grade), by_hand_sentence(grade))
        sentences = [not_run_sentence(grade, self.waiting), *about_points, data_sentence(grade)]
        if any(sentences):
            self.gap()
        for sentence in filter(None, sentences):
            self.line(Text(sentence, style="dim"))

    def output(self, stdout: str) -> None:
        text = clipped(stdout, 1500).rstrip()
        if not text:
            return
        lines = text.split("\n")
        self.gap()
        self.line(Text("Your program printed", style="bold underline"))
        most = _OUTPUT_LINES[self.everything]
        for line in lines[:most]:
            self.line(Text(line.expandtabs(4), style="dim"), indent=2)
        if len(lines) > most:
            self.line(Text(f"and {counted(len(lines) - most, 'more line')}", style="dim italic"), indent=2)

    def mark(self, outcome: Outcome) -> tuple[str, str]:
        fancy, simple, style = _MARKS[outcome]
        return (simple if self.ascii else fancy), style

    def row(self, left: Text, right: str, hanging: int = 0) -> None:
        """`left`, wrapped, with `right` flush with the right edge of its first line."""
        left.plain = plain(left.plain)
        room = self.width - len(right) - 2
        lines = list(self.wrapped(left, room, hanging))
        lines[0].pad_right(self.width - lines[0].cell_len - len(right))
        lines[0].append(right)
        for line in lines:
            self.console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
        self.gapped = False

    def line(self, text: Text, indent: int = 0, hanging: int = 0, wrap: bool = True) -> None:
        # Here and in `row` alone: what a result holds may have come from a file.
        text.plain = plain(text.plain)
        lines = list(self.wrapped(text, self.width - indent, hanging)) if wrap else [text]
        for line in lines:
            self.console.print(Padding(line, (0, 0, 0, indent), expand=False), no_wrap=True, overflow="ellipsis")
        self.gapped = False

    def wrapped(self, text: Text, width: int, hanging: int) -> Iterator[Text]:
        """The text's lines at `width`; those after the first are indented by `hanging`."""
        first, *rest = text.wrap(self.console, max(width - hanging, 8)) or [Text()]
        first.rstrip()
        yield first
        for line in rest:
            line.rstrip()
            yield Text(" " * hanging) + line

    def gap(self) -> None:
        """An empty line, never two."""
        if not self.gapped:
            self.console.print()
        self.gapped = True


def _around_the_caret(lines: list[str], width: int) -> list[str]:
    """The lines; code that is too wide is cut around the caret below it, which still points at its place."""
    shown = list(lines)
    for index, (code, caret) in enumerate(pairwise(lines)):
        if caret.strip() != "^" or max(len(code), len(caret)) <= width:
            continue
        if len(caret) > width:
            cut = min(max(len(code), len(caret)) - width, len(caret) - width // 2)
            indent = len(code) - len(code.lstrip())
            code = f"{' ' * indent}…{code[indent + cut + 1 :]}"
            shown[index + 1] = caret[cut:]
        shown[index] = code[:width]
    return shown


def _ran(check: CheckResult) -> bool:
    """Whether the check got an answer out of the submission."""
    return check.outcome in (Outcome.PASSED, Outcome.FAILED)


def _without_what_is_said(traceback: str, message: str) -> str:
    """A traceback's frames; its last lines are left out where the message has said them."""
    head, _, error = traceback.rstrip().rpartition("\n")
    if not head or error.strip() not in message:
        return traceback.rstrip()
    return head.removeprefix("Traceback (most recent call last):\n")
