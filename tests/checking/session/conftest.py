"""A zygote for the rooms of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox.forked import Sandbox, borrowed
from tests import lent


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with borrowed(lent.stem()) as rooms:
        yield rooms
