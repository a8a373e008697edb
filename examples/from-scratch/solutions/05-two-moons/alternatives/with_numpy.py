import numpy as np
import torch
from torch import nn


def read_points(path):
    table = np.genfromtxt(path, delimiter=",", names=True)
    table = np.stack([table["x"], table["y"], table["moon"]], axis=1)
    table = table[~np.isnan(table).any(axis=1)]
    return torch.from_numpy(table[:, :2].astype("float32")), torch.from_numpy(table[:, 2].astype("int64"))


def column_statistics(points):
    a = points.numpy()
    return torch.from_numpy(a.mean(axis=0)), torch.from_numpy(a.std(axis=0))


class Classifier(nn.Module):
    def __init__(self, mean, std, hidden):
        super().__init__()
        self.register_buffer("shift", mean.detach())
        self.register_buffer("scale", 1 / std)
        self.body = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, 2))

    def forward(self, points):
        return self.body((points - self.shift) * self.scale)


def fit(model, points, labels, steps, lr):
    history = []
    for _ in range(steps):
        logp = torch.log_softmax(model(points), 1)
        loss = -logp[torch.arange(len(labels)), labels].mean()
        grads = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, g in zip(model.parameters(), grads):
                p.sub_(lr * g)
        history.append(float(loss))
    return history


@torch.no_grad()
def predict(model, points):
    return torch.max(model(points), dim=1)[1]
