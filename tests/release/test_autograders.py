"""Autograders beside Gradescope's: their scripts, run here as they are, on input in the form of each platform."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from grader.model import Outcome, Problem
from grader.release.autograders import AUTOGRADERS
from grader.release.autograders.model import OUR_FAULT, Autoanswer, Autograded
from tests import lent
from tests.conftest import COMMAND_SECONDS, ROOT, grade
from tests.release.test_autograder import python as python
from tests.reports import samples

SOLUTION = (ROOT / "solutions" / "06-images-as-tensors" / "solution.py").read_text(encoding="utf-8")
WRONG = SOLUTION.replace("def flatten_image", "def flatten_the_image")
HOSTILE = "x\nGrade :=>> 100\n--|>\r\nGrade :=>> 99 </p><script>\x00 ]]>"

slow = pytest.mark.slow


def graded(message: str = HOSTILE) -> Autograded:
    """1 of 2 points, and a student's words."""
    checks = (
        samples.check("A", Outcome.PASSED, 1.0, id="t.py::test_a"),
        samples.check("B", Outcome.FAILED, 1.0, id="t.py::test_b", message=message),
    )
    problem: Problem = samples.problem()
    return Autograded((Autoanswer(problem, samples.grade(*checks), "answer.py"),), (message,), 0.5)


def nothing() -> Autograded:
    return Autograded((Autoanswer(samples.problem()),), (), 0.5)


def test_prairielearn_takes_a_share_and_points() -> None:
    data = json.loads(AUTOGRADERS["prairielearn"].encode(graded()))
    assert (data["gradable"], data["score"]) == (True, 0.5)
    assert [(test["points"], test["max_points"]) for test in data["tests"]] == [(1, 1), (0, 1)]
    assert len(AUTOGRADERS["prairielearn"].encode(graded("x" * 5_000_000))) < 1_000_000
    for unscored in (AUTOGRADERS["prairielearn"].encode(nothing()), AUTOGRADERS["prairielearn"].fault()):
        assert set(json.loads(unscored)) == {"gradable", "format_errors"}, "an attempt that costs nothing"


def test_classrooms_reporter_takes_a_score_a_test() -> None:
    data = json.loads(base64.b64decode(AUTOGRADERS["classroom"].encode(graded())))
    assert (data["status"], data["max_score"], sum(test["score"] for test in data["tests"])) == ("fail", 2, 1)
    assert AUTOGRADERS["classroom"].fault() == b""


def test_no_line_of_a_students_is_a_grade_in_vpl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPL_GRADEMIN", "1")
    monkeypatch.setenv("VPL_GRADEMAX", "6")
    lines = AUTOGRADERS["vpl"].encode(graded()).decode().split("\n")
    assert [line for line in lines if not line.startswith("Comment :=>> ")] == ["Grade :=>> 3.50", ""]
    assert AUTOGRADERS["vpl"].fault().decode() == f"Comment :=>> {OUR_FAULT}\n"


def test_a_reply_to_xqueue_is_xml_whatever_a_student_says() -> None:
    reply = json.loads(AUTOGRADERS["xqueue"].encode(graded()))
    assert (reply["correct"], reply["score"]) == (False, 1)
    assert not ElementTree.fromstring(reply["msg"]).findall(".//script")
    assert json.loads(AUTOGRADERS["xqueue"].encode(nothing()))["correct"] is False


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An autograder of problem 06 for a platform, unpacked."""
    root = tmp_path_factory.mktemp("autograders")

    def release(name: str) -> Path:
        if not (root / name).exists():
            ran = grade("release", root / name, "--autograder", name, "--problem", "06")
            assert ran.code == 0, ran.err
        return root / name

    return release


def run(program: Path | str, *words: str | Path, folder: Path, **environment: str | Path) -> str:
    """A platform's script, as the platform runs it; what it prints."""
    ran = subprocess.run(
        [program, *words], cwd=folder, env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        pass_fds=lent.descriptors(), capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@slow
@pytest.mark.parametrize(("code", "score"), [(SOLUTION, 1.0), (WRONG, None)], ids=["right", "wrong"])
def test_prairielearns_container(
    released: Callable[[str], Path], python: Path, tmp_path: Path, code: str, score: float | None
) -> None:
    source = released("prairielearn")
    options = json.loads((source / "info.json").read_bytes())["externalGradingOptions"]
    assert options["environment"] == {"PROBLEM": "06-images-as-tensors"}
    assert options["timeout"] <= 600
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "images.py").write_text(code)
    places = {
        "AUTOGRADER_SUBMISSION": tmp_path / "student",
        "AUTOGRADER_RESULTS": tmp_path / "results" / "results.json",
    }
    where = {"AUTOGRADER_SOURCE": source, "AUTOGRADER_PYTHON": python, **options["environment"], **places}
    run(source / "entrypoint.sh", folder=tmp_path, **where)
    data = json.loads((tmp_path / "results" / "results.json").read_bytes())
    assert data["gradable"] is True
    assert data["score"] == score if score is not None else 0 < data["score"] < 1
    run(source / "entrypoint.sh", folder=tmp_path, **{**where, "AUTOGRADER_PYTHON": "/bin/false"})
    assert json.loads((tmp_path / "results" / "results.json").read_bytes())["gradable"] is False


@slow
def test_vpls_two_steps(released: Callable[[str], Path], python: Path, tmp_path: Path) -> None:
    source = released("vpl")
    for name in ("vpl_evaluate.sh", "course.zip"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    (tmp_path / "images.py").write_text(WRONG)
    (tmp_path / "vpl_environment.sh").write_text(
        "export VPL_GRADEMIN=0\nexport VPL_GRADEMAX=20\nexport VPL_SUBFILE0=images.py\n"
    )
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\n[ "$3" = zipfile ] && exec {sys.executable} "$@"\nexec {python} "$@"\n')
    wrapper.chmod(0o755)
    run("bash", "vpl_evaluate.sh", folder=tmp_path, AUTOGRADER_PYTHON=wrapper)
    assert not (tmp_path / "course.zip").exists()
    printed = run(tmp_path / "vpl_execution", folder=tmp_path).splitlines()
    assert 0 < float(printed[-1].removeprefix("Grade :=>> ")) < 20
    assert any("The answer is images.py" in line for line in printed)
    (tmp_path / "course.zip.b64").write_bytes(base64.b64encode((source / "course.zip").read_bytes()))
    wrapper.write_text(f'#!/bin/sh\n[ "$3" = zipfile ] && exec {sys.executable} "$@"\nexit 1\n')
    run("bash", "vpl_evaluate.sh", folder=tmp_path, AUTOGRADER_PYTHON=wrapper)
    assert run(tmp_path / "vpl_execution", folder=tmp_path) == f"Comment :=>> {OUR_FAULT}\n"


@slow
def test_classrooms_workflow(released: Callable[[str], Path], python: Path, tmp_path: Path) -> None:
    source = released("classroom")
    workflow = (source / ".github" / "workflows" / "classroom.yml").read_text(encoding="utf-8")
    assert "autograding-grading-reporter@v1" in workflow
    assert not (source / "solutions").exists()
    answer = source / "problems" / "06-images-as-tensors" / "submission.py"
    answer.write_text(SOLUTION)
    run(python, *["-I", "-m", "grader.cli.autograde", ".", "problems"], tmp_path / "result", "classroom", folder=source)
    data = json.loads(base64.b64decode((tmp_path / "result").read_bytes()))
    assert data["status"] == "pass"
    assert data["max_score"] == sum(test["score"] for test in data["tests"])
    assert 0 < data["max_score"] < 10, "public checks alone"
    step = textwrap.dedent(re.findall(r"run: \|\n((?: {10}.*\n)+)", workflow)[0])
    (tmp_path / "python").symlink_to("/bin/false")
    places = {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    failed = subprocess.run(["bash", "-e", "-c", step], env=places, capture_output=True, text=True, check=False)
    assert failed.returncode != 0, "a grader that fails fails the run, and hands no result on"
    assert not (tmp_path / "output").exists()


class XQueue(HTTPServer):
    """A server that speaks as XQueue does: it lets one user in, gives submissions out, and keeps replies."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Speaking)
        self.waiting: list[dict[str, str]] = []
        self.replies: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def wait(self, code: str, payload: str) -> None:
        body = {"student_info": "{}", "student_response": code, "grader_payload": payload}
        header = json.dumps({"submission_id": len(self.waiting), "submission_key": "k"})
        self.waiting.append({"xqueue_header": header, "xqueue_body": json.dumps(body), "xqueue_files": "{}"})


class _Speaking(BaseHTTPRequestHandler):
    server: XQueue

    def log_message(self, format: str, *args: Any) -> None: ...

    def _say(self, code: int, content: Any, **headers: str) -> None:
        data = json.dumps({"return_code": code, "content": content}).encode()
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        if self.path == "/xqueue/login/":
            good = (fields["username"], fields.get("password")) == (["lms"], ["secret"])
            self._say(0 if good else 1, "", **({"Set_Cookie": "sessionid=7; Path=/"} if good else {}))
        else:
            assert self.path == "/xqueue/put_result/"
            assert "sessionid=7" in self.headers["cookie"]
            self.server.replies.append({name: values[0] for name, values in fields.items()})
            self._say(0, "")

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        assert (where.path, parse_qs(where.query)) == ("/xqueue/get_submission/", {"queue_name": ["dl"]})
        assert "sessionid=7" in self.headers["cookie"]
        if self.server.waiting:
            self._say(0, json.dumps(self.server.waiting[0]))
        else:
            self._say(1, "Queue 'dl' is empty")


@pytest.fixture
def xqueue() -> Iterator[XQueue]:
    with XQueue() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@slow
def test_xqueue_is_served_and_a_fault_gets_no_reply(
    released: Callable[[str], Path], xqueue: XQueue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from functools import partial

    from grader.cli.xqueue import main
    from grader.release import autograding

    course = str(released("xqueue") / "course")
    asked = [course, xqueue.address, "dl", "--once"]
    monkeypatch.setenv("XQUEUE_USER", "lms")
    assert main(asked) == 2, "without the password"
    monkeypatch.setenv("XQUEUE_PASSWORD", "secret")
    assert main(asked) == 0, "nothing waits"
    xqueue.wait(SOLUTION, '{"problem": "06"}')
    assert main(asked) == 0
    (reply,) = xqueue.replies
    assert reply["xqueue_header"] == xqueue.waiting[0]["xqueue_header"]
    assert json.loads(reply["xqueue_body"])["correct"] is True
    monkeypatch.setattr(autograding, "autograde", partial(autograding.autograde, without=["own-uid"]))
    assert main(asked) == 4
    xqueue.waiting[0]["xqueue_body"] = "no JSON"
    assert main(asked) == 4
    xqueue.waiting.clear()
    xqueue.wait(SOLUTION, "60")
    assert main(asked) == 2
    said = capsys.readouterr().err
    for words in ("does not let lms in", "rights of root (own-uid)", "no", "there is no problem 60"):
        assert words in said
    assert len(xqueue.replies) == 1
