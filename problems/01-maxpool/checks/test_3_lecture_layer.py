"""PyTorch's own layer on one image."""

import pytest
import torch

from grader.checking import assert_close, assert_each_close, assert_equal, call, fetch, kept, sliding_window

pytestmark = pytest.mark.idea("PyTorch's own layer")

LECTURE = torch.tensor([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])

# Counts the results that come out of layers of this kind, called in whatever way, and changes nothing.
WATCH = """
from torch.nn.modules.module import register_module_forward_hook

results = 0
original = nn.MaxPool2d.forward

def start():
    global hook
    hook = register_module_forward_hook(after)
    nn.MaxPool2d.forward = counted

def counted(layer, *args, **kwargs):
    global results
    results += 1
    return original(layer, *args, **kwargs)

def after(layer, inputs, output):
    # A subclass may have a forward of its own that does not come by the one above.
    global results
    results += isinstance(layer, nn.MaxPool2d)

def stop():
    nn.MaxPool2d.forward = original
    hook.remove()
    return results
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
    watch = library.define(WATCH)
    watch.start()
    try:
        answer = submission.pool_lecture_image(LECTURE)
    finally:
        # What the room counted is a claim, and good enough here: to use the layer is less work than to forge it.
        layers_applied = watch.stop()
    assert_close(answer, reference.pool_lecture_image(LECTURE))
    assert layers_applied, "no nn.MaxPool2d layer was applied"


@pytest.mark.points(0.25)
@pytest.mark.hint("Take height and width from the image you are given, and windows that do not overlap.")
def test_images_of_other_sizes(submission, reference, draw):
    """Other images, given by name, work as well: higher than wide, odd sizes, negative pixels."""
    calls = [call(image=draw.normal(*shape) - 3) for shape in [(8, 4), (5, 9), (28, 28)]]
    assert_each_close(submission.pool_lecture_image, reference.pool_lecture_image, calls)


TRANSPOSED = "def transposed(image): return image.t()"


@pytest.mark.points(0.25)
@pytest.mark.hint("unsqueeze gives you another view of the image; unsqueeze_ changes the image itself.")
def test_image_is_left_alone(submission, reference, library, draw):
    """The image may lie in memory another way, such as a transposed one, and is left as it was."""
    image = draw.normal(4, 6)
    transposed = kept(library.define(TRANSPOSED).transposed)(image)
    answer, afterwards = submission.pool_lecture_image(transposed), fetch(transposed)
    assert_close(answer, reference.pool_lecture_image(image.t()))
    assert_equal(afterwards, image.t())
