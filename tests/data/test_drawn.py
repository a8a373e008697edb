"""The drawn digits: always the same, of the promised form, and too varied for a linear model."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from grader.data.drawn import draw_digits


def test_form() -> None:
    images, labels = draw_digits(103, seed=1)
    assert images.shape == (103, 28, 28)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [11, 11, 11, 10, 10, 10, 10, 10, 10, 10]


def test_another_process_draws_the_same() -> None:
    code = (
        "from grader.data.drawn import draw_digits; import hashlib; i, l = draw_digits(50, seed=3);"
        "print(hashlib.sha256(i.tobytes() + l.tobytes()).hexdigest())"
    )
    images, labels = draw_digits(50, seed=3)
    here = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == here


def test_another_seed_draws_others() -> None:
    assert not np.array_equal(draw_digits(50, seed=3)[0], draw_digits(50, seed=4)[0])


def test_no_image_is_empty_or_drawn_twice() -> None:
    images, _ = draw_digits(1000, seed=5)
    ink = (images > 128).sum(axis=(1, 2))
    assert ink.min() >= 10
    assert ink.max() <= 784 // 2
    assert len(np.unique(images.reshape(1000, -1), axis=0)) == 1000


@pytest.mark.slow
def test_a_linear_model_stays_below_the_pass_mark() -> None:
    # 0.87 is the mark of problem 05. A linear model reaches 0.76 with that check's training and 0.85 with this one,
    # which goes fifteen times through more images; the best that a regularised one was seen to reach is 0.86.
    images, labels = (torch.from_numpy(array) for array in draw_digits(7000, seed=2024))
    pixels = images.flatten(1).float() / 255
    weight, bias = torch.zeros(10, 784, requires_grad=True), torch.zeros(10, requires_grad=True)
    for _ in range(15):
        for batch in torch.arange(6000).split(20):
            loss = cross_entropy(pixels[batch] @ weight.T + bias, labels[batch])
            for parameter, gradient in zip((weight, bias), torch.autograd.grad(loss, (weight, bias)), strict=True):
                parameter.data -= 0.1 * gradient
    guessed = (pixels[6000:] @ weight.T + bias).argmax(1)
    assert (guessed == labels[6000:]).float().mean() < 0.87
