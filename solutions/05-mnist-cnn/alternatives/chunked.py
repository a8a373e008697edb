"""Prediction in chunks that remembers the mode of every submodule, summed losses, collected predictions."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3), nn.ReLU(), nn.MaxPool2d(2))


class CNNClassifier(nn.Module):
    def __init__(self, channels=(1, 64, 128, 64), classes=10):
        super().__init__()
        self.net = nn.Sequential(*[block(i, o) for i, o in zip(channels, channels[1:])], nn.Flatten())
        self.classification_head = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, classes))

    def forward(self, x):
        return self.classification_head(self.net(x))


def make_loader(images, labels, batch_size, shuffle=False, *, num_workers=0):
    def collate(items):
        x = torch.stack([image for image, _ in items]).to(torch.float32).mul_(1 / 255.0)[:, None]
        y = torch.tensor([int(label) for _, label in items])
        return x, y

    return DataLoader(list(zip(images, labels)), batch_size, shuffle, collate_fn=collate, num_workers=num_workers)


def train(model, loader, epochs, lr, verbose=True):
    device = next(model.parameters()).device
    loss_fn = nn.CrossEntropyLoss(reduction="sum")
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0, foreach=False)
    model.train()
    history = []
    for epoch in range(1, epochs + 1):
        total, n = torch.zeros(()), 0
        for i, (x, y) in enumerate(loader):
            x, y = x.to(device), y.to(device)
            summed = loss_fn(model(x), y)
            (summed / len(y)).backward()
            opt.step()
            opt.zero_grad()
            total += summed.detach()
            n += len(y)
            if verbose and i % 100 == 0:
                print(f"epoch {epoch} batch {i}: {summed.item() / len(y):.3f}")
        history.append((total / n).item())
    model.eval()
    return history


class evaluating:
    def __init__(self, model):
        self.modes = {m: m.training for m in model.modules()}

    def __enter__(self):
        for m in self.modes:
            m.training = False

    def __exit__(self, *_):
        for m, mode in self.modes.items():
            m.training = mode


def predict(model, images):
    out = []
    with evaluating(model), torch.no_grad():
        for chunk in images.split(64):
            out.append(model(chunk).softmax(dim=1).topk(1, dim=1).indices.flatten())
    return torch.cat(out)


def evaluate(model, loader):
    guesses, truth = [], []
    for x, y in loader:
        guesses += predict(model, x).tolist()
        truth += y.tolist()
    hits = [g == t for g, t in zip(guesses, truth)]
    classes = []
    for c in range(10):
        own = [hit for hit, t in zip(hits, truth) if t == c]
        classes.append(sum(own) / len(own) if own else math.nan)
    return sum(hits) / len(hits), classes
