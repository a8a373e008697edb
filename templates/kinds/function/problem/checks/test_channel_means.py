"""Each check tests one idea; its first line is the title that a student reads."""

import pytest
import torch

from grader.checking import assert_close


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("The statement's example")
@pytest.mark.hint("Add up the four pixels of each channel, and divide by four.")
def test_the_statements_example(submission):
    """The two channels of the 2 x 2 image have the means 2.5 and 25."""
    images = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]]])
    assert_close(submission.channel_means(images), torch.tensor([[2.5, 25.0]]))


@pytest.mark.points(2)
@pytest.mark.idea("Axes")
@pytest.mark.hint("Images and channels keep their axes. Try three images of two channels.")
def test_each_image_and_channel_by_itself(submission, reference, draw):
    """Each channel of each image has a mean of its own."""
    images = draw.normal(3, 2, 4, 5)
    assert_close(submission.channel_means(images), reference.channel_means(images))


@pytest.mark.points(1)
@pytest.mark.idea("Axes")
@pytest.mark.hint("What is the shape for a batch of one, or for images of one channel?")
def test_a_batch_of_one(submission, reference, draw):
    """One image of one channel gives a result of shape (1, 1)."""
    images = draw.normal(1, 1, 3, 3)
    assert_close(submission.channel_means(images), reference.channel_means(images))
