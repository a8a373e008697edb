"""GitHub Classroom: a workflow's step, whose output Classroom's own reporter reads.

The reporter (classroom-resources/autograding-grading-reporter, src/main.js and src/notify-classroom.js) takes for each
runner a JSON in base64 with ``status``, ``max_score`` and ``tests`` that each have a ``score``; status "fail" fails the
run. Without such a JSON it fails, too, and reports no points: so it does for a fault of the grader's.

A student can read and change all that a workflow in their repository can read. So it has public checks alone.
"""

from __future__ import annotations

import base64

import msgspec

from grader.release.autograders.model import Autograded, Autograder
from grader.release.autograders.telling import checks_of


def _encode(graded: Autograded) -> bytes:
    checks = list(checks_of(graded))
    data = {
        "version": 1,
        "status": "pass" if all(check.passed for check in checks) else "fail",
        "max_score": round(graded.possible, 4),
        "tests": [
            {
                "name": check.name,
                "status": "pass" if check.passed else "fail",
                "score": check.points,
                "message": check.message,
            }
            for check in checks
        ],
    }
    return base64.b64encode(msgspec.json.encode(data)) + b"\n"


AUTOGRADER = Autograder("classroom", _encode, lambda: b"", scripts=(), texts=("classroom.yml",), of_kit=True)
