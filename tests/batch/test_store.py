"""The store: what was saved is there after a kill, and identities are those of the work, not of the grade."""

from __future__ import annotations

import hashlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from grader.batch.keys import content_key
from grader.batch.store import STORE, Store
from grader.batch.tokens import read_shape, shape
from grader.errors import HarnessError, UsageError
from grader.intake.extras import digest
from grader.intake.model import Intake, Notice, NoticeKind, Student, Work
from grader.model import SourceFile, Status, Submission
from tests.conftest import ROOT, command_line
from tests.reports import samples

# Saves grades until it is killed, and says which are saved.
SAVER = """
import sys
from pathlib import Path
from grader.batch.store import Store
from tests.reports import samples
with Store(Path(sys.argv[1])) as store:
    for number in range(100_000):
        store.save(f"key{number}", samples.grade(problem="01-double", score=float(number)))
        print(number, flush=True)
"""


def work(student: str, problem: str = "01-double", source: bytes = b"x = 1") -> Work:
    main = SourceFile("01.py", source)
    return Work(
        student, problem, Submission(f"{student}/01.py", main, (), student, digest(hashlib.sha256(main.content), ()))
    )


def fill(store: Store, *works: Work) -> None:
    students = tuple(Student(name, name.title()) for name in sorted({item.student for item in works}))
    notices = (Notice("x.pdf", NoticeKind.UNMATCHED, "is no code"),)
    filed = [(item, content_key(item.submission), f"{item.problem} {item.submission.sha256}") for item in works]

    def contents(names: Sequence[str]) -> Iterator[tuple[bytes, bytes]]:
        for name in names:
            submission = next(item.submission for item in works if content_key(item.submission) == name)
            files = (submission.main, submission.extra, submission.sha256)
            yield msgspec.msgpack.encode(files), shape(submission.main)

    store.put_intake(Intake("folders", students, works, notices), filed, contents, "/class", ["01-double"])


def test_the_same_content_is_graded_once_and_serves_all_who_handed_it_in(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, work("ann"), work("bob"), work("bob", "02-total"), work("cy", source=b"x = 2"))
        tasks = store.tasks()
        assert [(task.problem, task.student) for task in tasks] == [
            ("01-double", "ann"), ("02-total", "bob"), ("01-double", "cy"),
        ]  # fmt: skip
        submission = store.submission(tasks[0].content)
        assert (submission.student, submission.path, submission.main.content) == (None, "", b"x = 1")
        store.save(tasks[0].key, samples.grade(student="whoever", submission="wherever"))
        graded = [row for row in store.rows() if row.grade is not None]
        assert [(row.grade.student, row.grade.submission) for row in graded if row.grade] == [
            ("ann", "ann/01.py"), ("bob", "bob/01.py"),
        ]  # fmt: skip
        assert len(store.tasks()) == 2
        assert [student.name for student in store.students()] == ["Ann", "Bob", "Cy"]
        assert [notice.path for notice in store.notices()] == ["x.pdf"]
        assert [(name, read_shape(one).tokens) for name, one in store.shapes("01-double")] == [
            ("ann", 3), ("bob", 3), ("cy", 3),
        ]  # fmt: skip


def test_grades_outlive_the_work_they_were_made_for(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, work("ann"))
        store.save(store.tasks()[0].key, samples.grade())
        fill(store, work("ann", source=b"x = 3"))
        assert len(store.tasks()) == 1
        fill(store, work("ann"))
        assert store.tasks() == []
        store.forget()
        assert len(store.tasks()) == 1


def test_a_fault_is_no_grade_and_is_tried_again(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, work("ann"), work("bob"))
        (task,) = store.tasks()
        store.save_fault(task.key, "the checker has ended")
        assert [(row.grade, row.fault) for row in store.rows()] == [(None, "the checker has ended")] * 2
        assert store.outcome() == ({}, [(name, "01-double", "the checker has ended") for name in ("ann", "bob")])
        assert store.tasks() == [task]
        store.save(task.key, samples.grade(status=Status.REJECTED))
        assert store.outcome() == ({Status.REJECTED: 2}, [])


def test_the_state_changes_with_whatever_is_published(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        states = [store.state()]
        fill(store, work("ann"))
        states.append(store.state())
        key = store.tasks()[0].key
        store.save_fault(key, "died")
        states.append(store.state())
        store.save(key, samples.grade())
        states.append(store.state())
        fill(store, work("ann"), work("bob"))
        states.append(store.state())
        assert len(set(states)) == len(states)
        fill(store, work("ann"), work("bob"))
        assert store.state() == states[-1]


def test_what_was_saved_is_there_after_a_kill(tmp_path: Path) -> None:
    command = command_line(tmp_path, program=SAVER)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as saver:
        assert saver.stdout is not None
        said = [int(saver.stdout.readline()) for _ in range(50)]
        saver.send_signal(signal.SIGKILL)
        said += [int(line) for line in saver.stdout if line.endswith("\n")]
    found = sqlite3.connect(tmp_path / STORE).execute("SELECT key FROM grades").fetchall()
    assert {f"key{number}" for number in said} <= {key for (key,) in found}


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    (tmp_path / STORE).write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(HarnessError, match=STORE), Store(tmp_path):
        pass


def test_another_versions_store_is_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.note("schema", "999")
    with pytest.raises(UsageError, match="another version"), Store(tmp_path):
        pass


def test_a_file_damaged_further_in_is_told_when_its_rows_are_read(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store, *(work(f"s{number}", source=b"#" * 3000 + str(number).encode()) for number in range(50)))
        store._run("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((tmp_path / STORE).read_bytes())
    for page in range(20 * 4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    (tmp_path / STORE).write_bytes(content)

    def read() -> None:
        with Store(tmp_path) as store:
            list(store.shapes("01-double"))
            for task in store.tasks():
                store.submission(task.content)

    with pytest.raises(HarnessError, match=STORE):
        read()


def test_one_more_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """To close a file drops every lock that the process has on it, whoever took it: nothing but SQLite opens it."""
    with Store(tmp_path) as store:
        version = store.version()
        with Store(tmp_path):
            pass
        other = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(*c.execute(sys.argv[2]).fetchone())"

        def elsewhere(statement: str) -> subprocess.CompletedProcess[str]:
            words = [sys.executable, "-c", other, str(tmp_path / "batch.db"), statement]
            return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

        assert "database is locked" in elsewhere("PRAGMA journal_mode = DELETE").stderr
        assert elsewhere("PRAGMA user_version").returncode == 0
        assert store.version() == version
