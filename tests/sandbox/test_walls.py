"""The table of walls: complete, in order, and each wall tried by something that can fail."""

from __future__ import annotations

import importlib
import os
import pkgutil

import pytest

from grader.errors import MissingWallError
from grader.model import Limits
from grader.sandbox import probing, walls
from grader.sandbox.forked import borrowed
from grader.sandbox.inspection import inspect_walls
from grader.sandbox.launch import Stem
from grader.sandbox.walls.table import NAMES, WALLS, meets_floor
from grader.sandbox.walls.wall import Promise, Wall
from tests.conftest import walls_of_this_user
from tests.sandbox.conftest import OpenRoom

MECHANICS = {"kernel", "scratch", "table", "wall"}


def test_every_module_of_the_folder_is_a_wall_of_the_table_or_serves_them() -> None:
    modules = {module.name for module in pkgutil.iter_modules(walls.__path__)}
    assert {name.replace("_", "-") for name in modules - MECHANICS} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("wall", WALLS, ids=NAMES)
def test_a_wall_says_what_it_is_for(wall: Wall) -> None:
    module = importlib.import_module(f"grader.sandbox.walls.{wall.name.replace('-', '_')}")
    assert module.WALL is wall
    assert wall.opens
    assert wall.repair
    assert bool(wall.attempt) == bool(wall.breach)
    before = NAMES[: NAMES.index(wall.name)]
    assert set(wall.needs) <= set(before), "what it needs is raised before it"
    assert set().union(*wall.keeps.values()) <= set(NAMES)


def test_every_promise_of_the_floor_has_a_keeper() -> None:
    assert len(meets_floor(())) == len(Promise)
    assert meets_floor(NAMES) == []


# What must be down for a wall's own attempt to come through; itself is always.
OTHERS = {
    "private-files": ["landlock"],
    "network-namespace": ["seccomp", "landlock"],
    "no-new-privileges": [],
    "limits": ["own-uid", "user-namespace", "seccomp"],
    "own-uid": ["user-namespace"],
}
SEEN_FROM_INSIDE = [wall for wall in WALLS if wall.attempt]


@pytest.mark.parametrize("wall", SEEN_FROM_INSIDE, ids=[wall.name for wall in SEEN_FROM_INSIDE])
def test_the_attempt_comes_through_without_the_wall(wall: Wall, open_room: OpenRoom) -> None:
    """Else the doctor's attempt would prove nothing. Where it does hold is what `grade doctor` shows."""
    if wall.name == "own-uid" and os.geteuid() != 0:
        pytest.skip("started by an ordinary user, a room has an ordinary uid anyway")
    source = probing.TRY + f"\ndef main():\n    return holds({wall.attempt!r})"
    with open_room(without=[wall.name, *OTHERS.get(wall.name, [])]) as inside:
        assert inside.run(source) is False


def test_nothing_is_breached_where_all_stand(stem: Stem) -> None:
    found = inspect_walls(stem)
    assert (found.fault, found.breaches) == ("", ())
    assert set(found.missing) == {wall.name for wall in WALLS} - walls_of_this_user()


def test_what_needs_a_missing_wall_says_so(stem: Stem) -> None:
    found = inspect_walls(stem, without=["user-namespace", "no-new-privileges"])
    assert found.missing["pid-namespace"] == "needs user-namespace"
    assert found.missing["seccomp"] == found.missing["landlock"] == "needs no-new-privileges"
    assert any("a limit on processes" in lacking for lacking in meets_floor(found.walls))


def test_a_room_that_cannot_be_locked_says_why(stem: Stem) -> None:
    """A wall that stood around the zygote and fails around the room: here a limit that no kernel can count to."""
    with borrowed(stem) as sandbox, pytest.raises(MissingWallError, match="a room could not be locked") as caught:
        sandbox.open(Limits(memory_mb=1 << 45))
    assert "int too" in caught.value.message
