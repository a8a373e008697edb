"""CNNClassifier: its parameters, its shapes, its values, its gradients."""

import math

import pytest
import torch
from torch.nn import functional

from grader.checking import assert_close, assert_equal

pytestmark = pytest.mark.idea("Network")

# Runs in the room. Names and order of registration are free, so parameters are told apart by their shapes.
HELPERS = """
def counts(model):
    '''Parameters of the whole and of its two parts.'''
    parts = {"model": model, "net": model.net, "classification_head": model.classification_head}
    return {name: sum(p.numel() for p in part.parameters()) for name, part in parts.items()}

def look(model, images):
    '''What can be said of the logits whatever the initial weights are: dtype, shape, and whether they differ.'''
    logits = model(images)
    return logits.dtype, tuple(logits.shape), logits.unique().numel() > 9

def place(model, weights):
    '''Give each parameter the weights of its own shape; False where one has another shape.'''
    found = {tuple(parameter.shape) for parameter in model.parameters()}
    if found != {tuple(weight.shape) for weight in weights}:
        return False
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(next(weight for weight in weights if weight.shape == parameter.shape))
    return True

def with_gradients(model, images, labels):
    '''For each parameter, whether a gradient reaches it.'''
    nn.functional.cross_entropy(model(images), labels).backward()
    return [p.grad is not None and bool(p.grad.abs().sum() > 0) for p in model.parameters()]
"""
# PyTorch's own initial weights begin within 0.05 of ln 10, He's between 2.3 and 5.5; standard normal ones at 10000.
MOST_UNTRAINED = 10
SHAPES = [(64, 1, 3, 3), (64,), (128, 64, 3, 3), (128,), (64, 128, 3, 3), (20, 64), (20,), (10, 20), (10,)]


def lecture_weights(draw):
    """Weights that keep every layer alive. The first and the third convolution get the same biases: their shapes
    are the same, so nothing then depends on which of the two is which."""
    weights = {}
    for shape in SHAPES:
        fan_in = math.prod(shape[1:])
        weights[shape] = draw.normal(*shape) * (1.5 / math.sqrt(fan_in) if len(shape) > 1 else 0.1)
    return weights


def lecture_logits(weights, x):
    """The lecture's forward pass, in float64."""
    w = {shape: weight.double() for shape, weight in weights.items()}
    x = x.double()
    for kernel in (SHAPES[0], SHAPES[2], SHAPES[4]):
        x = functional.max_pool2d(functional.relu(functional.conv2d(x, w[kernel], w[kernel[:1]])), 2)
    x = functional.relu(functional.linear(x.flatten(1), w[20, 64], w[20,]))
    return functional.linear(x, w[10, 20], w[10,]).float()


def placed(submission, library, weights):
    """The student's network with the given weights."""
    model = submission.CNNClassifier()
    fits = library.define(HELPERS).place(model, list(weights.values()))
    assert fits is True, "the network's weights and biases do not have the shapes of the lecture's"
    return model


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Count layer by layer: out * in * kH * kW weights and one bias per output channel.")
def test_number_of_parameters(submission, library):
    """The network has 149798 parameters: 148288 in `net`, 1510 in `classification_head`."""
    counted = library.define(HELPERS).counts(submission.CNNClassifier())
    assert_equal(counted, {"model": 149798, "net": 148288, "classification_head": 1510})


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Follow the shapes of the statement's table through your layers.")
def test_ten_logits_per_image(submission, library, draw):
    """Five images give five rows of ten logits, one image gives one row."""
    model, helpers = submission.CNNClassifier(), library.define(HELPERS)
    for count in (5, 1):
        dtype, shape, differ = helpers.look(model, draw.uniform(count, 1, 28, 28))
        assert_equal((dtype, shape), (torch.float32, (count, 10)))
        assert differ is True, "the logits of different digits should differ"


@pytest.mark.points(0.25)
@pytest.mark.hint("Which line of your forward pass knows how many images there are, and from where?")
def test_any_number_of_images(submission, library, draw):
    """An image has the same logits alone as in a batch of 5 or 32."""
    weights = lecture_weights(draw)
    images = draw.uniform(32, 1, 28, 28)
    model = placed(submission, library, weights)
    all_logits = model(images)
    assert_equal(tuple(all_logits.shape), (32, 10))
    assert all_logits.unique(dim=0).shape[0] == 32, "different images should have different logits"
    for count in (1, 5):
        assert_close(model(images[:count]), all_logits[:count].detach(), tolerance=1e-4)


@pytest.mark.points(0.75)
@pytest.mark.hint(
    "Compare your layers with the table: kernel, padding, activation and pooling of each. What comes last?"
)
def test_layers_are_the_lectures(submission, library, draw):
    """With the same weights, the logits are those of the lecture's network."""
    weights = lecture_weights(draw)
    images = draw.uniform(4, 1, 28, 28)
    logits = placed(submission, library, weights)(images)
    assert_close(logits, lecture_logits(weights, images), tolerance=1e-3)


# The initial weights are random, and their order is the student's: left out of the search for misconceptions.
@pytest.mark.unrecognised
@pytest.mark.points(0.25)
@pytest.mark.hint(
    "A network that knows nothing gives ten digits about the same chance. What makes yours so sure of itself?"
)
def test_untrained_loss_is_near_ln_10(submission, library, dataset):
    """Before training, the loss is near ln 10 = 2.303: all digits are equally likely."""
    images = dataset.train_images[:50].unsqueeze(1).float() / 255
    for seed in (0, 1):
        library.torch.manual_seed(seed)
        logits = submission.CNNClassifier()(images)
        assert_equal(tuple(logits.shape), (50, 10))
        assert logits.unique(dim=0).shape[0] > 25, "different images should have different logits"
        loss = functional.cross_entropy(logits, dataset.train_labels[:50]).item()
        assert math.log(10) - 0.4 < loss < MOST_UNTRAINED, f"the loss of the untrained network is {loss:.2f}"


@pytest.mark.points(0.25)
@pytest.mark.hint("Somewhere on the way from the loss to the first layer, the trail ends.")
def test_every_parameter_gets_a_gradient(submission, library, draw):
    """The loss sends a gradient to every weight and bias."""
    # What the room says of gradients is a claim; the checks of `train` look at what they do.
    model = placed(submission, library, lecture_weights(draw))
    reached = library.define(HELPERS).with_gradients(model, draw.uniform(8, 1, 28, 28), torch.arange(8))
    assert_equal(reached, [True] * 10)


@pytest.mark.points(0.25)
@pytest.mark.hint("Are the layers made for each network, or once for all of them?")
def test_two_networks_share_nothing(submission, library, draw):
    """Two networks alive at once have weights of their own."""
    weights = [lecture_weights(draw), lecture_weights(draw)]
    images = draw.uniform(2, 1, 28, 28)
    models = [placed(submission, library, each) for each in weights]
    for model, each in zip(models, weights, strict=True):
        assert_close(model(images), lecture_logits(each, images), tolerance=1e-3)
