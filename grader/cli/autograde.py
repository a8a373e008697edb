"""``python -m grader.cli.autograde COURSE SUBMISSION RESULTS``: what an autograder's run_autograder calls.

No word of `grade`: people grade with that. Its output goes to the course's staff, results.json to the student.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from grader.errors import ExitCode, GraderError


def main(arguments: Sequence[str]) -> int:
    """Grade one submission and write results.json, whatever becomes of the rest; an exit code."""
    from grader.cli.shared import say, say_error
    from grader.common.outfile import write_own
    from grader.release.autograding import autograde, fault

    if len(arguments) != 3:
        say("usage: python -m grader.cli.autograde COURSE SUBMISSION RESULTS")
        return int(ExitCode.WRONG_USAGE)
    course, submission, results = arguments
    try:
        content, code = autograde(Path(course), Path(submission)), ExitCode.FULL_MARKS
    except GraderError as error:
        say_error(error)
        content, code = fault(), ExitCode.HARNESS_FAULT
    except Exception:
        traceback.print_exc()
        content, code = fault(), ExitCode.HARNESS_FAULT
    write_own(results, content)
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
