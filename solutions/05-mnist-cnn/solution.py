"""A convolutional network that reads digits: the network, its data, its training, its grades."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

CLASSES = 10


class CNNClassifier(nn.Module):
    """Ten logits per 28x28 image: three convolutions in `net`, two linear layers in `classification_head`."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 64, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classification_head = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, CLASSES))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 28, 28) -> logits (N, 10), for any N of at least 1."""
        features = self.net(x)
        # The batch size is read off the features themselves, so the last, smaller batch fits as well.
        return self.classification_head(features.flatten(start_dim=1))


def make_loader(images: torch.Tensor, labels: torch.Tensor, batch_size: int, shuffle: bool = False) -> DataLoader:
    """uint8 (N, 28, 28), integers (N,) -> batches of float32 (B, 1, 28, 28) in [0, 1] and int64 (B,)."""
    pixels = images.unsqueeze(1).float() / 255
    return DataLoader(TensorDataset(pixels, labels.long()), batch_size=batch_size, shuffle=shuffle)


def train(model: nn.Module, loader: DataLoader, epochs: int, lr: float) -> list[float]:
    """Plain SGD on the mean cross-entropy, in training mode; returns each epoch's mean loss per sample."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    model.train()
    losses = []
    for _ in range(epochs):
        total, samples = 0.0, 0
        for images, labels in loader:
            loss = functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            # cross_entropy is a mean over the batch; times its size it is a sum, and sums can be added.
            total += loss.item() * len(labels)
            samples += len(labels)
        losses.append(total / samples)
    return losses


def predict(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """float32 (N, 1, 28, 28) -> the predicted digits, int64 (N,); the model's mode is left as it was."""
    with evaluation_mode(model), torch.no_grad():
        return model(images).argmax(dim=1)


def evaluate(model: nn.Module, loader: DataLoader) -> tuple[float, list[float]]:
    """Overall accuracy and ten per-class accuracies (nan without samples); the mode is left as it was."""
    right, seen = torch.zeros(2, CLASSES, dtype=torch.float64)
    for images, labels in loader:
        hits = labels[predict(model, images) == labels]
        right += torch.bincount(hits, minlength=CLASSES)
        seen += torch.bincount(labels, minlength=CLASSES)
    # 0 / 0 is nan: exactly what a class without samples should get.
    return (right.sum() / seen.sum()).item(), (right / seen).tolist()


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Evaluation mode inside the `with` block, the former mode after it, even if an error ends the block."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
