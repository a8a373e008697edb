"""Each check tests one idea; its first line is the title that a student reads."""

import pytest
import torch

from grader.checking import assert_close

# Runs in the room. Whether a number is learnable shows in what a step changes.
STEP = """
def stepped(layer, x):
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(x).sum().backward()
    optimizer.step()
    return layer(x)
"""


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Values")
@pytest.mark.hint("All scales are 1 at first.")
def test_a_new_layer_changes_nothing(submission, draw):
    """A new layer gives back what it is given."""
    x = draw.normal(4, 3)
    assert_close(submission.Scale(3)(x), x)


@pytest.mark.points(3)
@pytest.mark.idea("Learnable")
@pytest.mark.hint("Let an optimizer make one step: does the result change, and by another amount for each feature?")
def test_each_scale_is_learned(submission, library, draw):
    """Each feature has a scale of its own, and training changes it."""
    x = draw.normal(4, 3)
    layer = submission.Scale(3)
    library.define(STEP).stepped(layer, x)
    # The gradient of the sum with respect to a scale is the sum of its column.
    assert_close(layer(x), x * (1 - x.sum(0)), tolerance=1e-4)
    assert_close(layer(torch.ones(1, 3)), (1 - x.sum(0))[None], tolerance=1e-4)
