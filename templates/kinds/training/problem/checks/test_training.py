"""Each check tests one idea; its first line is the title that a student reads."""

import pytest
import torch
from torch.nn import functional

from grader.checking import assert_close, assert_equal

# Runs in the room: a model whose weights are known, so that every step can be computed here.
LINE = """
def line(weight, bias):
    layer = nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(weight)
        layer.bias.fill_(bias)
    return layer
"""


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("The table")
@pytest.mark.hint("One row for each point, one column: the shape is (40, 1).")
def test_the_table(submission):
    """read_table gives the two columns of data/train.csv."""
    x, y = submission.read_table("data/train.csv")
    assert_equal((tuple(x.shape), tuple(y.shape), x.dtype), ((40, 1), (40, 1), torch.float32))
    # The table lies on the line 3 x - 1, but for its noise.
    assert (y - (3 * x - 1)).abs().max() < 0.5, "x and y are not the columns of these names"


@pytest.mark.points(2)
@pytest.mark.idea("Training")
@pytest.mark.hint("Which loss belongs to a step: before or after it? What is left in .grad for the next one?")
def test_the_steps(submission, library, draw):
    """fit takes plain steps down the mean squared error, and returns the loss before each."""
    x, y = draw.normal(7, 1), draw.normal(7, 1)
    model = library.define(LINE).line(0.5, -0.25)
    losses = submission.fit(model, x, y, 3, 0.1)
    parameters, expected = [torch.full((1, 1), 0.5).double(), torch.full((1,), -0.25).double()], []
    for _ in range(3):
        parameters = [each.detach().requires_grad_() for each in parameters]
        loss = functional.mse_loss(functional.linear(x.double(), *parameters), y.double())
        gradients = torch.autograd.grad(loss, parameters)
        parameters = [each - 0.1 * gradient for each, gradient in zip(parameters, gradients, strict=True)]
        expected.append(loss.item())
    assert_close(losses, expected, tolerance=1e-5)
    assert_close(model.weight, parameters[0].detach().float(), tolerance=1e-5)


# What is learned is the line, whoever's steps led there: what counts is scored on points that nobody has seen.
@pytest.mark.points(1)
@pytest.mark.idea("All together")
@pytest.mark.hint("After 200 steps the loss is near 0.01. If not: which part fails its own check?")
def test_new_points(submission, library, draw):
    """The trained line is right for new points."""
    model = library.define(LINE).line(0.0, 0.0)
    x, y = submission.read_table("data/train.csv")
    submission.fit(model, x, y, steps=200, lr=0.1)
    new = draw.uniform(20, 1)
    off = (model(new) - (3 * new - 1)).abs().max().item()
    assert off < 0.2, f"the line is up to {off:.2f} off"
