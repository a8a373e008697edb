"""One pixel of a batch."""

import pytest
import torch

from grader.checking import assert_each_equal, assert_equal, call, kept

pytestmark = pytest.mark.idea("One pixel")


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The axes are image, channel, row, column, in this order, and each is counted from 0.")
def test_pixels_of_the_statement(submission):
    """Four indices lead to one number of two small colour images."""
    images = torch.arange(24.0).reshape(2, 3, 2, 2)
    calls = [call(images, 0, 0, 0, 1), call(images, 0, 0, 1, 0)]
    # By name, too: a public check tells who has renamed a parameter.
    calls.append(call(images=images, image=1, channel=2, row=1, column=0))
    assert_each_equal(submission.pixel, [1.0, 2.0, 22.0], calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Try a batch whose four axes have four different lengths, and its last row and column.")
def test_every_axis_has_its_index(submission, draw):
    """Any image, channel, row and column of a batch is found, the last ones, too."""
    images = draw.normal(3, 2, 4, 6)
    places = [(0, 0, 0, 0), (2, 1, 3, 5), (1, 0, 3, 2), (2, 0, 1, 4), (0, 1, 2, 5)]
    expected = [float(images[place]) for place in places]
    assert_each_equal(submission.pixel, expected, [(images, *place) for place in places])


@pytest.mark.points(0.25)
@pytest.mark.hint("Such a batch does not lie in memory image by image. Index it, rather than counting numbers.")
def test_pixels_of_a_permuted_batch(submission, library, draw):
    """A batch that was channels last before permute is read by its axes, however it lies in memory."""
    pictures = draw.normal(2, 5, 4, 3)
    batch, view = pictures.permute(0, 3, 1, 2), kept(library.put(pictures).permute)(0, 3, 1, 2)
    for place in [(1, 2, 3, 0), (0, 1, 4, 3)]:
        assert_equal(submission.pixel(view, *place), float(batch[place]))
