"""``python -m grader.cli.autograde COURSE SUBMISSION RESULTS [PLATFORM [PROBLEM]]``: what a platform's script calls.

No word of `grade`: people grade with that. Its output goes to the course's staff, RESULTS to the student.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from grader.errors import ExitCode, GraderError


def main(arguments: Sequence[str]) -> int:
    """Grade one submission and write what the platform reads, whatever becomes of the rest; an exit code."""
    from grader.cli.shared import say, say_error
    from grader.common.outfile import write_own
    from grader.release.autograders import AUTOGRADERS
    from grader.release.autograding import autograde

    course, submission, results, platform, problem, *more = *arguments, *("", "", "", "", "")[len(arguments) :]
    kind = AUTOGRADERS.get(platform or "gradescope")
    if not results or more or kind is None:
        say("usage: python -m grader.cli.autograde COURSE SUBMISSION RESULTS [PLATFORM [PROBLEM]]")
        say(f"The platforms are {', '.join(AUTOGRADERS)}.")
        return int(ExitCode.WRONG_USAGE)
    try:
        graded = autograde(Path(course), Path(submission), only=problem)
        content, code = kind.encode(graded), ExitCode.FULL_MARKS
    except GraderError as error:
        say_error(error)
        content, code = kind.fault(), ExitCode.HARNESS_FAULT
    except Exception:
        traceback.print_exc()
        content, code = kind.fault(), ExitCode.HARNESS_FAULT
    if content:
        write_own(results, content)
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
