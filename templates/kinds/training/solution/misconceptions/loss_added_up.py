"""The loss is a sum over the points

A sum grows with the number of points, and so do its steps. The loss is the mean. See “What to write” in the statement.
"""

import csv

import torch
import torch.nn.functional as F


def read_table(path):
    xs, ys = [], []
    for row in csv.DictReader(open(path)):
        xs.append([float(row["x"])])
        ys.append([float(row["y"])])
    return torch.tensor(xs), torch.tensor(ys)


def fit(model, x, y, steps, lr):
    losses = []
    for step in range(steps):
        model.zero_grad()
        loss = F.mse_loss(model(x), y, reduction="sum")
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses
