"""edX XQueue: the reply to one submission.

A reply is a JSON with ``correct``, ``score`` and ``msg`` (openedx/xqueue-watcher, grader.py; ``update_score`` of
CodeResponse in edx-platform's capa): the score is in points, which the problem's own ``points`` bound, and the message
has to be XML. Where the grader has failed there is no reply: the queue gives the submission out again.
"""

from __future__ import annotations

from html import escape

import msgspec

from grader.release.autograders.model import Autograded, Autograder
from grader.release.autograders.telling import checks_of, told
from grader.reports.wording import number


def _encode(graded: Autograded) -> bytes:
    paragraphs = "".join(f"<p>{_xml(line)}</p>" for line in told(graded))
    items = "".join(
        f"<li>{'✓' if check.passed else '✗'} {_xml(check.name)}, {number(check.points)} of {number(check.max_points)}"
        f"{f'<pre>{_xml(check.message)}</pre>' if check.message else ''}</li>"
        for check in checks_of(graded)
    )
    reply = {
        "correct": graded.gradable and graded.earned >= graded.possible,
        "score": round(min(graded.earned, graded.possible), 4),
        "msg": f"<div>{paragraphs}<ul>{items}</ul></div>",
    }
    return msgspec.json.encode(reply) + b"\n"


def _xml(text: str) -> str:
    """Text without what XML 1.0 cannot hold."""
    return escape(
        "".join(letter for letter in text if letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff"))
    )


AUTOGRADER = Autograder("xqueue", _encode, lambda: b"", scripts=("run_xqueue",))
