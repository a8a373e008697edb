"""The page of a submission whose own page could not be drawn: score, checks, and a sentence that says so.

It holds nothing of a student's but a name, and nothing that has to be drawn: what went wrong on the other page cannot
go wrong on this one.
"""

from __future__ import annotations

from markupsafe import escape

from grader.common.outfile import PAGE_MARK
from grader.model import Grade, Problem
from grader.reports.shown import OUTCOME_WORDS, headline
from grader.reports.wording import number, one_line

_STYLE = (
    # The root has the colour: the canvas takes it from there, and stays white where only the body may be dark.
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}"
    ":is(th,td):last-child{white-space:nowrap;padding-right:0}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def drawn_or_plain(grade: Grade, problem: Problem, statement_md: str | None, *, reveal: bool = False) -> str:
    """The page of a submission; a plain one where it cannot be drawn: whoever graded one's own work has the score."""
    # Imported here: the plain page alone needs no template engine.
    from grader.reports.html import student_page

    try:
        return student_page(grade, problem, statement_md, reveal=reveal)
    except Exception as error:
        return plain_page(grade, problem, f"{type(error).__name__}: {error}").decode()


def plain_page(grade: Grade, problem: Problem, why: str) -> bytes:
    """One small HTML file; `why` is a sentence without a full stop."""
    score = f"{number(grade.score)} of {number(grade.max_score)} points"
    rows = "".join(
        f"<tr><td>{escape(one_line(check.title))}<td>{OUTCOME_WORDS[check.outcome]}"
        f"<td>{number(check.points)} / {number(check.max_points)}\n"
        for check in grade.checks
    )
    rows += "".join(
        f"<tr><td>{escape(one_line(part.title))}<td>{'graded by hand' if part.points is not None else 'not graded yet'}"
        f"<td>{'–' if part.points is None else number(part.points)} / {number(part.max_points)}\n"
        for part in grade.manual
    )
    student = f"<p>{escape(one_line(grade.student, 120))}</p>\n" if grade.student else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'{PAGE_MARK.decode()}<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(problem.title)}: {score}</title><style>{_STYLE}</style></head><body><main>\n"
        f"<h1>{escape(problem.title)}</h1>\n{student}<p><b>{score}</b>. {headline(grade)}.</p>\n"
        "<p>The score stands; the rest of this page could not be drawn from what the submission returned: "
        f"{escape(one_line(why))}.</p>\n"
        f"<table><thead><tr><th>Check<th>Result<th>Points</thead><tbody>\n{rows}</tbody></table>\n</main></body></html>\n"
    ).encode("utf-8", "replace")
