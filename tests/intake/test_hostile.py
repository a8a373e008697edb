"""Submissions made to do harm: each is refused by name, with a reason, and everybody else is graded."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import struct
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake.allowance import MOST_FILES, MOST_NOTICES, HandInBudget
from grader.intake.collect import collect
from grader.intake.content import Mentions, defined_names
from grader.intake.extras import gather_extras
from grader.intake.model import Intake
from grader.intake.notebook_outputs import without_outputs
from grader.intake.tree import Entry

from .conftest import COURSE, Tree, answers, code, reasons, said, write_tree, zipped

LIMIT = 10_000


def entry(name: str, mode: int = 0, **fields: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def archive(*entries: tuple[zipfile.ZipInfo | str, bytes | str]) -> bytes:
    """An archive of the given entries, repeated names and all."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for info, content in entries:
            if isinstance(info, str):
                info = entry(info)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # zipfile's own, of a name that is there twice
                packed.writestr(info, content)
    return file.getvalue()


def encrypted(name: str) -> bytes:
    """An archive whose only entry has the encryption flag, in both headers."""
    content = bytearray(archive((name, "secret")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying(name: str, claim: int) -> bytes:
    """An archive whose only entry unpacks to more than its directory says."""
    content = bytearray(archive((name, b"#" * 5_000_000)))
    content[22:26] = struct.pack("<I", claim)
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", claim)
    return bytes(content)


def misnamed(name: str) -> bytes:
    """An archive whose entry has a name in front of it that is not the UTF-8 it claims to be."""
    return archive((name, code("02"))).replace(name.encode(), b"\xff" * len(name.encode()), 1)


def bomb() -> bytes:
    """Archives in an archive that together unpack to more than is read."""
    return zipped({f"{i}.zip": zipped({"0.py": b"#" * 4_000_000}) for i in range(3)})


# Each is made where it is tried: all of them take longer than the tests that are collected with them.
ARCHIVES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "symlink": (lambda: archive((entry("02.py", stat.S_IFLNK | 0o777), "/etc/passwd")), "02.py", "symbolic link"),
    "device": (lambda: archive((entry("02.py", stat.S_IFCHR | 0o666), "")), "02.py", "a device"),
    "fifo": (lambda: archive((entry("02.py", stat.S_IFIFO | 0o666), "")), "02.py", "a FIFO"),
    "climbs-out": (lambda: archive(("../../bob/02.py", code("02"))), "../../bob/02.py", "climbs out"),
    "climbs-out-backwards": (lambda: archive(("..\\..\\02.py", code("02"))), "../../02.py", "climbs out"),
    "absolute": (lambda: archive(("/etc/cron.d/02.py", code("02"))), "/etc/cron.d/02.py", "absolute"),
    "drive": (lambda: archive(("C:\\02.py", code("02"))), "C:/02.py", "absolute"),
    "twice": (lambda: archive(("02.py", code("02")), ("02.py", code("01"))), "02.py", "twice"),
    "bomb": (lambda: archive(("02.py", b"#" * 50_000_000)), "02.py", "zip bomb"),
    "too-large": (lambda: archive(("02.py", os.urandom(LIMIT + 1))), "02.py", "at most 10.0 kB"),
    "lies-about-its-size": (lambda: lying("02.py", 100), "02.py", "damaged"),
    "misnamed": (lambda: misnamed("é.py"), "é.py", "damaged"),
    "encrypted": (lambda: encrypted("02.py"), "02.py", "encrypted"),
    "odd-method": (lambda: archive((entry("02.py", compress_type=zipfile.ZIP_LZMA), code("02"))), "02.py", "method"),
    "long-name": (lambda: archive(("a" * 300 + ".py", code("02"))), "a" * 300 + ".py", "255"),
    "deep": (lambda: archive(("d/" * 40 + "02.py", code("02"))), "d/" * 40 + "02.py", "30 folders"),
    "archives-in-archives": (bomb, "0.zip/0.py", "zip bomb"),
    "not-an-archive": (lambda: b"PK\x03\x04 and so on", "", "not a zip archive"),
    "too-many": (lambda: b"PK\x01\x02" * 6_000, "", "5,000 files"),
    "cut-short": (lambda: archive(("02.py", os.urandom(3_000)))[:1_000], "", "not a zip archive"),
}


@pytest.mark.parametrize(("content", "name", "reason"), ARCHIVES.values(), ids=ARCHIVES)
def test_archive_is_refused_by_name(tmp_path: Path, content: Callable[[], bytes], name: str, reason: str) -> None:
    tree: Tree = {"mallory.zip": content(), "bob/02.py": code("02")}
    started = time.process_time()
    intake = collect(write_tree(tmp_path / "class", tree), COURSE, max_bytes=LIMIT)
    assert time.process_time() - started < 2
    assert answers(intake) == [("bob", "02", "bob/02.py")]
    path = f"mallory.zip/{name}" if name else "mallory.zip"
    assert (path, "refused") in said(intake)
    assert reason in reasons(intake)[path] or any(
        notice.path == path and reason in notice.reason for notice in intake.notices
    )


@pytest.mark.parametrize(
    "tree",
    [
        {"mallory.zip": archive(("hw", "x"), ("hw/02.py", code("02")))},
        {"mallory/hw": "x", "mallory/hw.zip": zipped({"02.py": code("02")})},
        {"mallory/hw/02.py/x": "x", "mallory/hw.zip": zipped({"02.py": code("02")})},
    ],
    ids=["in an archive", "beside an archive", "the answer's own name"],
)
def test_a_file_may_have_the_name_of_the_answers_folder(tree: Tree, gather: Callable[[Tree], Intake]) -> None:
    intake = gather({**tree, "bob/02.py": code("02")})
    assert [(student, problem) for student, problem, _ in answers(intake)] == [("bob", "02"), ("mallory", "02")]


@pytest.mark.parametrize(
    ("nesting", "found"),
    [(1, True), (2, True), (3, False)],
    ids=["archive", "archive-in-archive", "archive-in-archive-in-archive"],
)
def test_archives_are_opened_one_level_inside_another(tmp_path: Path, nesting: int, found: bool) -> None:
    content: Tree = {"02.py": code("02")}
    for _ in range(nesting - 1):
        content = {"hw.zip": zipped(content)}
    intake = collect(write_tree(tmp_path / "class", {"ann.zip": zipped(content), "bob/02.py": code("02")}), COURSE)
    assert [student for student, _, _ in answers(intake)] == ["ann", "bob"] if found else ["bob"]
    assert any("archive in an archive in an archive" in n.reason for n in intake.notices) != found


def test_many_small_entries_cannot_fill_memory(tmp_path: Path) -> None:
    packed = zipped({f"{i}.py": b"#" * LIMIT for i in range(100)})
    intake = collect(write_tree(tmp_path / "class", {"m.zip": packed, "b.zip": packed}), COURSE, max_bytes=LIMIT)
    refused = [notice for notice in intake.notices if "may unpack to in all" in notice.reason]
    assert len(refused) == 2 * (100 - 64)


def tiny(count: int, content: bytes = b"", suffix: str = "") -> bytes:
    return archive(*((f"{i:x}{suffix}", content) for i in range(count)))


FLOODS: dict[str, Callable[[], Tree]] = {
    "archives-of-many-files": lambda: {
        "m.zip": zipped({"02.py": code("02"), **{f"{i}.zip": tiny(4_900) for i in range(4)}})
    },
    "archives-in-a-folder": lambda: {"m/02.py": code("02"), **{f"m/{i}.zip": tiny(4_000) for i in range(6)}},
    "names-that-climb-out": lambda: {"m.zip": archive(("02.py", code("02")), *((f"../{i}", "") for i in range(4_000)))},
    "names-that-stand-twice": lambda: {
        "m.zip": archive(("02.py", code("02")), *((f"{i % 1_500}", "") for i in range(4_500)))
    },
    "empty-code-files": lambda: {"m.zip": archive(("02.py", code("02")), *((f"{i}.py", "") for i in range(4_000)))},
    "damaged-archives": lambda: {"m.zip": archive(("02.py", code("02")), *((f"{i}.zip", "PK") for i in range(3_000)))},
    "files-in-folders": lambda: {"m/02.py": code("02"), **{f"m/d{i % 97}/{i}.dat": "" for i in range(11_000)}},
}


@pytest.mark.slow
@pytest.mark.parametrize("tree", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_files_costs_a_few_notices_and_nobodys_grade(tree: Callable[[], Tree], tmp_path: Path) -> None:
    root = write_tree(tmp_path / "class", {**tree(), "bob/02.py": code("02"), "eve/01.py": code("01")})
    tracemalloc.start()
    try:
        intake = collect(root, COURSE)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert {(student, number) for student, number, _ in answers(intake)} == {("bob", "02"), ("eve", "01"), ("m", "02")}
    assert len(intake.notices) <= MOST_NOTICES + 5
    assert any("more" in notice.reason for notice in intake.notices), "what was left out is told"


@pytest.mark.slow
def test_the_files_beyond_the_budget_are_counted(tmp_path: Path) -> None:
    tree = {f"m/{i:05}.txt": "" for i in range(MOST_FILES + 10)}
    tree |= {"m/zz/02.py": code("02"), "bob/02.py": code("02")}
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert ("m", "02", "m/zz/02.py") in answers(intake), "code is looked at first"
    assert any("and 10 other files are not looked at: more than 10,000" in notice.reason for notice in intake.notices)


def test_archives_share_what_they_may_unpack_to(tmp_path: Path) -> None:
    packed = zipped({f"{i}.bin": bytes(range(256)) * (LIMIT // 256) for i in range(60)})
    archives = {f"m/{i}.zip": packed for i in range(6)}
    names = " ".join(f"{i}.bin" for i in range(60))
    tree: Tree = {**archives, "m/02.py": code("02") + f"# {names}\n", "bob/02.py": code("02")}
    intake = collect(write_tree(tmp_path / "class", tree), COURSE, max_bytes=LIMIT)
    assert ("m", "02", "m/02.py") in answers(intake)


@pytest.mark.slow
def test_many_sources_share_what_is_searched(tmp_path: Path) -> None:
    """Seven answers that each name helpers which name helpers, among thousands of files."""
    helper = "".join(f"import h{i}\n" for i in range(32)) + "#" * 900_000
    tree = {f"m/{n}.py": code(n) + helper for n in ("01", "02", "03")}
    tree |= {f"m/h{i}.py": helper for i in range(32)} | {f"m/{i}.txt": "" for i in range(4_000)}
    started = time.process_time()
    intake = collect(write_tree(tmp_path / "class", {**tree, "bob/02.py": code("02")}), COURSE)
    assert time.process_time() - started < 20
    assert ("bob", "02", "bob/02.py") in answers(intake)


@pytest.mark.slow
def test_notebooks_are_kept_without_what_they_showed(tmp_path: Path) -> None:
    """One slim copy of each: of many large notebooks only one is in memory as it was."""
    shown = json.dumps({"cells": [{"cell_type": "code", "source": code("02"), "outputs": [{"text": "x" * 8_000_000}]}]})
    tree: Tree = {f"m/{i}.ipynb": shown for i in range(10)}
    root = write_tree(tmp_path / "class", tree)
    tracemalloc.start()
    try:
        intake = collect(root, COURSE)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(shown)
    finally:
        tracemalloc.stop()
    (work,) = intake.work
    assert len(work.submission.main.content) < 1_000
    assert work.submission.sha256 == hashlib.sha256(shown.encode()).hexdigest(), "it is known by the file as handed in"


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_link_to_folder(path: Path) -> None:
    path.symlink_to("/etc", target_is_directory=True)


def make_socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


SPECIAL = {
    "link": (make_link, "a symbolic link"),
    "link-to-a-folder": (make_link_to_folder, "a symbolic link"),
    "dangling-link": (lambda path: path.symlink_to("nowhere"), "a symbolic link"),
    "fifo": (os.mkfifo, "a FIFO"),
    "socket": (make_socket, "a socket"),
}


@pytest.mark.parametrize("where", ["mallory/02.py", "mallory_02.py", "mallory"])
@pytest.mark.parametrize(("make", "words"), SPECIAL.values(), ids=SPECIAL)
def test_special_file_is_refused_by_name(tmp_path: Path, make: Callable[[Path], None], words: str, where: str) -> None:
    root = write_tree(tmp_path / "class", {"bob/02.py": code("02")})
    (root / where).parent.mkdir(exist_ok=True)
    make(root / where)
    intake = collect(root, COURSE)
    assert answers(intake) == [("bob", "02", "bob/02.py")]
    assert reasons(intake)[where] == f"is {words}, not a regular file"


@pytest.mark.parametrize("around", ["", "submissions/"])
def test_refusals_name_their_student_once_for_each_reason(tmp_path: Path, around: str) -> None:
    deep = zipped({f"{'d/' * 40}{number}.py": "" for number in range(50)})
    tree: Tree = {f"{around}bob/02.py": code("02"), f"{around}eve/01.py": code("01"), f"{around}eve/deep.zip": deep}
    root = write_tree(tmp_path / "class", tree)
    for name in ("a.py", "b.py", "c.py"):
        make_link(root / around / "eve" / name)
    os.mkfifo(root / around / "eve" / "d.py")
    told = [(n.path, n.reason) for n in collect(root, COURSE).notices if n.student == "eve" and n.kind == "refused"]
    assert [path for path, _ in told[:2]] == [f"{around}eve/a.py", f"{around}eve/d.py"]
    assert told[0][1] == "is a symbolic link, not a regular file; 2 more files of the same hand-in alike"
    assert told[1][1] == "is a FIFO, not a regular file"
    assert len(told) == 4, "two for the archive: what is refused, and how much more of it"


def test_a_helper_cannot_be_a_link(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "class", {"ann/02.py": "import secret\n" + code("02"), "bob/": ""})
    (root / "ann" / "secret.py").symlink_to("/etc/passwd")
    intake = collect(root, COURSE)
    assert intake.work[0].submission.extra == ()
    assert ("ann/secret.py", "refused") in said(intake)


def test_refusals_are_told_wherever_the_class_lies(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "class", {"submissions/ann/02.py": code("02"), "submissions/bob/01.py": code("01")})
    (root / "submissions" / "eve").symlink_to("/etc")
    (root / "notes").symlink_to("/etc/passwd")
    intake = collect(root, COURSE)
    assert [student.id for student in intake.students] == ["ann", "bob"]
    assert said(intake) == [("notes", "refused"), ("submissions/eve", "refused")]


def test_the_instructors_own_path_may_be_a_link(tmp_path: Path) -> None:
    write_tree(tmp_path / "class", {"ann/02.py": code("02"), "bob/": ""})
    (tmp_path / "class.zip").write_bytes(zipped({"ann/02.py": code("02"), "bob/01.py": code("01")}))
    for name in ("class", "class.zip"):
        (tmp_path / f"link-{name}").symlink_to(name)
        assert ("ann", "02", "ann/02.py") in answers(collect(tmp_path / f"link-{name}", COURSE))


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "class", {"ann/02.py": code("02")})
    (root / "ann" / "loop").symlink_to(root)
    assert len(collect(root, COURSE).work) == 1


def test_large_files_are_listed_and_not_read(tmp_path: Path, gather: Callable[[Tree], Intake]) -> None:
    intake = gather(
        {"ann/02.py": os.urandom(1_000_001), "ann/01.py": code("01"), "ann/data.bin": os.urandom(1_000_001)}
    )
    assert [number for _, number, _ in answers(intake)] == ["01"]
    assert [path for path, kind in said(intake) if kind == "refused"] == ["ann/02.py", "ann/data.bin"]
    assert reasons(intake)["ann/02.py"] == "has 1.0 MB; at most 1.0 MB are read"


def test_more_code_files_than_anyone_writes(tmp_path: Path) -> None:
    tree = {f"m/{i:03}.py": "x = 1" for i in range(10, 400)}
    intake = collect(write_tree(tmp_path / "class", {**tree, "bob/02.py": code("02")}), COURSE)
    assert ("bob", "02", "bob/02.py") in answers(intake)
    assert any("more than 200 of one student" in notice.reason for notice in intake.notices)


NAMES = {
    "control": ("a\x1b[2Jb\n", "a\ufffd[2Jb"),
    "bidi": ("a\u202egnp", "a\ufffdgnp"),
    "composed": ("Zoe\u0308", "Zoë"),
    "joiner": ("نرگس\u200cپور", "نرگس\u200cپور"),
    "spaces": ("Jane\u00a0Doe", "Jane Doe"),
    "formula": ("=1+1", "=1+1"),
    "markup": ("<img src=x>", "<img src=x>"),
    "other-digits": ("٢علي", "٢علي"),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_names_are_made_printable(name: str, shown: str, gather: Callable[[Tree], Intake]) -> None:
    intake = gather({f"{name}/02.py": code("02"), "bob/02.py": code("02")})
    assert shown in [student.name.strip() for student in intake.students]
    for student in intake.students:
        student.name.encode("utf-8")


def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "class", {"bob/02.py": code("02")})
    folder = os.fsencode(root) + b"/J\xfcrgen"
    os.mkdir(folder)
    with open(folder + b"/02.py", "w") as file:
        file.write(code("02"))
    assert [student.id for student in collect(root, COURSE).students] == ["bob", "J\\xfcrgen"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [("Jürgen".encode(), "Jürgen"), ("Jürgen".encode("cp437"), "Jürgen"), ("陈".encode(), "陈")],
    ids=["utf-8-unflagged", "dos", "chinese"],
)
def test_archive_names_without_the_flag(tmp_path: Path, raw: bytes, name: str) -> None:
    # zipfile flags every name that is not ASCII, so the bytes are put in afterwards.
    placeholder = "x" * len(raw)
    content = zipped({f"{placeholder}/02.py": code("02"), "bob/02.py": code("02")})
    (tmp_path / "class.zip").write_bytes(content.replace(placeholder.encode(), raw))
    assert name in [student.id for student in collect(tmp_path / "class.zip", COURSE).students]


@pytest.mark.parametrize(
    "content",
    [
        b"x=" + b"-" * 999_000 + b"1",
        b"(" * 999_000,
        b"def " * 249_000,
        b"\n" * 999_000,
        b'"' * 999_000,
        b"a" * 999_000,
    ],
    ids=["minus", "brackets", "def", "lines", "quotes", "word"],
)
@pytest.mark.parametrize("name", ["02.py", "02.ipynb"])
def test_searching_takes_linear_time(name: str, content: bytes) -> None:
    # Of the processor, on which others may be at work: a search that is not linear would take hours.
    started = time.process_time()
    defined_names(name, content)
    Mentions(name, content).include(("helper.py",))
    assert time.process_time() - started < 1


@pytest.mark.slow
@pytest.mark.parametrize("unit", [b'"a=', b'"def a b', b'"from a', b'"import ' + b"a " * 249, b'"text":"a",'])
def test_a_notebook_of_nothing_but_one_thing_takes_no_memory(unit: bytes) -> None:
    """Each of its few bytes would otherwise cost dozens, in the process that reads the whole class."""
    content = b"{" + unit * (8_000_000 // len(unit))
    tracemalloc.start()
    try:
        defined_names("02.ipynb", without_outputs("02.ipynb", content))
        Mentions("02.ipynb", content).include(("helper.py",))
        assert tracemalloc.get_traced_memory()[1] < 4 * len(content)
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_large_source_among_many_files_is_searched_for_some_of_them(tmp_path: Path) -> None:
    """The time that a search takes is the size of the source times the number of files beside it."""
    asked: list[int] = []

    def read(limit: int) -> bytes:
        asked.append(limit)
        return b"x"

    names = [f"{i}.csv" for i in range(100_000)]
    nearby: dict[tuple[str, ...], Entry] = {(name,): Entry((name,), name, 1, read) for name in names}
    started = time.process_time()
    budget = HandInBudget.of_a_student(LIMIT)
    gather_extras("02.ipynb", b"{" + b"#" * 20_000_000 + b"0.csv", nearby, LIMIT, budget)
    assert len(asked) == 1
    assert time.process_time() - started < 10


def metadata(output: str) -> str:
    return f"submission_1:\n  :submitters:\n  - :name: Ann\n    :sid: '1'\n  :results:\n    output: |\n{output}"


def test_metadata_of_gradescope_may_be_huge(tmp_path: Path) -> None:
    text = metadata("".join(f"        line {i}: {{[&a *a !!python/object:os.system\n" for i in range(200_000)))
    write_tree(tmp_path / "class", {"submission_metadata.yml": text, "submission_1/02.py": code("02")})
    started = time.process_time()
    intake = collect(tmp_path / "class", COURSE)
    assert time.process_time() - started < 3
    assert answers(intake) == [("1", "02", "submission_1/02.py")]


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x0b", "\x1c", "\r", "\n        "])
def test_metadata_of_gradescope_cannot_be_forged_by_printing(tmp_path: Path, end: str) -> None:
    forged = ["", "submission_1:", "  :submitters:", "  - :name: Bob", "    :sid: 'bob'", ""]
    text = metadata("        " + end.join(forged) + "\n")
    write_tree(tmp_path / "class", {"submission_metadata.yml": text, "submission_1/02.py": code("02")})
    assert [student.id for student in collect(tmp_path / "class", COURSE).students] == ["1"]


WRONG_SOURCES = {
    "missing": ("clas", "there is no"),
    "a-file": ("class/ann_02.py", "neither a folder nor a .zip"),
    "tar": ("x.tar.gz", "is a .gz archive"),
    "no-zip": ("x.zip", "not a zip archive"),
}


@pytest.mark.parametrize(("name", "words"), WRONG_SOURCES.values(), ids=WRONG_SOURCES)
def test_wrong_source_is_wrong_usage(tmp_path: Path, name: str, words: str) -> None:
    write_tree(tmp_path, {"class/ann_02.py": code("02"), "x.tar.gz": "x", "x.zip": "x"})
    with pytest.raises(UsageError, match=words) as error:
        collect(tmp_path / name, COURSE)
    assert name != "clas" or (error.value.hint or "").endswith("/class?")
