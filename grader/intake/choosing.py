"""Which reading of a download is taken, if any: exactly one has to be clean.

1. The platforms' layouts are tried first, on the download, on what is inside the only folder or archive in it, and on
   the folders and archives that lie side by side. What a platform marks is not read as if somebody had named it.
   Folders inside are taken for a platform's downloads only if all of them are; else a student could put files named
   as the platform names them into a folder, and hand in under somebody else's name.
2. Else the layouts that people arrange by hand propose a reading each.
3. Readings with doubts, and those under which many answers would be second answers to the same problem, are not
   clean. Two that come to the same students with the same answers are one.
4. Where not exactly one is clean, `Undecided` shows the two best. Nothing is graded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from grader.errors import UsageError
from grader.intake.containers import containers, wrappings
from grader.intake.folding import listed, natural
from grader.intake.handin import Container, Download
from grader.intake.layouts import LAYOUTS, moodle, problem_folders, sections
from grader.intake.model import Notice, NoticeKind, Student, Work
from grader.intake.naming import names_nobody
from grader.intake.reading import Layout, Reading

MIXED = "mixed"
_DEEPEST = 4
_DOUBLES = 0.05


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with what it comes to when files are matched to problems."""

    reading: Reading
    students: tuple[Student, ...]
    work: tuple[Work, ...]
    notices: tuple[Notice, ...]
    doubles: int
    """Answers that were not taken, and of which nothing tells that they are older than the one that was."""
    strangers: int = 0
    """Those among them from another folder, whose name may be a student's."""
    unsure: tuple[str, ...] = ()
    """Students who may be one, by their names: clauses without a full stop."""
    handed_in: Mapping[str, Set[str]] = field(default_factory=dict)
    """Whose a folder or file is, by its path: ids."""

    @property
    def doubts(self) -> list[str]:
        """Why it may be wrong."""
        doubts = list(dict.fromkeys((*self.reading.doubts, *self.unsure)))
        most = int(_DOUBLES * len(self.work))
        if not self.reading.proven and (self.doubles > max(1, most) or self.strangers > most):
            doubts.append(
                f"{self.doubles} of {self.doubles + len(self.work)} answers would be second answers to the same problem"
            )
        return doubts

    @property
    def outcome(self) -> tuple[object, ...]:
        """The same for readings that differ in nothing but their name."""
        return (
            sorted(student.id for student in self.students),
            sorted((work.student, work.problem, work.submission.path) for work in self.work),
        )

    @property
    def badness(self) -> tuple[int, int, int]:
        """Smaller is better, among those that are not clean."""
        return len(self.doubts), self.doubles, -len(self.work)


class Undecided(UsageError):
    """No reading is clearly the only one."""

    best: Weighed | None = None
    """The reading with the least against it."""
    doubts: tuple[str, ...] = ()
    """What is against it; so is another reading that is as good."""


Weigh = Callable[[Reading], Weighed]


def choose(download: Download, weigh: Weigh, given: str | None = None) -> Weighed:
    """The one clean reading of `download`, or the one of the layout `given`.

    Raises:
        Undecided: if none is clean, or several are.
        UsageError: if the download is not arranged as `given` says, or holds nothing.
    """
    if not download.listing.entries and not download.listing.folders and download.people:
        return weigh(Reading("folders", "Nothing handed in"))
    if not download.listing.entries and not download.listing.folders:
        refused = [notice for notice in download.listing.notices if notice.kind is NoticeKind.REFUSED]
        told = f" that can be read: {refused[0].path} {refused[0].reason}" if refused else ""
        more = f", and {len(refused) - 1:,} more are refused" if len(refused) > 1 else ""
        raise UsageError(
            f"there is nothing in {download.title}{told}{more}",
            hint="Give the folder or the .zip that the platform gave.",
        )
    if given is not None:
        return _as_given(download, weigh, given)
    proven = list(_of_platforms(download, _automatic(proven=True)))
    weighed = [weigh(reading) for reading in proven]
    clean = [each for each in weighed if not each.doubts]
    by_hand = [] if clean else [weigh(reading) for reading in _by_hand(download, _automatic(proven=False))]
    if weighed and not clean:
        # What bears a platform's marks is not read as if somebody had named it, however clean that would be.
        raise _undecided([*weighed, *sorted(by_hand, key=lambda each: each.badness)])
    return _only_clean(clean or by_hand)


def _automatic(*, proven: bool) -> list[Layout]:
    return [layout for layout in LAYOUTS if proven == layout.PROVEN and not layout.ONLY_BY_NAME]


def _as_given(download: Download, weigh: Weigh, given: str) -> Weighed:
    layouts = [layout for layout in LAYOUTS if given == layout.NAME]
    search = _of_platforms if layouts[0].PROVEN else _by_hand
    found = [weigh(reading) for reading in search(download, layouts)]
    if not found:
        raise UsageError(
            f"These submissions are not arranged as {layouts[0].TITLE} does it",
            hint="Without --layout the readings that are possible are shown.",
        )
    return min(found, key=lambda each: each.badness)


def _only_clean(weighed: Sequence[Weighed]) -> Weighed:
    clean = [each for each in weighed if not each.doubts]
    different = {repr(each.outcome): each for each in reversed(clean)}
    if len(different) == 1:
        return next(iter(different.values()))
    raise _undecided(list(different.values()) or sorted(weighed, key=lambda each: each.badness))


def _of_platforms(download: Download, layouts: Sequence[Layout], depth: int = 0) -> Iterator[Reading]:
    """The first reading that a platform's marks allow."""
    for place, beside in wrappings(download):
        for layout in layouts:
            for reading in layout.read(place):
                reading.notices += beside
                yield reading
                return
        if depth < _DEEPEST and (several := _side_by_side(place, layouts, depth)) is not None:
            several.notices += beside
            yield several
            return


def _side_by_side(place: Download, layouts: Sequence[Layout], depth: int) -> Reading | None:
    """The downloads of several assignments as one reading, if everything that lies there is a download."""
    found: list[tuple[Container, Reading]] = []
    strays = []
    if any(entry.suffix in (".py", ".ipynb") for entry in place.listing.top_files()):
        return None
    for each in containers(place):
        if (each.name,) in place.listing.repositories:
            return None
        reading = next(_of_platforms(each.download, layouts, depth + 1), None) if each.opened else None
        if reading is not None:
            reading.notices += each.download.listing.notices
            found.append((each, reading))
        elif each.is_stray:
            strays.append(each)
        else:
            return None
    if not found or len(strays) > len(found):
        return None
    whole = _together(place, found)
    for stray in strays:
        reason = "is no download; nothing in it is graded"
        whole.notices.append(Notice(stray.download.shown, NoticeKind.UNMATCHED, reason))
    for entry in place.listing.top_files():
        if not entry.is_archive and not (whole.layout == moodle.NAME and entry.suffix == ".csv"):
            reason = "lies beside the downloads and belongs to nobody"
            whole.notices.append(Notice(entry.shown, NoticeKind.UNMATCHED, reason))
    return whole


def _together(place: Download, found: Sequence[tuple[Container, Reading]]) -> Reading:
    names = {reading.layout for _, reading in found}
    first = found[0][1]
    whole = Reading(first.layout, first.title, downloads=sum(r.downloads for _, r in found), proven=True)
    for _, reading in found:
        whole.notices += reading.notices
        whole.doubts += reading.doubts
    if len(names) > 1:
        whole.layout = MIXED
        whole.title = "Downloads of " + " and ".join(sorted({reading.title for _, reading in found}))
        whole.doubts.append("downloads of several platforms lie side by side, and who is who in them cannot be told")
    if names == {moodle.NAME} and len(found) > 1:
        # A wrapped download's worksheet may lie beside the folder as well as in it.
        rows = [*place.people, *moodle.worksheets(place)]
        for each, _ in found:
            for inner, _ in wrappings(each.download):
                rows += moodle.worksheets(inner)
        whole.handins, doubts = moodle.joined([reading.handins for _, reading in found], rows)
        whole.doubts += doubts
    else:
        whole.handins = [handin for _, reading in found for handin in reading.handins]
    return whole


def _by_hand(download: Download, layouts: Sequence[Layout]) -> Iterator[Reading]:
    """Every reading of what people arranged, on every level of folders that are wrapped around."""
    for depth, (place, beside) in enumerate(wrappings(download)):
        for layout in layouts:
            for reading in layout.read(place):
                if depth and not _is_known(download, place) and (reading.students < 3 or reading.by_functions):
                    # One student's folder may hold folders and files that could be names; a class holds many.
                    continue
                reading.notices += beside
                yield reading


def _is_known(download: Download, place: Download) -> bool:
    """Whether the name of the only folder says that it is no student's."""
    return place.title == download.title or names_nobody(place.title)


def summary(weighed: Weighed) -> str:
    """The first line: what was read, and how."""
    reading = weighed.reading
    parts = [reading.title]
    if reading.downloads > 1:
        parts.append(f"{reading.downloads} {_KINDS.get(reading.title, 'assignments')}")
    count = len(weighed.students)
    parts.append(f"{count:,} student{'' if count == 1 else 's'}")
    return ", ".join(parts)


_KINDS = {sections.TITLE: "sections", sections.ROUNDS: "rounds", problem_folders.TITLE: "problems"}


def _undecided(weighed: Sequence[Weighed]) -> Undecided:
    if not weighed:
        return Undecided(
            "No way to read these submissions was found",
            hint="A student's answers lie in a folder named after the student.",
        )
    best = weighed[:2]
    head = (
        "These submissions can be read in several ways, and nothing was graded"
        if not best[0].doubts
        else "It is not clear whose these submissions are, and nothing was graded"
    )
    lines = [head, *(line for each in best for line in _shown(each))]
    names = " or ".join(
        dict.fromkeys(f"--layout {each.reading.layout}" for each in best if each.reading.layout != MIXED)
    )
    hint = f"{names} takes a reading as it is; --plan FILE writes it down, to be corrected and given to --use-plan."
    error = Undecided("\n".join(lines), hint=hint)
    error.best = best[0]
    others = [f"it could also be read as: {summary(each)}" for each in best[1:] if not each.doubts]
    error.doubts = (*best[0].doubts, *others)
    return error


def _shown(weighed: Weighed) -> Iterator[str]:
    students = sorted(weighed.students, key=lambda student: natural(student.id))
    named = [s.id if s.id == s.name else f"{s.name} ({s.id})" for s in students]
    yield f"  {summary(weighed)}, {len(weighed.work):,} answers, {weighed.doubles:,} double"
    if named:
        yield f"    students: {listed(named, 4)}"
    for work in weighed.work[:2]:
        yield f"    {work.submission.path} is {work.student}'s answer to {work.problem}"
    for doubt in weighed.doubts[:4]:
        yield f"    doubtful: {doubt}"
    if len(weighed.doubts) > 4:
        yield f"    and {len(weighed.doubts) - 4} more doubts"
