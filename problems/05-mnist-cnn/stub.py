"""A convolutional network that reads digits: the network, its data, its training, its grades."""

import torch
from torch import nn
from torch.utils.data import DataLoader


class CNNClassifier(nn.Module):
    """Ten logits per 28x28 image: three convolutions in `net`, two linear layers in `classification_head`."""

    def __init__(self) -> None:
        super().__init__()
        # TODO: self.net and self.classification_head
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 28, 28) -> logits (N, 10), for any N of at least 1."""
        # TODO: features first, then one row of them per image into the head
        raise NotImplementedError


def make_loader(images: torch.Tensor, labels: torch.Tensor, batch_size: int, shuffle: bool = False) -> DataLoader:
    """uint8 (N, 28, 28), integers (N,) -> batches of float32 (B, 1, 28, 28) in [0, 1] and int64 (B,)."""
    # TODO: prepare all images and labels at once, then let a DataLoader cut the batches
    raise NotImplementedError


def train(model: nn.Module, loader: DataLoader, epochs: int, lr: float) -> list[float]:
    """Plain SGD on the mean cross-entropy, in training mode; returns each epoch's mean loss per sample."""
    # TODO: for each epoch, for each batch: forward, loss, backward, step
    raise NotImplementedError


def predict(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """float32 (N, 1, 28, 28) -> the predicted digits, int64 (N,); the model's mode is left as it was."""
    # TODO: the largest logit wins; think of the mode and of gradients
    raise NotImplementedError


def evaluate(model: nn.Module, loader: DataLoader) -> tuple[float, list[float]]:
    """Overall accuracy and ten per-class accuracies (nan without samples); the mode is left as it was."""
    # TODO: count the right answers and the images of each class over all batches
    raise NotImplementedError
