"""predict and evaluate: answers, modes, and what is counted."""

import math

import pytest
import torch

from grader.checking import assert_close, assert_equal, fetch

# Runs in the room. The logits of `reader` are the image's first ten pixels, so a check chooses the predictions.
HELPERS = """
def reader(*before):
    layer = nn.Linear(784, 10)
    with torch.no_grad():
        layer.weight.copy_(torch.eye(10, 784))
        layer.bias.zero_()
    return nn.Sequential(nn.Flatten(), *before, layer)

def loader(images, labels, batch_size):
    dataset = torch.utils.data.TensorDataset(images, labels)
    return torch.utils.data.DataLoader(dataset, batch_size=batch_size)
"""
# For hidden checks alone: what public ones use goes out to students.
PROBES = (
    HELPERS
    + """
def gauge():
    # Of 2 c x - c^2 for ten levels c, the largest is that of the level nearest to the image's first pixel x.
    levels = torch.arange(10) / 9
    layer = nn.Linear(784, 10)
    with torch.no_grad():
        layer.weight.zero_()
        layer.weight[:, 0] = 2 * levels
        layer.bias.copy_(-levels ** 2)
    return nn.Sequential(nn.Flatten(), layer)

class Moded(nn.Module):
    # Adds its amount while training: what comes out of several tells which of them are.
    def __init__(self, amount, *inner):
        super().__init__()
        self.amount = amount
        self.inner = nn.Sequential(*inner)

    def forward(self, x):
        return self.inner(x) + self.amount * self.training

def moded_reader():
    return Moded(1.0, reader(Moded(2.0), nn.Sequential(Moded(4.0))))

class Unlayered(nn.Module):
    # It has no layer whose mode would matter: its own flag alone decides.
    def forward(self, x):
        logits = x.flatten(1)[:, :10]
        return -logits if self.training else logits

class Recorder(nn.Module):
    # While gradients are recorded, each digit is read as the next one.
    def __init__(self):
        super().__init__()
        self.inner = reader()

    def forward(self, x):
        logits = self.inner(x)
        return logits.roll(1, dims=1) if torch.is_grad_enabled() else logits

def shuffled_loader(images, labels, batch_size):
    return torch.utils.data.DataLoader(list(zip(images, labels)), batch_size=batch_size, shuffle=True)
"""
)


def images_read_as(digits):
    """Images (N, 1, 28, 28) that `reader` reads as the given digits."""
    images = torch.zeros(len(digits), 784)
    images[torch.arange(len(digits)), torch.tensor(digits)] = 1.0
    return images.reshape(-1, 1, 28, 28)


def lopsided(draw, count):
    """Images whose first ten pixels have very different sizes, so that batch normalisation changes the winner."""
    images = draw.uniform(count, 784)
    images[:, :10] *= torch.arange(1, 11) ** 2
    return images.reshape(-1, 1, 28, 28)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The prediction is the index of the largest of ten logits, for each image.")
@pytest.mark.idea("Predictions")
def test_prediction_is_the_largest_logit(submission, library):
    """predict gives each image the digit with the largest logit, as int64 (N,)."""
    model = library.define(HELPERS).reader()
    assert_equal(submission.predict(model, images_read_as([0, 0, 1, 2, 1])), torch.tensor([0, 0, 1, 2, 1]))
    assert_equal(submission.predict(model=model, images=images_read_as([9, 2])), torch.tensor([9, 2]))
    # Whoever goes through many images in parts must not forget the last one.
    many = [7 * i % 10 for i in range(131)]
    assert_equal(submission.predict(model, images_read_as(many)), torch.tensor(many))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Of the images of one digit, which share was read rightly?")
@pytest.mark.idea("Accuracy")
def test_accuracies_of_the_statements_example(submission, library):
    """Five images, three read rightly: 0.6 overall, and one accuracy for each digit."""
    helpers = library.define(HELPERS)
    images, labels = images_read_as([0, 0, 1, 2, 1]), torch.tensor([0, 0, 1, 1, 2])
    expected = (0.6, [1.0, 0.5, 0.0] + [math.nan] * 7)
    assert_close(submission.evaluate(helpers.reader(), helpers.loader(images, labels, 5)), expected, tolerance=1e-5)
    # Other images in a second call: nothing of the first one may be counted again.
    loader = helpers.loader(images_read_as([2, 2]), torch.tensor([2, 2]), 2)
    expected = (1.0, [math.nan, math.nan, 1.0] + [math.nan] * 7)
    assert_close(submission.evaluate(model=helpers.reader(), loader=loader), expected, tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("Try predict with one image. Which shape comes back?")
@pytest.mark.idea("Predictions")
def test_one_image_gives_one_prediction(submission, library):
    """One image gives a tensor of one prediction, of shape (1,)."""
    assert_equal(submission.predict(library.define(HELPERS).reader(), images_read_as([7])), torch.tensor([7]))


@pytest.mark.points(0.25)
@pytest.mark.hint("In which range are the pixels when your function gets them, and in which when the model does?")
@pytest.mark.idea("Predictions")
def test_images_reach_the_model_unchanged(submission, library):
    """predict and evaluate give the model the images as they are."""
    # The prediction depends on how bright a pixel is, so an image that is scaled or shifted is read as another digit.
    helpers = library.define(PROBES)
    # Neither black nor white occurs, so to stretch the pixels from 0 to 1 is to scale them.
    digits = torch.tensor([3, 2, 7, 5, 1, 8, 4])
    images = torch.full((7, 1, 28, 28), 0.4)
    images[:, 0, 0, 0] = digits / 9
    given = library.put(images)
    assert_equal(submission.predict(helpers.gauge(), given), digits)
    assert_equal(fetch(given), images)
    overall, _ = submission.evaluate(helpers.gauge(), helpers.loader(images, digits, 7))
    assert_close(overall, 1.0, tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("Some layers, such as dropout and batch normalisation, behave differently while training.")
@pytest.mark.idea("Evaluation mode")
def test_predict_uses_evaluation_mode(submission, library, draw):
    """predict runs the model in evaluation mode."""
    # Batch normalisation, new and in evaluation mode, changes nothing but the scale; in training mode a lot.
    helpers = library.define(PROBES)
    images = lopsided(draw, 30)
    for model in (helpers.reader(library.torch.nn.BatchNorm1d(784)), helpers.Unlayered()):
        assert_equal(submission.predict(model, images), images.flatten(1)[:, :10].argmax(1))


@pytest.mark.points(0.25)
@pytest.mark.hint("Nobody is going to call backward on a prediction.")
@pytest.mark.idea("Evaluation mode")
def test_predict_records_no_gradients(submission, library):
    """predict runs the model without recording gradients."""
    model, images = library.define(PROBES).Recorder(), images_read_as([8, 6])
    found = submission.predict(model, images)
    recorded = isinstance(found, torch.Tensor) and found.tolist() == [9, 7]
    assert not recorded, "the model ran with gradients being recorded"
    assert_equal(found, torch.tensor([8, 6]))
    afterwards = model(images).argmax(1).tolist()
    assert afterwards == [9, 7], "afterwards gradients are still switched off"


@pytest.mark.points(0.25)
@pytest.mark.hint(
    "Whoever calls you may be in the middle of training, or not. Which mode did the model and its layers have?"
)
@pytest.mark.idea("Evaluation mode")
def test_mode_is_restored(submission, library):
    """predict and evaluate leave the model and its layers in the mode in which they came."""
    # The mode is seen by what comes out of the model: each part adds an amount of its own while it is training.
    helpers = library.define(PROBES)
    images, labels = images_read_as([5, 0, 5]), torch.tensor([5, 0, 1])
    for training in (True, False):
        model = helpers.moded_reader()
        model.train(training)
        logits = images.flatten(1)[:, :10] + 7.0 * training
        assert_close(model(images), logits)
        assert_equal(submission.predict(model, images), torch.tensor([5, 0, 5]))
        assert_close(model(images), logits)
        assert_close(submission.evaluate(model, helpers.loader(images, labels, 3))[0], 2 / 3, tolerance=1e-5)
        assert_close(model(images), logits)


@pytest.mark.points(0.25)
@pytest.mark.hint("Is the accuracy of 2 images worth as much as the accuracy of 8?")
@pytest.mark.idea("Accuracy")
def test_overall_accuracy_counts_images(submission, library):
    """Overall accuracy is right images over all images, also when the last batch is smaller."""
    helpers = library.define(HELPERS)
    digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    loader = helpers.loader(images_read_as(digits), torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 0, 0]), 8)
    overall, _ = submission.evaluate(helpers.reader(), loader)
    assert_close(overall, 0.8, tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("Which images belong to the class 4: those labelled 4, or those read as 4?")
@pytest.mark.idea("Accuracy")
def test_class_accuracy_is_over_the_images_of_the_class(submission, library):
    """A class's accuracy is over the images with that label, whatever else was read as it."""
    helpers = library.define(HELPERS)
    labels = [0, 1, 2, 3, 4, 4, 4, 4, 5, 6, 7, 8, 9, 9]
    read_as = [0, 4, 4, 3, 4, 4, 4, 0, 5, 6, 1, 8, 9, 4]
    # The images of the class 4 lie in two batches, one of them in the first and three in the second.
    loader = helpers.loader(images_read_as(read_as), torch.tensor(labels), 5)
    _, per_class = submission.evaluate(helpers.reader(), loader)
    assert_close(per_class, [1.0, 0.0, 0.0, 1.0, 0.75, 1.0, 1.0, 0.0, 1.0, 0.5], tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("How often do you go through the loader, and is its order the same each time?")
@pytest.mark.idea("Accuracy")
def test_any_order_of_the_loader(submission, library):
    """The accuracies are right whatever the loader's order is, and whatever dataset it takes its batches from."""
    helpers = library.define(PROBES)
    digits = [7 * i % 10 for i in range(60)]
    # The third of each three images is labelled as the digit that follows.
    labels = [(digit + (i % 3 == 2)) % 10 for i, digit in enumerate(digits)]
    per_class = [
        sum(digit == label for digit, label in zip(digits, labels, strict=True) if label == each) / labels.count(each)
        for each in range(10)
    ]
    library.torch.manual_seed(0)
    loader = helpers.shuffled_loader(images_read_as(digits), torch.tensor(labels), 8)
    assert_close(submission.evaluate(helpers.reader(), loader), (40 / 60, per_class), tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("Nothing right of nothing: is that 0, or is it not known?")
@pytest.mark.idea("Accuracy")
def test_class_without_samples_is_nan(submission, library):
    """A class without a sample has the accuracy nan; the others do not notice."""
    helpers = library.define(HELPERS)
    loader = helpers.loader(images_read_as([2, 2, 9]), torch.tensor([2, 9, 9]), 2)
    overall, per_class = submission.evaluate(helpers.reader(), loader)
    assert_close(per_class, [math.nan] * 2 + [1.0] + [math.nan] * 6 + [0.5], tolerance=1e-5)
    assert_close(overall, 2 / 3, tolerance=1e-5)


@pytest.mark.points(0.25)
@pytest.mark.hint("The accuracy of a model should not depend on how its test images are cut into batches.")
@pytest.mark.idea("Evaluation mode")
def test_evaluate_uses_evaluation_mode(submission, library, draw):
    """evaluate runs the model in evaluation mode, in every batch."""
    helpers = library.define(PROBES)
    images = lopsided(draw, 30)
    labels = images.flatten(1)[:, :10].argmax(1)
    for model in (helpers.reader(library.torch.nn.BatchNorm1d(784)), helpers.Unlayered()):
        overall, _ = submission.evaluate(model, helpers.loader(images, labels, 10))
        assert_close(overall, 1.0, tolerance=1e-5)
