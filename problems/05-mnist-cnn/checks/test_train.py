"""train: what is minimised, how a step is made, what is reported.

Most checks train a model of one linear layer, made in the room: `train` is to work for any module, and what comes out
can be computed here, step by step, in float64.
"""

import math

import pytest
import torch
from torch.nn import functional

from grader.checking import assert_close, assert_equal

pytestmark = pytest.mark.idea("Training")

# Runs in the room.
HELPERS = """
def linear(weight, bias, *before):
    layer = nn.Linear(784, 10)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return nn.Sequential(nn.Flatten(), *before, layer)

def loader(images, labels, batch_size, drop_last=False):
    dataset = torch.utils.data.TensorDataset(images, labels)
    return torch.utils.data.DataLoader(dataset, batch_size=batch_size, drop_last=drop_last)

class Noisy(torch.utils.data.Dataset):
    # Each time an image is taken it is another one, as from a dataset that moves or turns its images at random.
    taken = []

    def __len__(self):
        return 8

    def __getitem__(self, i):
        self.taken.append(torch.rand(1, 28, 28))
        return self.taken[-1], i

def noisy_loader():
    return torch.utils.data.DataLoader(Noisy(), batch_size=4)

def taken_images():
    return torch.stack(Noisy.taken)

def place(model, weights):
    '''Give each parameter the weights of its own shape; False where one has another shape.'''
    found = {tuple(parameter.shape) for parameter in model.parameters()}
    if found != {tuple(weight.shape) for weight in weights}:
        return False
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(next(weight for weight in weights if weight.shape == parameter.shape))
    return True
"""
CONVOLUTIONS = [(64, 1, 3, 3), (128, 64, 3, 3), (64, 128, 3, 3)]


def some_linear(draw):
    return 0.05 * draw.normal(10, 784), 0.1 * draw.normal(10)


def some_images(draw, count):
    return draw.uniform(count, 1, 28, 28), draw.integers(0, 10, (count,))


def descend(parameters, loss_of, batches, epochs, lr):
    """Plain SGD in float64: the parameters at the end, and for each epoch its losses, met while training."""
    parameters = [each.double() for each in parameters]
    history = []
    for _ in range(epochs):
        history.append([])
        for images, labels in batches:
            parameters = [each.detach().requires_grad_() for each in parameters]
            loss = functional.cross_entropy(loss_of(parameters, images.double()), labels)
            gradients = torch.autograd.grad(loss, parameters)
            parameters = [p - lr * g for p, g in zip(parameters, gradients, strict=True)]
            history[-1].append(loss.item())
    return [each.detach().float() for each in parameters], history


def linear_logits(parameters, images):
    return functional.linear(images.flatten(1), *parameters)


def split(images, labels, size):
    return list(zip(images.split(size), labels.split(size), strict=True))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("One plain float for each epoch. Follow the statement's two black images: loss, step, loss again.")
def test_one_loss_per_epoch(submission, library):
    """train returns one loss per epoch, beginning at ln 10 for a model that knows nothing."""
    # Black images leave the bias alone to learn that everything is a 3: 0.9 up for it, 0.1 down for the others.
    images, labels = torch.zeros(2, 1, 28, 28), torch.tensor([3, 3])
    helpers = library.define(HELPERS)
    for epochs, call in (
        (2, lambda model, loader: submission.train(model, loader, 2, 1.0)),
        (1, lambda model, loader: submission.train(model=model, loader=loader, epochs=1, lr=1.0)),
    ):
        model = helpers.linear(torch.zeros(10, 784), torch.zeros(10))
        losses = call(model, helpers.loader(images, labels, 2))
        assert_close(losses, [math.log(10), math.log(1 + 9 / math.e)][:epochs], tolerance=1e-4)


# The network is the student's own, right or wrong: left out of the search for misconceptions about training.
@pytest.mark.unrecognised
@pytest.mark.points(0.25)
@pytest.mark.hint("New weights = old weights - lr * gradient of the mean cross-entropy, and nothing else.")
def test_one_step_of_the_network(submission, library, draw):
    """One step of SGD moves the network's weights exactly as it should."""
    shapes = [*CONVOLUTIONS, (20, 64), (10, 20)]
    kernels = [draw.normal(*shape) * 1.5 / math.sqrt(math.prod(shape[1:])) for shape in shapes]
    # The first and the third convolution start with the same biases, so it does not matter which is which.
    biases = {shape[0]: 0.1 * draw.normal(shape[0]) for shape in shapes}
    start = [*kernels, *(biases[shape[0]] for shape in shapes)]

    def logits(parameters, x):
        kernels, biases = parameters[:5], parameters[5:]
        for kernel, bias in zip(kernels[:3], biases[:3], strict=True):
            x = functional.max_pool2d(functional.relu(functional.conv2d(x, kernel, bias)), 2)
        x = functional.relu(functional.linear(x.flatten(1), kernels[3], biases[3]))
        return functional.linear(x, kernels[4], biases[4])

    images, labels = some_images(draw, 8)
    after, _ = descend(start, logits, [(images, labels)], 1, 0.1)
    helpers = library.define(HELPERS)
    model = submission.CNNClassifier()
    fits = helpers.place(model, [*kernels, *biases.values()])
    assert fits is True, "the network's weights and biases do not have the shapes of the lecture's"
    submission.train(model, helpers.loader(images, labels, 8), epochs=1, lr=0.1)
    expected = logits([each.double() for each in after], images.double()).float()
    unmoved = logits([each.double() for each in start], images.double()).float()
    assert (expected - unmoved).abs().max() > 0.1, "the step is too small to be seen"
    assert_close(model(images), expected, tolerance=2e-3)


@pytest.mark.points(0.5)
@pytest.mark.hint("What does a step know of the batches before it? In plain SGD: nothing.")
def test_every_step_stands_alone(submission, library, draw):
    """Each step uses the gradient of its own batch alone: no momentum, nothing left over."""
    weight, bias = some_linear(draw)
    images, labels = some_images(draw, 12)
    # Dark images keep the steps stable, so that float32 stays within 1e-7 and even a small weight decay shows.
    images, weight = 0.3 * images, 2 * weight
    (new_weight, new_bias), _ = descend((weight, bias), linear_logits, split(images, labels, 4), 3, 0.1)
    helpers = library.define(HELPERS)
    model = helpers.linear(weight, bias)
    submission.train(model, helpers.loader(images, labels, 4), 3, 0.1)
    assert_close(model[1].weight, new_weight, tolerance=2e-6)
    assert_close(model[1].bias, new_bias, tolerance=2e-6)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "A batch of 2 images should not count as much as a batch of 8. And what is trained on, the loader says, which may "
    "leave images out."
)
def test_mean_loss_counts_every_sample_once(submission, library, draw):
    """An epoch's loss is the mean over its samples, also when the last batch is smaller."""
    weight, bias = some_linear(draw)
    images, labels = some_images(draw, 10)
    # The two images of the last batch are much harder than the others: their label is the least likely one.
    logits = linear_logits((weight, bias), images)
    labels = torch.cat([logits[:8].argmax(1), logits[8:].argmin(1)])
    batches = split(images, labels, 8)
    _, [losses] = descend((weight, bias), linear_logits, batches, 1, 1e-4)
    expected = (8 * losses[0] + 2 * losses[1]) / 10
    assert abs(expected - sum(losses) / 2) > 0.3, "the batches are too much alike for this check"
    helpers = library.define(HELPERS)
    found = submission.train(helpers.linear(weight, bias), helpers.loader(images, labels, 8), epochs=1, lr=1e-4)
    assert_close(found, [expected], tolerance=1e-3)
    # A loader that leaves out its last batch: eight images are met, not as many as its dataset holds.
    loader = helpers.loader(images, labels, 8, True)
    assert_close(submission.train(helpers.linear(weight, bias), loader, 1, 1e-4), [losses[0]], tolerance=1e-3)


@pytest.mark.points(0.25)
@pytest.mark.hint("Collect the loss of every batch at the moment you compute it for the step.")
def test_losses_are_those_met_while_training(submission, library, draw):
    """The losses are those met on the way: of every batch, before its own step."""
    weight, bias = some_linear(draw)
    images, labels = some_images(draw, 12)
    _, history = descend((weight, bias), linear_logits, split(images, labels, 4), 3, 0.02)
    helpers = library.define(HELPERS)
    found = submission.train(helpers.linear(weight, bias), helpers.loader(images, labels, 4), epochs=3, lr=0.02)
    assert_close(found, [sum(losses) / 3 for losses in history], tolerance=1e-4)


@pytest.mark.points(0.25)
@pytest.mark.hint("A loader may give other batches on the next pass. Does your second epoch get to see them?")
def test_every_epoch_goes_through_the_loader(submission, library, draw):
    """Each epoch trains on the batches that the loader gives in that epoch."""
    weight, bias = some_linear(draw)
    helpers = library.define(HELPERS)
    library.torch.manual_seed(0)
    # Steps as short as these change nothing: only other images make for another loss.
    losses = submission.train(helpers.linear(weight, bias), helpers.noisy_loader(), 3, 1e-9)
    images = helpers.taken_images()
    assert len(images) >= 24, f"of 8 images in each of 3 epochs, {len(images)} were taken from the loader"
    # Somebody may have looked at a batch before the training: the last images are those trained on.
    logits = linear_logits((weight, bias), images[-24:])
    expected = functional.cross_entropy(logits, torch.arange(8).repeat(3), reduction="none").reshape(3, 8).mean(1)
    assert_close(losses, expected.tolist(), tolerance=1e-4)


@pytest.mark.points(0.25)
@pytest.mark.hint("Somebody may have evaluated the model just before. In which mode does each of your epochs run then?")
def test_training_mode_is_switched_on(submission, library, draw):
    """A model that arrives in evaluation mode is trained in training mode, in every epoch."""
    weight, bias = some_linear(draw)
    images, labels = some_images(draw, 12)
    helpers = library.define(HELPERS)
    # Batch normalisation tells the modes apart: only in training does it use the mean and variance of the batch.
    model = helpers.linear(weight, bias, library.torch.nn.BatchNorm1d(784))
    model.eval()

    def mean_loss(change):
        losses = [
            functional.cross_entropy(linear_logits((weight.double(), bias.double()), change(x)), y).item()
            for x, y in split(images.double().flatten(1), labels, 6)
        ]
        return sum(losses) / 2

    expected = mean_loss(lambda x: (x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt())
    assert abs(expected - mean_loss(lambda x: x)) > 0.1, "the two modes are too much alike for this check"
    # The steps are too short to change anything, so both epochs have the same loss.
    losses = submission.train(model, helpers.loader(images, labels, 6), 2, 1e-7)
    assert_close(losses, [expected, expected], tolerance=1e-3)


# Slow, and its numbers depend on the initial weights.
@pytest.mark.unrecognised
@pytest.mark.points(0.25)
@pytest.mark.hint(
    "If four images cannot be learned by heart, look at each line of the training loop: which one is idle?"
)
def test_a_small_batch_is_learned_by_heart(submission, library, dataset):
    """Four images are learned by heart: the loss falls from 2.3 to almost nothing."""
    chosen = [(dataset.train_labels == digit).nonzero()[0].item() for digit in range(4)]
    images = dataset.train_images[chosen].unsqueeze(1).float() / 255
    library.torch.manual_seed(0)
    model = submission.CNNClassifier()
    loader = library.define(HELPERS).loader(images, torch.arange(4), 4)
    losses = submission.train(model, loader, epochs=75, lr=0.1)
    assert_equal(len(losses), 75)
    # Ten seeds and all alternatives end below 0.05. Knowing only which four digits occur is worth ln 4 = 1.39.
    assert losses[-1] < 0.3, f"the loss ends at {losses[-1]:.2f}"
    assert_equal(submission.predict(model, images), torch.arange(4))
