"""Pixels are divided by the largest one among them

That makes a dark set of images as bright as any other, and the same image another one in another set. The divisor is 255,
whatever is in the images. See “From images to batches” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class CNNClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(64, 128, 3),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(128, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
        )
        self.classification_head = nn.Sequential(
            nn.Linear(64, 20),
            nn.ReLU(),
            nn.Linear(20, 10),
        )

    def forward(self, x):
        features = self.net(x)
        return self.classification_head(features.view(x.shape[0], -1))


def make_loader(images, labels, batch_size, shuffle=False):
    images = images.float().unsqueeze(1) / images.max()
    labels = labels.long()
    dataset = TensorDataset(images, labels)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle)


def train(model, loader, epochs, lr):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    model.train()
    for epoch in range(epochs):
        running = 0.0
        count = 0
        for x, y in loader:
            optimizer.zero_grad()
            out = model(x)
            loss = criterion(out, y)
            loss.backward()
            optimizer.step()
            running += loss.item() * x.size(0)
            count += x.size(0)
        history.append(running / count)
    return history


def predict(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = model(images)
    model.train(was)
    return out.argmax(dim=1)


def evaluate(model, loader):
    was = model.training
    model.eval()
    correct = [0] * 10
    total = [0] * 10
    with torch.no_grad():
        for x, y in loader:
            pred = model(x).argmax(dim=1)
            for t, p in zip(y.tolist(), pred.tolist()):
                total[t] += 1
                if t == p:
                    correct[t] += 1
    model.train(was)
    per_class = [c / n if n else float("nan") for c, n in zip(correct, total)]
    return sum(correct) / sum(total), per_class
