"""``python -m grader.cli.autograde COURSE SUBMISSION RESULTS``: what an autograder's run_autograder calls.

No word of `grade`: people grade with that. Its output goes to the course's staff, results.json to the student.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path


def main(course: str, submission: str, results: str) -> None:
    """Grade one submission and write results.json, whatever becomes of the rest."""
    from grader.common.outfile import write_own
    from grader.release.autograding import autograde, fault

    try:
        content = autograde(Path(course), Path(submission))
    except Exception:
        traceback.print_exc()
        content = fault()
    write_own(results, content)


if __name__ == "__main__":
    main(*sys.argv[1:])
