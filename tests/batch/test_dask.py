"""A batch on a real Dask cluster: a scheduler and workers of their own, over TCP."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import dask.config
import distributed
import msgspec
import pytest
import torch

import grader
from grader.batch.executors.dask import DaskExecutor
from grader.batch.model import Task
from grader.batch.parcel import pack, unpack
from grader.errors import HarnessError
from grader.model import Problem, Submission
from grader.problem.course import open_course
from tests import lent
from tests.batch.classroom import write_class
from tests.batch.conftest import CLASS, RIGHT, batch, hand_in, percents, results, table, timeless
from tests.conftest import COMMAND_SECONDS, ROOT, Ran, command_line

pytestmark = pytest.mark.slow

_SECONDS = 60.0
_ENDING_SECONDS = 10.0
_DASK = [sys.executable, "-m", "dask"]


class Cluster:
    """A scheduler, and workers that come and go."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None, protocol: str = "tcp") -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        place = folder / "scheduler.json"
        self._start(
            "scheduler", "--protocol", protocol, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(place), environment=environment,
        )  # fmt: skip
        wait_for(place.exists)
        self.address: str = json.loads(place.read_text(encoding="utf-8"))["address"]
        self.client = distributed.Client(self.address, set_as_default=False)

    def worker(
        self, *before: str, environment: dict[str, str] | None = None, nanny: bool = False, borrows: bool = False
    ) -> subprocess.Popen[bytes]:
        """One worker of one thread, which a nanny starts again; `before` goes in front of its command.

        For each batch it starts a stem of its own, unless it `borrows` the one of the tests.
        """
        there = len(self.client.nthreads())
        folder = self._folder / f"worker{len(self._processes)}"
        started = self._start(
            "worker", self.address, "--nthreads", "1", "--nanny" if nanny else "--no-nanny", "--no-dashboard",
            "--local-directory", str(folder), *(["--preload", lent.borrowing("")] if borrows else []),
            before=before, environment=environment, inherited=lent.descriptors() if borrows else (),
        )  # fmt: skip
        wait_for(lambda: len(self.client.nthreads()) > there)
        return started

    @contextlib.contextmanager
    def another(self, *before: str, **environment: str) -> Iterator[None]:
        """One worker more, for a while."""
        worker = self.worker(*before, environment=environment)
        try:
            yield
        finally:
            self.end(worker)

    def end(self, *processes: subprocess.Popen[bytes]) -> None:
        if not processes:
            self.client.close()
        # The scheduler, which was started first, last: a worker that loses it while it ends may wait for it.
        for process in processes or reversed(self._processes):
            process.terminate()
            try:
                process.wait(_ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if processes:
            left = len(self._processes) - 1 - sum(process.poll() is not None for process in self._processes[1:])
            wait_for(lambda: len(self.client.nthreads()) == left)

    def _start(
        self,
        *command: str,
        before: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        inherited: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{len(self._processes)}.log").open("wb")
        # Elsewhere, for `-m` looks for modules where it is started.
        process = subprocess.Popen(
            [*before, *_DASK, *command],
            stdout=log, stderr=log, cwd=self._folder, env={**os.environ, **(environment or {})}, pass_fds=inherited,
        )  # fmt: skip
        self._processes.append(process)
        return process


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, to be left as they are found."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    for _ in range(2):
        made.worker(borrows=True)
    yield made
    made.end()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without workers yet."""
    made = Cluster(tmp_path)
    yield made
    made.end()


def on(cluster: Cluster, course: Path, work: Path, out: Path, *more: str) -> Ran:
    return batch(course, work, out, "--dask", cluster.address, *more)


def same_grades(one: Path, other: Path) -> bool:
    return timeless((one / "results.jsonl").read_text()) == timeless((other / "results.jsonl").read_text())


def test_grades_are_those_of_this_machine(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    write_class(work, 60 if lent.WHOLE else 30)
    hand_in(work, CLASS)
    here = batch(small, work, tmp_path / "here", "--jobs", "2")
    there = on(cluster, small, work, tmp_path / "there")
    assert (here.code, there.code) == (0, 0), there.err
    assert "by 2 workers" in there.err
    assert same_grades(tmp_path / "here", tmp_path / "there")
    assert table(tmp_path / "here" / "scores.csv") == table(tmp_path / "there" / "scores.csv")
    again = on(cluster, small, work, tmp_path / "there")
    assert "Nothing to do" in again.out
    # Nothing of it is left there.
    gone = cluster.client.run(lambda dask_worker: [name for name in dask_worker.plugins if "torchgrade" in name])
    assert set(map(tuple, gone.values())) == {()}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate, and is not here")
def test_links_are_encrypted_where_the_cluster_has_tls(small: Path, tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=cluster", "-days", "2"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    files = {"ca-file": certificate}
    for part in ("scheduler", "worker", "client"):
        files |= {f"{part}.cert": certificate, f"{part}.key": key}
    settings = {f"distributed.comm.tls.{name}": str(path) for name, path in files.items()}
    environment = {f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": path for name, path in settings.items()}
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT})
    with dask.config.set(settings):
        cluster = Cluster(tmp_path, environment, "tls")
        try:
            cluster.worker(environment=environment, borrows=True)
            command = command_line("batch", work, "--out", tmp_path / "out", "--dask", cluster.address)
            encrypted = subprocess.run(
                command, cwd=small, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
                timeout=COMMAND_SECONDS,
            )  # fmt: skip
            without = on(cluster, small, work, tmp_path / "without")
            unreadable = {**os.environ, **environment, "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": str(work)}
            other = subprocess.run(command, cwd=small, env=unreadable, capture_output=True, text=True, check=False)
        finally:
            cluster.end()
    assert cluster.address.startswith("tls://")
    assert (encrypted.returncode, percents(tmp_path / "out")) == (0, {("ann", "01-double"): 100.0}), encrypted.stderr
    assert (without.code, other.returncode) == (2, 2)
    assert "none is configured here" in without.err
    assert "CLIENT__CERT" in without.err
    assert "cannot be used" in other.stderr
    assert "Traceback" not in without.err + other.stderr


_DRAWS_NOTHING = """
from grader.batch import contained, drawing
def nothing(self, encoded):
    raise contained.ItemFailed("nothing is drawn here")
drawing.PageDrawing.page = nothing
from grader.cli import main
main()
"""


def test_pages_are_drawn_by_workers(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"s{n}/01.py": f"{RIGHT}# {n}\n" for n in range(6)}
    # One task for both; a worker draws the page of the first, and what draws here, where nothing is drawn, the second.
    work = hand_in(tmp_path / "work", files | {"twin/01.py": files["s0/01.py"]})
    out = tmp_path / "out"
    command = command_line("batch", work, "--out", out, "--dask", cluster.address, program=_DRAWS_NOTHING)
    done = subprocess.run(command, cwd=small, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert [row[2] for row in table(out / "notices.csv") if row[1] == "page"] == ["twin"]
    assert batch(small, work, tmp_path / "here").code == 0
    for n in range(6):
        page = f"pages/s{n}/01-double.html"
        assert timeless((out / page).read_text()) == timeless((tmp_path / "here" / page).read_text())


def test_the_course_of_one_batch_is_not_that_of_the_next(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    work = hand_in(tmp_path / "work", {"ann/01.py": RIGHT})
    assert on(cluster, small, work, tmp_path / "out").code == 0
    checks = small / "problems/01-double/checks/test_double.py"
    checks.write_text(checks.read_text(encoding="utf-8").replace(", 6)", ", 7)"), encoding="utf-8")
    assert on(cluster, small, work, tmp_path / "out").code == 0
    assert percents(tmp_path / "out")["ann", "01-double"] < 100


def test_a_lost_worker_costs_only_time(own: Cluster, small: Path, tmp_path: Path) -> None:
    first, second = own.worker(borrows=True), own.worker(borrows=True)
    slow = f"import time\ntime.sleep(0.3)\n{RIGHT}"
    work = hand_in(tmp_path / "work", {f"s{n:02}/01.py": f"{slow}# {n}\n" for n in range(30)})
    command = [sys.executable, "-m", "grader", "batch", str(work), "--problem", "01", "--out", str(tmp_path / "out")]
    running = subprocess.Popen([*command, "--dask", own.address], cwd=small, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    for line in running.stderr:
        if " of 30" in line:
            break
    os.kill(second.pid, signal.SIGKILL)
    said = running.stderr.read()
    assert running.wait(2 * _SECONDS) == 0, said
    assert set(percents(tmp_path / "out").values()) == {100.0}
    assert len(results(tmp_path / "out")) == 30
    assert first.poll() is None


@pytest.mark.whole
def test_without_a_worker_left_what_is_graded_is_kept(own: Cluster, small: Path, tmp_path: Path) -> None:
    worker = own.worker()
    work = hand_in(tmp_path / "work", {f"s{n:02}/01.py": f"{RIGHT}# {n}\n" for n in range(4)})
    assert on(own, small, work, tmp_path / "out").code == 0
    own.end(worker)
    hand_in(work, {"zoe/01.py": f"{RIGHT}# zoe\n"})
    ran = on(own, small, work, tmp_path / "out")
    assert ran.code == 2
    assert "has no workers" in ran.err
    assert f"dask worker {own.address}" in ran.err
    own.worker()
    assert "Graded 1 submission" in on(own, small, work, tmp_path / "out").out


def test_a_submission_that_takes_every_checker_down_is_our_fault(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    path = small / "problems/01-double/checks/test_double.py"
    dies = "\n    import os\n    if submission.double(3) == 'die':\n        os._exit(9)\n"
    head = '"""Three becomes six."""'
    path.write_text(path.read_text(encoding="utf-8").replace(head, head + dies), encoding="utf-8")
    files: dict[str, str | bytes] = {f"s{n}/01.py": f"{RIGHT}# {n}\n" for n in range(6)}
    work = hand_in(tmp_path / "work", files | {"odd/01.py": "def double(x):\n    return 'die'\n"})
    ran = on(cluster, small, work, tmp_path / "out")
    assert ran.code == 0, ran.err
    assert percents(tmp_path / "out") == {(f"s{n}", "01-double"): 100.0 for n in range(6)}
    assert "1 answer not graded, through the grader's own fault" in ran.out


_KILLS_ITS_WORKER = """
    import os, pathlib, signal
    if submission.double(3) == "die":
        pid = os.getpid()
        while b"spawn_main" not in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
            pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(pid, signal.SIGKILL)
"""


@pytest.mark.whole
def test_an_answer_that_takes_every_worker_down_costs_nobody_else_a_grade(small: Path, tmp_path: Path) -> None:
    path = small / "problems/01-double/checks/test_double.py"
    head = '"""Three becomes six."""'
    path.write_text(path.read_text(encoding="utf-8").replace(head, head + _KILLS_ITS_WORKER), encoding="utf-8")
    files: dict[str, str | bytes] = {f"s{n}/01.py": f"{RIGHT}# {n}\n" for n in range(5)}
    work = hand_in(tmp_path / "work", files | {"odd/01.py": "def double(x):\n    return 'die'\n"})
    # The first loss of a worker ends a task: then whoever waited beside the answer is lost with it as well.
    cluster = Cluster(tmp_path, {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"})
    try:
        cluster.worker(nanny=True)
        ran = on(cluster, small, work, tmp_path / "out")
    finally:
        cluster.end()
    assert ran.code == 0, ran.err
    assert percents(tmp_path / "out") == {(f"s{n}", "01-double"): 100.0 for n in range(5)}
    assert "1 answer not graded, through the grader's own fault" in ran.out


@pytest.mark.whole
def test_points_that_do_not_add_up_stop_it_before_it_starts(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    settings = small / "problems/01-double/problem.yaml"
    text = settings.read_text(encoding="utf-8")
    points = next(line for line in text.splitlines() if line.startswith("points:"))
    settings.write_text(text.replace(points, "points: 77"), encoding="utf-8")
    ran = on(cluster, small, hand_in(tmp_path / "work", CLASS), tmp_path / "out")
    assert ran.code == 2
    assert "points: is 77" in ran.err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1", "missing port"),
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("carrier-pigeon://127.0.0.1:1", "carrier-pigeon"),
        ("", "an empty address"),
    ],
)
def test_an_address_without_a_scheduler_is_refused(small: Path, tmp_path: Path, address: str, said: str) -> None:
    work = hand_in(tmp_path / "work", CLASS)
    ran = batch(small, work, tmp_path / "out", "--dask", address)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


# -- workers that may not grade --------------------------------------------------------------------


def test_a_worker_without_a_wall_is_refused_by_name(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    refusing = (sys.executable, "-m", "tests.sandbox.refusing", "fork behind namespaces", "landlock", "--")
    with cluster.another(*refusing, PYTHONPATH=str(ROOT)):
        assert_refused(cluster, small, tmp_path, code=4, said="landlock")


@pytest.mark.whole
def test_a_worker_with_another_torch_is_refused_by_name(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    installed = Path(torch.__file__).parent
    shutil.copytree(installed, tmp_path / "other" / "torch", copy_function=os.symlink)
    version = tmp_path / "other" / "torch" / "version.py"
    text = version.read_text(encoding="utf-8").replace(torch.__version__.split("+")[0], "2.0.1")
    version.unlink()
    version.write_text(text, encoding="utf-8")
    with cluster.another(PYTHONPATH=str(tmp_path / "other")):
        assert_refused(cluster, small, tmp_path, code=4, said="torch: 2.0.1")


@pytest.mark.whole
def test_a_worker_with_another_grader_is_refused_by_name(cluster: Cluster, small: Path, tmp_path: Path) -> None:
    package = Path(grader.__file__).parent
    shutil.copytree(package, tmp_path / "other" / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other" / "grader" / "scoring.py").open("a", encoding="utf-8") as file:
        file.write("\n# Another version.\n")
    with cluster.another(PYTHONPATH=str(tmp_path / "other")):
        assert_refused(cluster, small, tmp_path, code=4, said="torchgrade's own sources")


def assert_refused(cluster: Cluster, course: Path, folder: Path, *, code: int, said: str) -> None:
    work = hand_in(folder / "work", {"ann/01.py": RIGHT})
    ran = on(cluster, course, work, folder / "out")
    assert ran.code == code, ran.err
    assert "the worker tcp://127.0.0.1:" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (folder / "out" / "results.jsonl").exists()


# -- the course on its way -------------------------------------------------------------------------


def test_a_store_that_cannot_be_read_is_no_lost_scheduler(cluster: Cluster, small: Path) -> None:
    def unreadable(task: Task) -> Submission:
        raise OSError("the disk is gone")

    problems = {problem.slug: problem for problem in problems_of(small)}
    task = Task("key", "01-double", "content", "ann", "ann/01.py")
    with DaskExecutor(cluster.address, list(problems.values())) as executor, pytest.raises(OSError, match="disk"):
        list(executor.grade(problems, [task], unreadable, workers=1))


def problems_of(course: Path) -> list[Problem]:
    return open_course(course).load_all()


def test_a_course_arrives_as_it_was(small: Path, tmp_path: Path) -> None:
    (small / "course.yaml").write_text("title: Small\n", encoding="utf-8")
    (small / "problems" / "01-double" / "checks" / "__pycache__").mkdir(exist_ok=True)
    parcel = msgspec.msgpack.decode(msgspec.msgpack.encode(pack(problems_of(small))), type=type(pack([])))
    arrived = unpack(parcel, tmp_path / "there")
    for problem in problems_of(small):
        assert arrived[problem.slug].version == problem.version
        assert Path(arrived[problem.slug].folder).is_relative_to(tmp_path / "there")
    assert not list((tmp_path / "there").rglob("__pycache__"))


def test_a_course_that_arrives_otherwise_is_refused(small: Path, tmp_path: Path) -> None:
    parcel = pack(problems_of(small))
    other = msgspec.structs.replace(parcel, versions={**parcel.versions, "01-double": "another"})
    with pytest.raises(HarnessError, match="01-double arrived as another version"):
        unpack(other, tmp_path / "there")
