"""The room's memory holds nothing of checks or solutions: looked for in every byte, from inside and from outside.

Markers are planted in a copy of a problem, in its checks and in its solution. The checker comes to hold both; its
zygote and the room must not. The submission holds a marker of its own, which each search must find, or it would find
nothing at all.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.bench import Bench
from grader.errors import GraderError
from grader.grade import Given, grade_one
from grader.intake.single import read_submission
from grader.jobs import Terms
from grader.problem import find_course
from grader.sandbox.launch import Stem
from tests import lent
from tests.sandbox.test_zygote import descendants

pytestmark = pytest.mark.slow

# In halves, so that no process holds them in one piece for being told what to look for.
START = "PLANTED-MARKER-"
CHECKS, SOLUTION, OWN = "in-checks-93b1", "in-solution-7d20", "in-submission-41e8"

SUBMISSION = '''
import ctypes, gc, os, time
own = "PLANTED-MARKER-in-submission-41e8"
CHUNK = 1 << 16

def chunks():
    """Every readable chunk of this process: from each known object up and down to where the kernel says EFAULT."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    reader, writer = os.pipe()
    seen = {}

    def look(at):
        if at not in seen:
            seen[at] = libc.write(writer, at, CHUNK)
            if seen[at] > 0:
                return os.read(reader, seen[at])
        return b""

    known = [id(thing) for thing in gc.get_objects()]
    known += [ctypes.addressof(ctypes.create_string_buffer(1 << n)) for n in range(22)]
    known += [ctypes.cast(libc.write, ctypes.c_void_p).value]
    for address in known:
        for step in (CHUNK, -CHUNK):
            at = address - address % CHUNK
            while at not in seen or at == address - address % CHUNK:
                data = look(at)
                if data:
                    yield data
                elif seen[at] <= 0:
                    break
                at += step

def search():
    found = {"in-checks-93b1": 0, "in-solution-7d20": 0, "in-submission-41e8": 0}
    size = 0
    for data in chunks():
        size += len(data)
        at = data.find(b"PLANTED-MARKER" + b"-")
        while at >= 0:
            for kind in found:
                found[kind] += data[at + 15 : at + 15 + len(kind)] == kind.encode()
            at = data.find(b"PLANTED-MARKER" + b"-", at + 1)
    print("searched", size >> 20, "MB:", found)

def build_conv(kernel, bias):
    raise NotImplementedError

def conv_with_bias(image, kernel, bias):
    if image.shape == (6, 9):  # a hidden check, for which the solution has been asked already
        time.sleep(WAIT)
    elif image.shape == (4, 4):
        search()
    raise ValueError("nothing")
'''


@pytest.fixture
def planted(course: Path) -> Path:
    """The copy of problem 02 with markers in its checks and its solution."""
    for path, marker in (
        (course / "problems/02-conv-bias/checks/test_conv_bias.py", START + CHECKS),
        (course / "solutions/02-conv-bias/solution.py", START + SOLUTION),
    ):
        path.write_text(path.read_text(encoding="utf-8") + f'\n\nPLANTED = "{marker}"\n', encoding="utf-8")
    settings = course / "problems/02-conv-bias/problem.yaml"
    settings.write_text(settings.read_text() + "\nlimits:\n  call_seconds: 60\n  total_seconds: 120\n")
    return course


def test_a_search_from_inside_finds_nothing(planted: Path, tmp_path: Path) -> None:
    problem = find_course(planted, "02").load("02-conv-bias")
    path = tmp_path / "submission.py"
    path.write_text(SUBMISSION.replace("WAIT", "0"))
    with Bench(stem=lent.stem()) as bench:
        # Twice: by now the checker of this zygote holds what it held for the first one.
        grades = [
            grade_one(Given(problem, read_submission(path, names=problem.names), bench), Terms(recognise=False))
            for _ in range(2)
        ]
    for grade in grades:
        searched = grade.stdout.partition("searched ")[2]
        assert int(searched.split()[0]) > 100, grade.stdout
        assert f"'{CHECKS}': 0, '{SOLUTION}': 0" in searched
        assert f"'{OWN}': 0" not in searched
        assert grade.score == 0


def holds(pid: int, marker: str) -> bool:
    """Whether a process's memory holds the marker; read as root, through /proc."""
    needle = marker.encode()
    return any(needle in data for data in memory(pid))


def memory(pid: int) -> Iterator[bytes]:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if "r" not in rights or "[v" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                file.seek(start)
                yield file.read(end - start)
            except (OSError, ValueError):
                continue


def levels(pid: int) -> int:
    """How many process namespaces a process is in, from this one down."""
    status = Path(f"/proc/{pid}/status").read_text()
    return len(next(line for line in status.splitlines() if line.startswith("NSpid")).split()) - 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may read the memory of another process that is not dumpable")
def test_a_search_from_outside_finds_nothing(planted: Path, tmp_path: Path) -> None:
    problem = find_course(planted, "02").load("02-conv-bias")
    path = tmp_path / "submission.py"
    path.write_text(SUBMISSION.replace("WAIT", "50").replace("        search()", "        pass"))

    def grade(bench: Bench) -> None:
        try:
            grade_one(Given(problem, read_submission(path, names=problem.names), bench), Terms(recognise=False))
        except GraderError:
            pass  # The bench is closed while the room sleeps.

    # A stem of this test's own, so that its processes are known.
    with Stem() as stem, Bench(stem=stem) as bench:
        thread = threading.Thread(target=grade, args=(bench,))
        thread.start()
        here = levels(os.getpid())
        deadline = time.monotonic() + 60
        checkers: list[int] = []
        while not checkers and time.monotonic() < deadline:
            time.sleep(0.5)
            below = [pid for pid in descendants(stem._process.pid) if levels(pid) == here]
            checkers = [pid for pid in below if holds(pid, START + SOLUTION) and holds(pid, START + CHECKS)]
        assert checkers, "the checker never held the markers: the search finds nothing, or nothing was planted"
        behind_walls = [pid for pid in descendants(stem._process.pid) if levels(pid) > here]
        depths = sorted(levels(pid) - here for pid in behind_walls)
        assert depths == [1, 2, 2], "the zygote, init and the room"
        held = [
            (levels(pid) - here, kind)
            for pid in behind_walls
            for kind in (CHECKS, SOLUTION)
            if holds(pid, START + kind)
        ]
        assert held == []
        assert any(holds(pid, START + OWN) for pid in behind_walls)
    thread.join()
