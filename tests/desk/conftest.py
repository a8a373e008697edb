"""A real desk: the command's own process, serving a class that the real command has graded."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import lent
from tests.batch.conftest import COURSE, RIGHT, SQUARE, SUM, batch, hand_in
from tests.conftest import COMMAND, command_line
from tests.desk.test_collected import DRAWING, png, shown, text

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
LONG = (
    "def helper(values):\n    total = 0\n    for value in values:\n        if value > 3:\n"
    "            total += value * 7\n"
    "        else:\n            total -= value // 2\n    return total\n\n\n"
    "def double(x):\n    parts = [x, x]\n    first, second = parts\n"
    "    return first + second if x is not None else None\n"
)
WRITTEN = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": SUM},
            text(f"**Nothing** is added to nothing. {HOSTILE}", id="why"),
            shown({"image/png": png()}, {"image/svg+xml": DRAWING}),
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)
CLASS: dict[str, str | bytes] = {
    "ann/01.py": LONG,
    "ann/02.ipynb": WRITTEN,
    "bob/01.py": SQUARE,
    "bob/02.py": "def total(values):\n    return sum(values[1:])\n",
    "cy/01.py": f"# {HOSTILE}\nraise RuntimeError({HOSTILE!r})\n",
    "dee/01.py": RIGHT,
    "dee/01_old.py": f"# older\n{SQUARE}",
    "eve/01.py": LONG.replace("values", "things").replace("total", "acc").replace("value", "v"),
}


PART = """points: 5
manual:
  why:
    title: Why an empty list has the sum 0
    points: 3
    rubric:
      - {points: 1, what: names the neutral element}
      - {points: 2, what: says what the loop begins with}
      - {points: -1, what: takes it for a convention}
"""


@dataclass(frozen=True)
class Class:
    """A course, what was handed in, and where its results are."""

    course: Path
    work: Path
    out: Path
    roster: Path


class OpenDesk:
    """A running desk, and a client that is let in."""

    def __init__(self, process: subprocess.Popen[str], address: str, where: Class) -> None:
        import httpx

        self.process = process
        self.address = address
        self.where = where
        self.origin = "/".join(address.split("/")[:3])
        self.client = httpx.Client(
            base_url=address, headers={"origin": self.origin}, follow_redirects=True, timeout=120, trust_env=False
        )

    def get(self, path: str, **more: Any) -> Any:
        """A page."""
        return self.client.get(path, **more)

    def post(self, path: str, **fields: str) -> str:
        """Do something; what the desk then says of it."""
        reply = self.client.post(path, data=fields)
        assert reply.status_code == 200, reply.text
        found = re.search(r'<p class="told \w+" id="told">(.*?)</p>', reply.text, re.DOTALL)
        assert found is not None
        return html.unescape(found[1])

    def written(self) -> Path:
        """The results, once they have all that was decided."""
        assert self.get("files/scores.csv").status_code == 200
        return self.where.out

    def close(self) -> None:
        self.client.close()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.communicate()


def open_desk(where: Class, *more: str, program: str = COMMAND) -> OpenDesk:
    """Start the command and wait for its address."""
    process = subprocess.Popen(
        command_line("desk", where.out, *more, program=lent.borrowing(program)),
        cwd=where.course,
        env={**os.environ, "COLUMNS": "100"},
        pass_fds=lent.descriptors(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    if not address:
        _, err = process.communicate(timeout=20)
        raise AssertionError(err)
    return OpenDesk(process, address, where)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class graded once, for tests that only look at it."""
    root = tmp_path_factory.mktemp("graded")
    shutil.copytree(COURSE, root / "small", ignore=shutil.ignore_patterns("__pycache__"))
    with_part = root / "small" / "problems" / "02-total" / "problem.yaml"
    with_part.write_text(with_part.read_text(encoding="utf-8").replace("points: 2\n", PART), encoding="utf-8")
    roster = root / "roster.csv"
    roster.write_text(
        f'id,name,section,tutor\nann,Ann Lee,1,Tia\nbob,"Bob {HOSTILE}",2,Tom\nzoe,Zoe Quinn,"{HOSTILE}",Tia\n',
        encoding="utf-8",
    )
    work = hand_in(root / "handed in", CLASS)
    ran = batch(root / "small", work, root / "out", "--roster", roster)
    assert ran.code == 0, ran.err
    return Class(root / "small", work, root / "out", roster)


@pytest.fixture(scope="session")
def looked_at(graded: Class) -> Iterator[OpenDesk]:
    """A desk for tests that change nothing."""
    desk = open_desk(graded)
    yield desk
    desk.close()


@pytest.fixture
def mine(graded: Class, tmp_path: Path) -> Class:
    """A copy of the class, to be changed."""
    root = tmp_path / "mine"
    shutil.copytree(graded.work.parent, root)
    return Class(root / "small", root / "handed in", root / "out", root / "roster.csv")


@pytest.fixture
def opened() -> Iterator[Callable[..., OpenDesk]]:
    """Opens desks, and closes them."""
    desks: list[OpenDesk] = []

    def start(where: Class, *more: str, program: str = COMMAND) -> OpenDesk:
        desks.append(open_desk(where, *more, program=program))
        return desks[-1]

    yield start
    for desk in desks:
        desk.close()
