"""The student kit: problems with their public checks, and nothing that tells of the others.

    cut the checks  ->  record the reference  ->  write the rest  ->  look for what must not be there  ->  try it out

The last step grades every known submission, right and wrong, in the course and in the kit. If a public check says
anything else in the kit, it is not written.
"""

from __future__ import annotations

import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec
import yaml

from grader.bench import Bench
from grader.errors import ProblemFileError, UsageError
from grader.grade import Given, grade_one
from grader.jobs import CheckInfo, Terms
from grader.model import Grade, Outcome, Problem, SourceFile, Submission, Visibility
from grader.problem import Course, open_course, variants
from grader.problem.given import read_given
from grader.problem.load import RECORDED, SEALED
from grader.release.bundle import Bundle, files_below
from grader.release.filling import filled
from grader.release.public import CheckFile, CheckStatement, written
from grader.release.requirements import add_course_file, required_by
from grader.release.wheel import torch_version, wheel
from grader.sandbox.launch import Stem

_CONFTEST = "conftest.py"
_WIDTH = 100


class Released(NamedTuple):
    """What a kit holds of one problem."""

    slug: str
    public: int
    hidden: int
    hidden_points: float


def student_kit(course: Course, slugs: Sequence[str], stem: Stem, scratch: Path) -> tuple[Bundle, list[Released]]:
    """The kit of these problems; `scratch` is an empty folder to try it out in.

    Raises ProblemFileError, in one line with file and check, for what cannot be given to students without a solution.
    """
    kit = Bundle()
    problems = [course.load(slug) for slug in slugs]
    with Bench(stem=stem) as bench, Bench(stem=stem) as other:
        released = [_add_problem(kit, problem, bench) for problem in problems]
        _add_the_rest(kit, course, problems, scratch)
        kit.write_folder(scratch / "kit")
        tried = open_course(scratch / "kit")
        for problem in problems:
            _try_out(problem, tried.load(problem.slug), bench, other)
    return kit, released


def _add_the_rest(kit: Bundle, course: Course, problems: Sequence[Problem], scratch: Path) -> None:
    name, content = wheel()
    content.zipped(scratch / name)
    kit.add(name, (scratch / name).read_bytes())
    needed = filled("kit/requirements.txt", wheel=name, torch=torch_version())
    if required := required_by(problems):
        needed += "\n".join(["", "# What the exercises use.", *required, ""])
    kit.add("requirements.txt", needed)
    add_course_file(kit, "", course.rules, [problem.slug for problem in problems])
    listed = "\n".join(f"- `problems/{problem.slug}`: {problem.title}. {problem.summary}" for problem in problems)
    kit.add("README.md", filled("kit/README.md", problems=listed, first=problems[0].slug))


def _add_problem(kit: Bundle, problem: Problem, bench: Bench) -> Released:
    checks = bench.checks(problem)
    public = [check for check in checks if check.visibility == Visibility.PUBLIC]
    hidden = [check for check in checks if check.visibility == Visibility.HIDDEN]
    if not public:
        raise UsageError(
            f"{problem.slug} has no public check: its kit would check nothing",
            hint="mark one with @pytest.mark.public, or name the other problems with --problem",
        )
    base = f"problems/{problem.slug}"
    sources = public_sources(problem, checks)
    _refuse_traces(problem, sources, public, hidden)
    for path, text in sources.items():
        kit.add(f"{base}/checks/{path}", text)
    if recorded := _recorded(problem, bench):
        kit.add(f"{base}/{RECORDED}", recorded)
    if sealed := bench.known_answers(problem, anew=False).sealed:
        kit.add(f"{base}/{SEALED}", sealed)
    for path, content in _for_reading(problem).items():
        kit.add(f"{base}/{path}", content)
    points = round(sum(check.points for check in hidden), 6)
    kit.add(f"{base}/problem.yaml", _problem_file(problem, len(hidden), points))
    return Released(problem.slug, len(public), len(hidden), points)


# -- checks --------------------------------------------------------------------------------------


def public_sources(problem: Problem, checks: Iterable[CheckInfo]) -> dict[str, bytes | str]:
    """The files of checks/ as a kit holds them, by their paths below it."""
    named: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"public": set(), "hidden": set()})
    for check in checks:
        path, _, name = check.id.partition("::")
        named[path][check.visibility].add(re.split(r"::|\[", name)[0])
    folder = Path(problem.folder) / "checks"
    kept: dict[str, list[CheckStatement]] = {}
    for path, names in named.items():
        statements = _parsed(problem, folder / path).public(names["public"], names["hidden"])
        if statements:
            kept[path] = statements
    _add_fixtures(problem, folder, kept)
    sources: dict[str, bytes | str] = {path: written(statements) for path, statements in kept.items()}
    return sources | _asked_for(folder, sources, {*named, *kept})


def _add_fixtures(problem: Problem, folder: Path, kept: dict[str, list[CheckStatement]]) -> None:
    """The part of each conftest.py that the checks below it ask for; the inner files first, which may ask the outer
    ones."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob(_CONFTEST)]
    for path in sorted(found, key=lambda path: -path.count("/")):
        around = PurePosixPath(path).parent
        below = [each for other, own in kept.items() if around in PurePosixPath(other).parents for each in own]
        asked = frozenset[str]().union(*(each.asks_for for each in below))
        if below and (statements := _parsed(problem, folder / path).public((), (), asked)):
            kept[path] = statements


def _asked_for(folder: Path, sources: dict[str, bytes | str], looked_at: set[str]) -> dict[str, bytes | str]:
    """Data and helper modules beside the checks go along as they are, where the public part names them, or another
    helper module that does go along.
    """
    others = {
        path: content
        for path, content in files_below(folder).items()
        if path not in looked_at and PurePosixPath(path).name != _CONFTEST
    }
    asked: dict[str, bytes | str] = {}
    words = "\n".join(text for text in sources.values() if isinstance(text, str))
    while words:
        found = {path: content for path, content in others.items() if path not in asked and _names(words, path)}
        asked |= found
        words = "\n".join(content.decode("utf-8", "replace") for path, content in found.items() if path.endswith(".py"))
    return asked


def _names(words: str, path: str) -> bool:
    return re.search(rf"\b{re.escape(PurePosixPath(path).name.removesuffix('.py'))}\b", words) is not None


def _parsed(problem: Problem, path: Path) -> CheckFile:
    with tokenize.open(path) as file:
        source = file.read()
    return CheckFile(f"{problem.slug}/checks/{path.relative_to(Path(problem.folder) / 'checks').as_posix()}", source)


def _refuse_traces(
    problem: Problem,
    sources: dict[str, bytes | str],
    public: Sequence[CheckInfo],
    hidden: Sequence[CheckInfo],
) -> None:
    """Refuse a public check that tells a hidden one's name, title or hint, in a comment perhaps."""
    known = {word for check in public for word in _words(check)}
    for check in hidden:
        for word in _words(check) - known:
            for path, text in sources.items():
                said = text if isinstance(text, str) else text.decode("utf-8", "replace")
                if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said):
                    raise ProblemFileError(
                        f"{problem.slug}/checks/{path}: what public checks need there tells of the hidden check "
                        f"{check.id}: {word[:80]!r}",
                        hint="say it outside of the public checks and of what they use",
                    )


def _words(check: CheckInfo) -> set[str]:
    function = check.id.partition("[")[0].rpartition("::")[2]
    return {word for word in (function, check.title, check.hint) if word}


# -- the rest ------------------------------------------------------------------------------------


def _recorded(problem: Problem, bench: Bench) -> bytes:
    """The reference's answers to what the public checks ask it."""
    recorded = bench.record(problem, _submission(_solution(problem)))
    found = recorded.findings
    lost = [check.id for check in found.checks if check.outcome is not Outcome.PASSED]
    if lost or not found.checks:
        raise ProblemFileError(
            f"solutions/{problem.slug}/solution.py does not pass {lost[0] if lost else found.message}",
            hint=f"grade verify {problem.slug} says more",
        )
    return recorded.recording


def _for_reading(problem: Problem) -> dict[str, bytes]:
    """Statement and stub, what lies beside answers, and those of the problem's other files that they name."""
    folder = Path(problem.folder)
    files = {
        path: content
        for path, content in files_below(folder).items()
        if path != "problem.yaml" and not path.startswith(("checks/", "submission."))
    }
    told = {path: files[path] for path in ("statement.md", "stub.py") if path in files}
    words = b"\n".join(told.values()).decode("utf-8", "replace")
    named = {path: content for path, content in files.items() if re.search(rf"(?<![\w.-]){re.escape(path)}\b", words)}
    return told | named | dict(read_given(problem))


def _problem_file(problem: Problem, hidden: int, points: float) -> str:
    """problem.yaml without its comments and rubrics; it says what the kit leaves out."""
    raw = yaml.safe_load((Path(problem.folder) / "problem.yaml").read_text(encoding="utf-8"))
    raw["hidden"] = {"checks": hidden, "points": points}
    for part in raw.get("manual", {}).values():
        part.pop("rubric", None)
    text: str = yaml.safe_dump(raw, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text


# -- trying it out -------------------------------------------------------------------------------


def _try_out(problem: Problem, kit: Problem, bench: Bench, other: Bench) -> None:
    """Every known submission gets from each public check of the kit what it gets in the course."""
    ours = [check for check in bench.checks(problem) if check.visibility == Visibility.PUBLIC]
    # A check file is shorter in the kit, and its lines have other numbers.
    theirs = [msgspec.structs.replace(check, place="") for check in other.checks(kit)]
    for check in ours:
        if msgspec.structs.replace(check, place="") not in theirs:
            raise ProblemFileError(f"{problem.slug}/checks/{check.id}: is not the same check in the kit")
    if len(theirs) != len(ours):
        extra = next(check for check in theirs if check not in ours)
        raise ProblemFileError(f"{problem.slug}/checks/{extra.id}: is hidden, and would be in the kit")
    known = _known(problem)
    with ThreadPoolExecutor(2) as pool:
        grades = [
            pool.submit(_graded, problem, known, bench, recognise=False),
            pool.submit(_graded, kit, known, other, recognise=True),
        ]
        pairs = zip(*(each.result() for each in grades), strict=True)
    for path, (right, found) in zip(known, pairs, strict=True):
        _refuse_other_outcomes(problem, path, right, found)
        _refuse_false_names(problem, path, found)


def _graded(problem: Problem, known: Sequence[Path], bench: Bench, *, recognise: bool) -> list[Grade]:
    terms = Terms(public_only=True, recognise=recognise)
    return [grade_one(Given(problem, _submission(path), bench), terms) for path in known]


def _refuse_other_outcomes(problem: Problem, path: Path, right: Grade, found: Grade) -> None:
    for here, there in zip(right.checks, found.checks, strict=True):
        if (here.outcome, here.points, here.idea) != (there.outcome, there.points, there.idea):
            why = f": {there.message}" if there.message else ""
            raise ProblemFileError(
                f"{problem.slug}/checks/{here.id}: with {path.name} it is {here.outcome} in the course, "
                f"{there.outcome} in the kit{why}",
                hint="a public check may use of the reference only what it returns",
            )


def _refuse_false_names(problem: Problem, path: Path, found: Grade) -> None:
    false = [named.id for named in found.misconceptions if named.id != variants.misconception_of(path.stem)]
    if false:
        raise ProblemFileError(
            f"solutions/{problem.slug}: in the kit {path.name} is taken for {false[0]}",
            hint=f"grade verify {problem.slug} finds out again what both reply",
        )


def _known(problem: Problem) -> list[Path]:
    folder = _solution(problem).parent
    others = [*sorted((folder / "alternatives").glob("*.py")), *variants.paths(folder)]
    return [folder / "solution.py", Path(problem.folder) / "stub.py", *others]


def _solution(problem: Problem) -> Path:
    if problem.solution_folder is None:
        raise UsageError(f"{problem.slug} has no folder in solutions/", hint="a release is made from the whole course")
    return Path(problem.solution_folder) / "solution.py"


def _submission(path: Path) -> Submission:
    return Submission(path.name, SourceFile("submission.py", variants.source(path)))
