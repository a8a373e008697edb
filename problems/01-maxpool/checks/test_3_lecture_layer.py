"""PyTorch's own layer on one image."""

import pytest
import torch

from grader.checking import assert_close
from grader.checking.pictures import sliding_window

LECTURE = torch.tensor([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])

# Counts how often the forward method of nn.MaxPool2d runs, called in whatever way, and changes nothing.
WATCH = """
class Watch:
    def __init__(self):
        self.layers_applied = 0
        self.original = nn.MaxPool2d.forward

    def start(self):
        def counted(layer, *args, **kwargs):
            self.layers_applied += 1
            return self.original(layer, *args, **kwargs)

        nn.MaxPool2d.forward = counted

    def stop(self):
        nn.MaxPool2d.forward = self.original
"""


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The layer wants four axes: batch, channel, height, width. It gives four axes back.")
def test_lecture_image_through_the_layer(submission, reference):
    """The lecture's image gives [[6, 8], [3, 4]], in shape (1, 1, 2, 2)."""
    expected = reference.pool_lecture_image(LECTURE)
    window = sliding_window(LECTURE, 2, stride=2, say="takes the largest of")
    assert_close(submission.pool_lecture_image(LECTURE), expected, window=window)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Here PyTorch's own layer is the point: build a torch.nn.MaxPool2d and apply it.")
def test_the_layer_does_the_work(submission, reference, library):
    """pool_lecture_image applies an nn.MaxPool2d layer."""
    watch = library.define(WATCH).Watch()
    watch.start()
    try:
        answer = submission.pool_lecture_image(LECTURE)
    finally:
        watch.stop()
    assert_close(answer, reference.pool_lecture_image(LECTURE))
    # What the room counted is a claim, and good enough here: to use the layer is less work than to forge it.
    layers_applied = watch.layers_applied
    assert layers_applied, "no nn.MaxPool2d layer was applied"


@pytest.mark.points(0.5)
@pytest.mark.hint("Take height and width from the image you are given, and windows that do not overlap.")
def test_images_of_other_sizes(submission, reference, draw):
    """Other images work as well: higher than wide, odd sizes, negative pixels."""
    for shape in [(8, 4), (5, 9), (28, 28)]:
        image = draw.normal(*shape) - 3
        assert_close(submission.pool_lecture_image(image), reference.pool_lecture_image(image))
