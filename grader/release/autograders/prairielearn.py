"""PrairieLearn: an external grader, whose container leaves ``/grade/results/results.json``.

The format is that of PrairieLearn's documentation, docs/externalGrading.md: a score from 0 to 1, tests with points, and
``gradable: false`` with ``format_errors`` for what costs a student no attempt. A submission gets that if nothing in it
could be graded, or if the grader itself has failed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from grader.release.autograders.model import OUR_FAULT, Autograded, Autograder
from grader.release.autograders.telling import checks_of, told


def _encode(graded: Autograded) -> bytes:
    if not graded.gradable:
        return _json({"gradable": False, "format_errors": told(graded)})
    tests = [
        {"name": check.name, "points": check.points, "max_points": check.max_points, "message": check.message}
        for check in checks_of(graded)
    ]
    return _json(
        {"gradable": True, "score": round(graded.share, 6), "message": "\n\n".join(told(graded)), "tests": tests}
    )


def _fault() -> bytes:
    return _json({"gradable": False, "format_errors": [OUR_FAULT]})


def _json(data: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


AUTOGRADER = Autograder("prairielearn", _encode, _fault, scripts=("entrypoint.sh",), texts=("Dockerfile", "info.json"))
