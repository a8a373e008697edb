"""The frame of zeros."""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept

pytestmark = pytest.mark.idea("Zero padding")


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("One row of zeros above and one below, one column left and one right.")
def test_one_zero_on_each_side(submission, reference):
    """A 2 x 2 image with padding 1 becomes 4 x 4, with the image in the middle."""
    image = torch.tensor([[1.0, 2], [3, 4]])
    assert_close(submission.zero_pad(image, 1), reference.zero_pad(image, 1))


@pytest.mark.points(0.5)
@pytest.mark.hint("Height and width grow by the same amount, and neither follows from the other.")
def test_wide_frame_around_a_rectangle(submission, reference, draw):
    """Images that are not square get a frame, too, of any width."""
    wide, high = draw.normal(3, 5), draw.normal(4, 1)
    calls = [call(wide, 2), call(image=wide, padding=2), call(high, 3), call(image=high, padding=3)]
    assert_each_close(submission.zero_pad, reference.zero_pad, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Slices such as [p:-p] mean something else when p is 0.")
def test_no_padding(submission, reference, draw):
    """Padding 0 changes nothing, padding 1 right after it does."""
    image = draw.normal(4, 4)
    assert_each_close(submission.zero_pad, reference.zero_pad, [(image, 0), (image, 1)])


@pytest.mark.points(0.25)
@pytest.mark.hint("Write into a tensor that is new in every call; a transposed image is an image, too.")
def test_image_is_left_alone(submission, reference, library, draw):
    """The image is left as it was, whatever way it lies in memory, and so is an earlier answer."""
    image = draw.normal(4, 4)
    transposed = kept(library.put(image).t)()
    kept_answer = kept(submission.zero_pad)(transposed, 1)
    other = submission.zero_pad(image, 1)
    answer, image_afterwards = fetch(kept_answer, transposed)
    assert_close(answer, reference.zero_pad(image.t(), 1))
    assert_close(other, reference.zero_pad(image, 1))
    assert_equal(image_afterwards, image.t())
