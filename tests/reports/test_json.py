"""result.json: the contract's keys, nothing hidden, never half a file."""

import json
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.model import Outcome, Visibility
from grader.reports.json import encode_grade, read_json

from . import samples


@pytest.mark.parametrize("make", [samples.typical, samples.everything, samples.figures])
def test_a_grade_survives_the_file(make, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_bytes(encode_grade(make(), reveal=True))
    assert read_json(file) == make()


def test_the_keys_of_the_contract() -> None:
    result = json.loads(encode_grade(samples.typical()))
    promised = {
        *("schema", "problem", "student", "submission", "sha256", "status", "score", "max_score", "percent"),
        *("checks", "misconceptions", "stdout", "walls", "data", "duration_s", "grader_version"),
        "problem_version",
    }
    assert promised <= set(result)
    assert result["schema"] == 1
    assert result["status"] == "graded"
    promised = {
        "id",
        "title",
        "visibility",
        "outcome",
        "points",
        "max_points",
        "message",
        "hint",
        "duration_s",
    }
    assert promised <= set(result["checks"][0])
    assert set(result["misconceptions"][0]) == {"id", "title", "advice"}


def test_nothing_of_a_hidden_check_is_written_unless_revealed() -> None:
    secret = samples.check(
        "Sizes of one",
        Outcome.FAILED,
        visibility=Visibility.HIDDEN,
        message="SECRET message",
        traceback="SECRET traceback",
        mismatch=samples.POOLING,
        hint="think",
    )
    grade = samples.grade(secret)
    written = encode_grade(grade).decode()
    assert "SECRET" not in written
    assert "max_pool2d" not in written
    assert "think" in written
    assert "SECRET" in encode_grade(grade, reveal=True).decode()


def test_any_string_can_be_written(tmp_path: Path) -> None:
    grade = samples.grade(student="al\ud800ice", stdout="\x00\u202e\udfff")
    (tmp_path / "r.json").write_bytes(encode_grade(grade))
    assert read_json(tmp_path / "r.json").student == "al?ice"


def test_one_line_for_results_jsonl() -> None:
    line = encode_grade(samples.everything(), indent=None)
    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        pytest.param(None, "cannot be read", id="no file"),
        pytest.param(b"", "not a result of torchgrade", id="empty"),
        pytest.param(b"[1, 2]", "not a result of torchgrade", id="another JSON"),
        pytest.param(b"\xff\xfe", "not a result of torchgrade", id="no UTF-8"),
    ],
)
def test_a_bad_file_is_named(content: bytes | None, phrase: str, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=phrase) as error:
        read_json(file)
    assert str(file) in str(error.value)


def test_a_later_schema_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_bytes(encode_grade(samples.grade(schema=2)))
    with pytest.raises(UsageError, match="has schema 2"):
        read_json(file)
