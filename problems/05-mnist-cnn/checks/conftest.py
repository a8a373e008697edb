"""Pictures of a trained network for the student's page. They decide no mark."""

import pytest
import torch
from torch.nn import functional

from grader.checking import StudentRaised
from grader.model import Bars, Confusion, Curve, ImageGrid, Picture, Series, Table

DIGITS = tuple(map(str, range(10)))
EXPECTED = {
    (64, 1, 3, 3): "first convolution, weights",
    (64,): "first and third convolution, biases",
    (128, 64, 3, 3): "second convolution, weights",
    (128,): "second convolution, biases",
    (64, 128, 3, 3): "third convolution, weights",
    (20, 64): "first linear layer, weights",
    (20,): "first linear layer, biases",
    (10, 20): "second linear layer, weights",
    (10,): "second linear layer, biases",
}
LOOK = """
def parameters(model):
    return [(name, tuple(p.shape)) for name, p in model.named_parameters()][:200]

def first_filters(model):
    return next((p.detach() for p in model.parameters() if tuple(p.shape) == (64, 1, 3, 3)), None)

def logits(model, images):
    model.eval()
    with torch.no_grad():
        return model(images)
"""
MOST_SHOWN = 12
FILTERS_SHOWN = 32
MAPS_SHOWN = 8


class Portrait:
    """Draws what training has made of the network. What the room says of it is shown as it is said."""

    def __init__(self, library, figures):
        self._library = library
        self._figures = figures

    def draw(self, model, losses, images, predictions, labels, pass_mark):
        """`losses`: what train returned, one list a call; `images` (N, 28, 28) uint8; the others (N,) int64."""
        self._losses(losses)
        self._accuracies(predictions, labels, pass_mark)
        try:
            look = self._library.define(LOOK)
            self._mistakes(look, model, images, predictions, labels)
            self._filters(look, model, images)
            self._parameters(look, model)
        except (StudentRaised, ValueError, TypeError, RuntimeError):
            # A network that cannot be looked at is judged by the checks, not by its pictures.
            return

    def _losses(self, losses):
        told = [loss for part in losses if isinstance(part, list) for loss in part if isinstance(loss, float)]
        if told:
            note = "The second epoch sees other images, in larger batches, and takes shorter steps."
            series = (Series("loss", tuple(told[:100])),)
            self._figures.append(Curve("Mean loss per epoch, as train returned it", "epoch", "loss", series, note=note))

    def _accuracies(self, predictions, labels, pass_mark):
        right = predictions == labels
        shares = tuple(right[labels == digit].float().mean().item() for digit in range(10))
        known = (predictions >= 0) & (predictions <= 9)
        counts = torch.bincount(labels[known] * 10 + predictions[known], minlength=100).reshape(10, 10)
        self._figures.append(
            Bars(
                "Accuracy per digit",
                DIGITS,
                shares,
                top=1.0,
                percent=True,
                mark=pass_mark,
                note="The line is the pass mark.",
            )
        )
        self._figures.append(
            Confusion("Which digit was taken for which", DIGITS, tuple(tuple(row) for row in counts.tolist()))
        )

    def _mistakes(self, look, model, images, predictions, labels):
        logits = look.logits(model, images.unsqueeze(1).float() / 255)
        if not isinstance(logits, torch.Tensor) or logits.shape != (len(labels), 10):
            return
        sure, taken_for = torch.softmax(logits.detach().float().nan_to_num(), dim=1).max(dim=1)
        wrong = torch.nonzero(taken_for != labels).flatten()
        worst = wrong[sure[wrong].argsort(descending=True)][:MOST_SHOWN].tolist()
        pictures = tuple(
            Picture(28, 28, images[i].numpy().tobytes(), f"{labels[i]} taken for {taken_for[i]} ({sure[i]:.0%})")
            for i in worst
        )
        if pictures:
            self._figures.append(ImageGrid("Most confidently wrong", pictures))

    def _filters(self, look, model, images):
        filters = look.first_filters(model)
        if not isinstance(filters, torch.Tensor) or filters.shape != (64, 1, 3, 3):
            return
        filters = filters.float().nan_to_num()
        shown = (filters[:FILTERS_SHOWN, 0] / filters.abs().max().clamp_min(1e-9) * 127 + 128).to(torch.uint8)
        grid = tuple(Picture(3, 3, pixels.numpy().tobytes()) for pixels in shown)
        self._figures.append(ImageGrid("Filters that the first layer has learned", grid, signed=True))
        image = images[:1].unsqueeze(1).float() / 255
        maps = functional.relu(functional.conv2d(image, filters))[0]
        strongest = maps.sum(dim=(1, 2)).argsort(descending=True)[:MAPS_SHOWN].tolist()
        scaled = (maps / maps.max().clamp_min(1e-9) * 255).to(torch.uint8)
        pictures = [Picture(28, 28, images[0].numpy().tobytes(), "the image")]
        pictures += [Picture(26, 26, scaled[i].contiguous().numpy().tobytes(), f"filter {i}") for i in strongest]
        self._figures.append(ImageGrid("What the strongest of them see, without their biases", tuple(pictures)))

    def _parameters(self, look, model):
        rows, wrong = [], []
        for index, (name, shape) in enumerate(look.parameters(model)):
            meaning = EXPECTED.get(shape, "not in the lecture's network")
            if shape not in EXPECTED:
                wrong.append(index)
            count = int(torch.tensor(shape).prod()) if shape else 1
            rows.append((str(name), " x ".join(map(str, shape)), f"{count:,}", meaning))
        columns = ("name", "shape", "parameters", "in the lecture")
        self._figures.append(Table("Parameters of the network", columns, tuple(rows), wrong=tuple(wrong)))


@pytest.fixture
def portrait(library, figures):
    """Draws a trained network on the student's page."""
    return Portrait(library, figures)
