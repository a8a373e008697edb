"""Pictures of a trained network for the student's page. They decide no mark.

They are drawn from what the checker computes with the network's weights; the words are all written here. So nothing of
the hidden images or labels reaches the page by a name or a loss that a student chose. The weights themselves, which
could be anything, are drawn only where they are those of a trained network, and in few shades.
"""

import pytest
import torch
from torch.nn import functional

from grader.model import Bars, Confusion, ImageGrid, Picture, Table

DIGITS = tuple(map(str, range(10)))
LAYERS = (
    "first convolution, weights",
    "first convolution, biases",
    "second convolution, weights",
    "second convolution, biases",
    "third convolution, weights",
    "third convolution, biases",
    "first linear layer, weights",
    "first linear layer, biases",
    "second linear layer, weights",
    "second linear layer, biases",
)
MOST_SHOWN = 12
FILTERS_SHOWN = 32
MAPS_SHOWN = 8
SHADES = 8


class Portrait:
    """Draws what training has made of the network."""

    def __init__(self, figures):
        self._figures = figures

    def draw(self, weights, images, logits, labels, pass_mark, *, genuine):
        """`weights`: ten, in their order of use; `images` (N, 28, 28) uint8, `logits` (N, 10), `labels` (N,) int64, of
        the test images; `genuine`: whether these are the weights of a trained network."""
        predictions = logits.argmax(dim=1)
        self._accuracies(predictions, labels, pass_mark)
        if genuine:
            self._mistakes(images, logits, labels)
            self._filters(weights[0], images)
        self._layers(weights)

    def _accuracies(self, predictions, labels, pass_mark):
        right = predictions == labels
        shares = tuple(right[labels == digit].float().mean().item() for digit in range(10))
        counts = torch.bincount(labels * 10 + predictions, minlength=100).reshape(10, 10)
        note = (
            f"Of all images {right.float().mean().item():.0%} are read rightly. The pass mark, {pass_mark:.0%}, is for "
            "all digits together: a single one may stay below the line."
        )
        self._figures.append(
            Bars(
                "Accuracy per digit", DIGITS, shares, top=1.0, percent=True, mark=pass_mark, note=note,
                x_label="digit in the image", y_label="share read rightly",
            )
        )  # fmt: skip
        rows = tuple(tuple(row) for row in counts.tolist())
        self._figures.append(
            Confusion("Which digit was taken for which", DIGITS, rows, row_label="image", column_label="read as")
        )

    def _mistakes(self, images, logits, labels):
        sure, taken_for = torch.softmax(logits, dim=1).max(dim=1)
        wrong = torch.nonzero(taken_for != labels).flatten()
        worst = wrong[sure[wrong].argsort(descending=True)][:MOST_SHOWN].tolist()
        pictures = tuple(
            Picture(28, 28, images[i].numpy().tobytes(), f"{labels[i]} taken for {taken_for[i]} ({sure[i]:.0%})")
            for i in worst
        )
        if pictures:
            self._figures.append(ImageGrid("Most confidently wrong", pictures))

    def _filters(self, filters, images):
        shades = (filters[:FILTERS_SHOWN, 0] / filters.abs().max().clamp_min(1e-9) * SHADES).round() / SHADES
        grid = tuple(Picture(3, 3, pixels.numpy().tobytes()) for pixels in (shades * 127 + 128).to(torch.uint8))
        self._figures.append(ImageGrid("Filters that the first layer has learned", grid, signed=True))
        image = images[:1].unsqueeze(1).float() / 255
        maps = functional.relu(functional.conv2d(image, filters))[0]
        strongest = maps.sum(dim=(1, 2)).argsort(descending=True)[:MAPS_SHOWN].tolist()
        shades = (maps / maps.max().clamp_min(1e-9) * SHADES).round() / SHADES
        scaled = (shades * 255).to(torch.uint8)
        pictures = [Picture(28, 28, images[0].numpy().tobytes(), "the image")]
        pictures += [Picture(26, 26, scaled[i].contiguous().numpy().tobytes(), f"filter {i}") for i in strongest]
        self._figures.append(ImageGrid("What the strongest of them see, without their biases", tuple(pictures)))

    def _layers(self, weights):
        rows = [
            (name, " x ".join(map(str, weight.shape)), f"{weight.numel():,}")
            for name, weight in zip(LAYERS, weights, strict=True)
        ]
        self._figures.append(Table("Parameters of the network", ("layer", "shape", "parameters"), tuple(rows)))


@pytest.fixture
def portrait(figures):
    """Draws a trained network on the student's page."""
    return Portrait(figures)
