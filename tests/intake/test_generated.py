"""Random classes in every layout, read back: nobody is lost, merged or split, unless all of it is refused.

The suite reads a few classes of each kind; with ``TORCHGRADE_CLASSES=10000`` ten thousand, in six minutes.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake.collect import collect

from .classes import BY_FOLDER, WAYS, a_class
from .conftest import COURSE, zipped

CLASSES = int(os.environ.get("TORCHGRADE_CLASSES", "0")) // len(WAYS) or 12
REFUSED_AT_MOST = {
    "plain": 0.4,
    "folders": 0.35,
    "zips": 0.35,
    "sections": 0.45,
    "rounds": 0.35,
    "problem-folders": 0.35,
}
"""Of the classes of one kind: some are ambiguous in truth, such as ``team_1_maxpool`` beside ``team_2_conv_bias``."""


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_lost_merged_or_split(way: str, tmp_path: Path) -> None:
    refused = 0
    for seed in range(CLASSES):
        rng = random.Random(f"{way} {seed}")
        given = a_class(rng)
        source = tmp_path / f"class {seed}.zip"
        source.write_bytes(zipped(WAYS[way](rng, given)))
        try:
            intake = collect(source, COURSE)
        except UsageError:
            refused += 1
            continue
        counted = {content: key for key, content in given.work.items()}
        taken: dict[tuple[str, str], tuple[str, str]] = {}
        for work in intake.work:
            content = work.submission.main.content.decode()
            assert content in counted, f"{way} {seed}: {work.submission.path} is not what counts"
            taken[work.student, work.problem[:2]] = counted[content]
        assert all(number == truth[1] for (_, number), truth in taken.items()), f"{way} {seed}"
        assert sorted(taken.values()) == sorted(given.work), f"{way} {seed}: lost or double"
        whose = {(student, truth[0]) for (student, _), truth in taken.items()}
        assert len(whose) == len({student for student, _ in whose}) == len({truth for _, truth in whose}), (
            f"{way} {seed}"
        )
        assert len(intake.students) == len(given.students), f"{way} {seed}"
        if way in BY_FOLDER:
            assert {student.id for student in intake.students} == set(given.students), f"{way} {seed}"
    assert refused <= max(1, REFUSED_AT_MOST.get(way, 0.05) * CLASSES), f"{refused} of {CLASSES} were refused"
