"""Whatever stands where an output is to go: nobody's file is lost, no device replaced, no link followed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.common.outfile import check_output, is_page, is_result, write_output, write_own
from grader.errors import UsageError
from grader.reports.html import student_page
from grader.reports.json import encode_grade
from tests.conftest import ROOT, grade
from tests.reports import samples

RESULT = encode_grade(samples.typical())
PAGE = student_page(samples.typical(), samples.problem(), None).encode()
SOLUTION = ROOT / "solutions" / "02-conv-bias" / "solution.py"

SOMEBODYS = {
    "code": b"def f(x):\n    return x\n",
    "empty": b"",
    "other-json": b'{"grades": [1, 2, 3]}\n',
    "json-that-names-a-problem": b'{"problem": "02-conv-bias", "schema": 1}\n',
    "other-page": b"<!doctype html><title>torchgrade</title>Made by torchgrade.\n",
    "page-that-quotes-the-mark": b"<pre>" + b"x" * 5000 + b'<meta name="generator" content="torchgrade">',
    "binary": bytes(range(256)) * 100,
    "nested-json": b"[" * 100_000,
}


@pytest.mark.parametrize("content", SOMEBODYS.values(), ids=SOMEBODYS)
@pytest.mark.parametrize("ours", [is_result, is_page], ids=["json", "html"])
def test_somebodys_file_is_refused(content: bytes, ours, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(content)
    with pytest.raises(UsageError, match="exists already") as error:
        write_output(target, b"new", ours)
    assert error.value.hint
    assert target.read_bytes() == content
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("content", "ours"), [(RESULT, is_result), (PAGE, is_page)], ids=["json", "html"])
def test_an_earlier_output_is_replaced_whole(content: bytes, ours, tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_output(target, content, ours)
    write_output(target, content + b"\n", ours)
    assert target.read_bytes() == content + b"\n"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(UsageError, match="exists already"):
        write_output(target, b"", ours, never=[target])
    other = is_page if ours is is_result else is_result
    with pytest.raises(UsageError, match="exists already"):
        write_output(target, b"", other)


def test_links_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.json").write_bytes(RESULT)
    (tmp_path / "link").symlink_to("ours.json")
    (tmp_path / "dangling").symlink_to("nothing")
    (tmp_path / "folder").mkdir()
    for name, says in (("link", "is a link"), ("dangling", "is a link"), ("folder", "is a folder")):
        with pytest.raises(UsageError, match=says):
            write_output(tmp_path / name, b"new", is_result)
    assert (tmp_path / "ours.json").read_bytes() == RESULT
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("name", ["submission.py", "submission.ipynb", "A.PY"])
def test_no_output_takes_the_name_of_an_answer(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="taken for an answer"):
        check_output(tmp_path / name, is_page)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*/no"):
        check_output(tmp_path / "no" / "result.json", is_result)
    with pytest.raises(UsageError, match="No such file"):
        write_own(tmp_path / "no" / "result.json", b"")


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="has no devices")
def test_devices_are_written_to_and_stay_devices() -> None:
    # Root could replace them: the very harm that is shown here not to be done.
    before = os.stat("/dev/null")
    write_output("/dev/null", b"x" * 100_000, is_result)
    assert (os.stat("/dev/null").st_rdev, os.stat("/dev/null").st_ino) == (before.st_rdev, before.st_ino)
    with pytest.raises(UsageError, match="No space left"):
        write_output("/dev/full", b"x", is_result)
    assert Path("/dev/full").is_char_device()


def test_pipes_and_links_to_devices_are_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    check_output(pipe, is_result)
    write_output(pipe, RESULT * 50, is_result)
    reader.join(timeout=30)
    assert got == [RESULT * 50]
    (tmp_path / "sink").symlink_to("/dev/null")
    write_output(tmp_path / "sink", b"x", is_result)
    assert (tmp_path / "sink").is_symlink()


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_redirected_standard_output_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    program = (
        "import os; from grader.common.outfile import *; os.write(1, b'before ');"
        f"write_output({name!r}, b'{{}}', is_result); os.write(1, b' after')"
    )
    with (tmp_path / "out").open("wb") as file:
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=file, timeout=60, check=True)
    assert (tmp_path / "out").read_bytes() == b"before {} after"


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--json", "--html"])
def test_the_command_leaves_the_answer_and_the_course_alone(option: str, course: Path) -> None:
    folder = course / "problems" / "02-conv-bias"
    answer = folder / "submission.py"
    answer.write_bytes(SOLUTION.read_bytes())
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file() and not path.is_symlink()}
    for target in (answer, folder / "submission.ipynb", folder / "problem.yaml", folder / "statement.md"):
        ran = grade("02", option, target, cwd=course)
        assert ran.code == 2, ran.err
        assert str(target) in ran.err
        assert "Traceback" not in ran.err
    assert {path: path.read_bytes() for path in before} == before
    assert not (folder / "submission.ipynb").exists()
