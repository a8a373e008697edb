"""There is nothing between the two linear layers

Two linear layers in a row are one linear layer, and a straight line does not tell the moons apart. Put ReLU between them. See
“The network” in the statement.
"""

import csv
import torch
import torch.nn as nn
import torch.nn.functional as F


def read_points(path):
    points, labels = [], []
    with open(path) as f:
        for row in csv.DictReader(f):
            if row["x"] == "" or row["y"] == "" or row["moon"] == "":
                continue
            points.append([float(row["x"]), float(row["y"])])
            labels.append(int(row["moon"]))
    return torch.tensor(points), torch.tensor(labels)


def column_statistics(points):
    mean = points.mean(dim=0)
    std = ((points - mean) ** 2).mean(dim=0).sqrt()
    return mean, std


class Classifier(nn.Module):
    def __init__(self, mean, std, hidden):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, 2)

    def forward(self, x):
        x = (x - self.mean) / self.std
        x = self.fc1(x)
        return self.fc2(x)


def fit(model, points, labels, steps, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(points), labels)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


def predict(model, points):
    with torch.no_grad():
        return model(points).argmax(dim=1)
