"""From the words of a command line to pieces of work: which course, which problem, which file.

A word is a problem (``02``, ``conv-bias``, ``problems/02``), ``all``, or a path to an answer: inside a problem's
folder, or anywhere, where its name or what it defines says which problem it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.cli.shared import say
from grader.cli.work import submission_in
from grader.common.suggest import nearest
from grader.errors import UsageError
from grader.intake.content import CODE, suffix
from grader.problem import Course, find_course

ALL = "all"
_CUTOFF = 0.7


@dataclass(frozen=True)
class Target:
    """One piece of work to be graded."""

    course: Course
    slug: str
    submission: Path | None = None
    """Instead of the problem's own."""

    @property
    def own(self) -> bool:
        """Whether it is a student's work: a course's own files are not."""
        if self.submission is None:
            return True
        try:
            place, *inside = self.submission.resolve().relative_to(self.course.root.resolve()).parts
        except ValueError:
            return True
        return place == "problems" and inside[-1:] != ["stub.py"]


def find_problem(typed: str, rest: Sequence[str] = ()) -> tuple[Course, str]:
    """The course, and the slug of its problem that `typed` means. `rest` are the words behind it."""
    course = _course(typed, rest)
    return course, _resolved(course, typed, rest)


def find_targets(words: Sequence[str]) -> list[Target]:
    """What the words ask for, in their order, each once. Raises UsageError for a word that means nothing."""
    targets: list[Target] = []
    for place, word in enumerate(words):
        if place == 1 and len(words) == 2 and words[0] != ALL and (pair := _with_file(targets, word)) is not None:
            return [pair]
        targets += _found(word, words[place + 1 :])
    return list(dict.fromkeys(targets))


def _with_file(problem: Sequence[Target], file: str) -> Target | None:
    """``grade 02 loop.py``: the file as an answer to that problem, unless the file clearly answers another one."""
    path = Path(file).expanduser()
    if not path.is_file() or suffix(path.name) not in CODE:
        return None
    if len(problem) != 1 or problem[0].submission is not None:
        return None
    course, slug = problem[0].course, problem[0].slug
    if (own := _in_the_course(course, path)) is not None and own.slug != slug:
        return None
    try:
        answered = _answered_by(course, path)
    except UsageError:
        answered = slug  # Not clear from the file, and so the word says it.
    return Target(course, slug, path) if answered == slug else None


def _found(word: str, rest: Sequence[str]) -> list[Target]:
    path = Path(word).expanduser()
    course = _course(str(path) if path.exists() else word, rest)
    if word == ALL and ALL not in course.slugs:
        return _begun(course)
    if path.exists() and (own := _in_the_course(course, path)) is not None:
        return [own]
    if path.is_file() or (path.is_dir() and not _names_a_problem(course, word)):
        return _elsewhere(course, path)
    if suffix(word) in CODE:
        raise UsageError(f"there is no file {word}", hint=_instead_of(course, path))
    return [Target(course, _resolved(course, word, rest))]


def _course(word: str, rest: Sequence[str]) -> Course:
    try:
        return find_course(Path.cwd(), word)
    except UsageError:
        refuse_near_command(word, rest)
        raise


def refuse_near_command(word: str, rest: Sequence[str]) -> None:
    """Raise UsageError where `word` is nearly a command."""
    from grader.cli.app import known_words

    near = nearest(word, known_words(), cutoff=_CUTOFF)
    if near:
        meant = " ".join(["grade", near, *rest])
        raise UsageError(f"there is no problem or command {word}", hint=f"did you mean {meant}?") from None


def _begun(course: Course) -> list[Target]:
    slugs = [slug for slug in course.slugs if submission_in(course.root / "problems" / slug) is not None]
    if not slugs:
        first = f"begin with: grade start {course.slugs[0].split('-')[0]}" if course.slugs else None
        raise UsageError("no problem has been begun yet", hint=first)
    return [Target(course, slug) for slug in slugs]


def _in_the_course(course: Course, path: Path) -> Target | None:
    """The target where `path` lies in a problem's folder or is one."""
    try:
        slug, *inside = path.resolve().relative_to((course.root / "problems").resolve()).parts
    except ValueError:
        return None
    if slug not in course.slugs:
        return None
    return Target(course, slug, path if inside else None)


def _instead_of(course: Course, path: Path) -> str | None:
    """What to do about a file that is not there."""
    from grader.intake.missing import did_you_mean_path

    target = _in_the_course(course, path)
    if target is not None:
        return f"grade start {target.slug.split('-', 1)[0]} writes it from the stub"
    return did_you_mean_path(path)


def _names_a_problem(course: Course, word: str) -> bool:
    """Whether a bare word means a problem, whatever folder of that name lies here, too."""
    if "/" in word or "\\" in word or word in (".", ".."):
        return False
    try:
        course.resolve(word)
    except UsageError:
        return False
    return True


def _elsewhere(course: Course, path: Path) -> list[Target]:
    from grader.intake.collect import collect_one

    if path.is_file():
        return [Target(course, _answered_by(course, path), path)]
    works, _ = collect_one(path, course.load_all())
    if not works:
        raise UsageError(
            f"nothing in {path} answers a problem of this course", hint=f"say which: grade PROBLEM --submission {path}"
        )
    if len(works) == 1:
        return [Target(course, works[0].problem, path)]
    return [Target(course, work.problem, path / work.submission.path) for work in works]


def _answered_by(course: Course, path: Path) -> str:
    """The problem that a file elsewhere answers: by what it defines, else by its name."""
    from grader.intake.content import defined_names
    from grader.intake.files import Refused, read_regular
    from grader.intake.naming import Names
    from grader.intake.notebook_outputs import limit_of

    if suffix(path.name) not in CODE:
        raise UsageError(f"{path} is neither a .py nor a .ipynb", hint="a submission is one of those, or a folder")
    problems = course.load_all()
    try:
        defined = defined_names(path.name, read_regular(path, limit_of(path.name, 1_000_000)))
    except Refused:
        defined = frozenset[str]()
    shares = {problem.slug: len(defined & set(problem.names)) / max(len(problem.names), 1) for problem in problems}
    most = max(shares.values(), default=0.0)
    likeliest = [slug for slug, share in shares.items() if share == most > 0]
    if len(likeliest) == 1:
        return likeliest[0]
    names = Names(problems)
    by_name = names.best(path.stem) or names.best(path.resolve().parent.name)
    if by_name is not None and (not likeliest or by_name in likeliest):
        return by_name
    could = f"it could be {' or '.join(likeliest)}" if likeliest else "it defines no function that a problem asks for"
    raise UsageError(
        f"which problem {path} answers is not clear: {could}", hint=f"say which: grade PROBLEM --submission {path}"
    )


def _resolved(course: Course, typed: str, rest: Sequence[str]) -> str:
    try:
        slug = course.resolve(typed)
    except UsageError:
        refuse_near_command(typed, rest)
        raise
    folder, _, name = typed.rstrip("/\\").replace("\\", "/").rpartition("/")
    if folder and slug.startswith(name) and name not in (slug, slug.split("-")[0]):
        say(f"There is no {typed}; the problem that begins like that is {slug}.")
    return slug
