"""What load() gives, from where, and what it says of files that it cannot use."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from grader.data import mnist as data
from grader.errors import GraderError, HarnessError, UsageError

from .conftest import Write
from .files import GENUINE, images_file, labels_file

LABELS = [digit for digit in range(10) for _ in range(5)]
FOUR = {
    "t10k-images-idx3-ubyte.gz": 50,
    "t10k-labels-idx1-ubyte.gz": LABELS,
    "train-images-idx3-ubyte.gz": 70,
    "train-labels-idx1-ubyte.gz": LABELS + 2 * list(range(10)),
}


def assert_well_formed(digits: data.Digits) -> None:
    for images, labels in (
        (digits.train_images, digits.train_labels),
        (digits.test_images, digits.test_labels),
    ):
        assert images.dtype == torch.uint8
        assert labels.dtype == torch.int64
        assert images.shape == (len(labels), 28, 28)
        assert set(labels.tolist()) == set(range(10))


def test_importing_the_package_loads_neither_torch_nor_numpy() -> None:
    code = "import sys, grader.data; print({'torch', 'numpy'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_without_a_copy_digits_are_drawn() -> None:
    digits = data.load()
    assert digits.source == "drawn"
    assert_well_formed(digits)
    assert data.load() is digits


def test_a_full_copy_in_the_cache_is_used_as_it_is(write: Write) -> None:
    write(FOUR)
    digits = data.load()
    assert digits.source == "mnist"
    assert_well_formed(digits)
    assert (len(digits.train_labels), len(digits.test_labels)) == (70, 50)
    assert bytes(digits.test_images.flatten().tolist()) == images_file(50)[16:]
    assert digits.test_labels.tolist() == LABELS


def test_the_variable_comes_before_the_cache(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(FOUR)
    write({**FOUR, "t10k-images-idx3-ubyte.gz": 10, "t10k-labels-idx1-ubyte.gz": LABELS[::5]}, tmp_path / "x")
    monkeypatch.setenv("TORCHGRADE_MNIST", str(tmp_path / "x"))
    assert len(data.load().test_labels) == 10


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("separator", ["-", "."])
def test_usual_spellings_are_found(write: Write, separator: str, suffix: str) -> None:
    write({name.replace("-idx", f"{separator}idx").replace(".gz", suffix): FOUR[name] for name in FOUR})
    assert len(data.load().train_labels) == 70


def test_a_packed_file_without_its_suffix_is_read(write: Write) -> None:
    write({**FOUR, "t10k-labels-idx1-ubyte": gzip.compress(labels_file(LABELS))})
    (data.chosen_folder() / "t10k-labels-idx1-ubyte.gz").unlink()
    assert data.load().test_labels.tolist() == LABELS


def test_the_test_pair_alone_is_split_alike_for_every_digit(write: Write) -> None:
    write({name: FOUR[name] for name in FOUR if name.startswith("t10k")})
    digits = data.load()
    assert digits.source == "mnist"
    assert_well_formed(digits)
    assert digits.train_labels.bincount().tolist() == [4] * 10
    assert digits.test_labels.bincount().tolist() == [1] * 10
    everything = torch.cat([digits.train_images, digits.test_images]).flatten(1).tolist()
    pixels = images_file(50)[16:]
    assert sorted(map(bytes, everything)) == sorted(pixels[i : i + 784] for i in range(0, len(pixels), 784))


@pytest.mark.skipif(not GENUINE, reason="no copy of MNIST, by TORCHGRADE_MNIST or beside the project")
def test_the_genuine_test_pair_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHGRADE_MNIST", GENUINE)
    digits = data.load()
    assert digits.source == "mnist"
    assert_well_formed(digits)
    counts = digits.test_labels.bincount()
    if len(digits.test_labels) < 10_000:
        # Without the training pair, the test pair is split in two.
        counts += digits.train_labels.bincount()
    # How often each digit occurs in the published test set.
    assert counts.tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
TRUNCATED = gzip.compress(images_file(50))[:-20]


@pytest.mark.parametrize(
    ("name", "content", "phrase"),
    [
        pytest.param(IMAGES, images_file(50, magic=2049), "its magic number is 2049, not 2051", id="magic"),
        pytest.param(TEST_LABELS, labels_file(LABELS, magic=0), "number is 0, not 2049", id="labels-magic"),
        pytest.param(IMAGES, images_file(50, rows=32), "32 x 28 pixels, not 28 x 28", id="size"),
        pytest.param(IMAGES, images_file(50)[:-1], "39200 bytes after the header, but 39199", id="cut"),
        pytest.param(TEST_LABELS, labels_file(LABELS) + b"\0", "50 bytes after the header, but 51", id="tail"),
        pytest.param(IMAGES, b"\0\0\x08\x03\0", "ends within its header, after 5 bytes", id="header"),
        pytest.param(IMAGES, b"", "ends within its header, after 0 bytes", id="empty"),
        pytest.param(IMAGES, images_file(0), "holds no images", id="no-images"),
        pytest.param(IMAGES, images_file(49), "50 labels for the 49 images", id="counts"),
        pytest.param(TEST_LABELS, labels_file([*LABELS[:-1], 10]), "label 49 is 10, not a digit", id="range"),
        pytest.param(IMAGES, TRUNCATED, "cannot be unpacked", id="gzip-cut"),
        pytest.param(IMAGES, b"\x1f\x8b" + b"\0" * 30, "cannot be unpacked", id="gzip-damaged"),
        pytest.param(IMAGES, b"<html>404</html>", "so it is no IDX file of images", id="html"),
    ],
)
def test_a_damaged_file_is_one_line_with_a_repair(write: Write, name: str, content: bytes, phrase: str) -> None:
    folder = write({IMAGES: 50, TEST_LABELS: LABELS, name: content})
    with pytest.raises(HarnessError) as caught:
        data.load()
    message = caught.value.message
    assert phrase in message
    assert message.startswith(str(folder))
    assert "delete" in message
    assert "grade data fetch" in message
    assert "\n" not in message


@pytest.mark.parametrize("missing", ["t10k-images", "t10k-labels", "train-images", "train-labels"])
def test_a_missing_file_is_named(write: Write, missing: str) -> None:
    write({name: FOUR[name] for name in FOUR if not name.startswith(missing)})
    with pytest.raises(HarnessError, match=rf"{missing}-idx.-ubyte: the file is missing; run `grade data fetch`"):
        data.load()


def test_a_test_pair_without_its_labels_is_no_copy(write: Write) -> None:
    write({IMAGES: 50})
    with pytest.raises(HarnessError, match="t10k-labels-idx1-ubyte: the file is missing"):
        data.load()


@pytest.mark.parametrize("exists", [True, False])
def test_a_variable_that_leads_nowhere_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    monkeypatch.setenv("TORCHGRADE_MNIST", str(tmp_path if exists else tmp_path / "none"))
    with pytest.raises(UsageError, match=r"TORCHGRADE_MNIST: .* holds no MNIST files; put t10k"):
        data.load()


def test_an_unfinished_download_is_no_copy(write: Write) -> None:
    write({"t10k-images-idx3-ubyte.gz.part": b"half"})
    assert data.find_copy() is None


@pytest.mark.parametrize(
    ("cache", "expected"),
    [
        ("/var/c", "/var/c/torchgrade/mnist"),
        ("relative", "{home}/.cache/torchgrade/mnist"),
        ("", "{home}/.cache/torchgrade/mnist"),
    ],
    ids=["set", "relative-is-ignored", "empty"],
)
def test_the_cache_follows_the_xdg_rules(cache: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    assert str(data.chosen_folder()) == expected.format(home=Path.home())


def test_every_error_is_the_graders(write: Write) -> None:
    folder = write({IMAGES: 50, TEST_LABELS: LABELS})
    (folder / IMAGES).unlink()
    (folder / IMAGES).mkdir()
    with pytest.raises(GraderError):
        data.load()
