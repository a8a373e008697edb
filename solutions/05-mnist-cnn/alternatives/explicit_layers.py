"""Named layers and functional ReLU and pooling, a Dataset of its own, the SGD step by hand, counting in Python."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Features(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 64, 3)
        self.conv2 = nn.Conv2d(64, 128, 3)
        self.conv3 = nn.Conv2d(128, 64, 3)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            # pooling first: the maximum of the ReLUs is the ReLU of the maximum
            x = F.relu(F.max_pool2d(conv(x), 2))
        return x


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 20)
        self.fc2 = nn.Linear(20, 10)

    def forward(self, x):
        x = x.view(-1, 64)
        return self.fc2(F.relu(self.fc1(x)))


class CNNClassifier(nn.Module):
    def __init__(self):
        super(CNNClassifier, self).__init__()
        self.net = Features()
        self.classification_head = Head()

    def forward(self, x):
        return self.classification_head(self.net(x))


class Digits(Dataset):
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.images[i].float().div(255).unsqueeze(0), int(self.labels[i])


def make_loader(images, labels, batch_size, shuffle=False):
    return DataLoader(Digits(images, labels), batch_size=batch_size, shuffle=shuffle)


def train(model, loader, epochs, lr):
    history = []
    for epoch in range(epochs):
        model.train()
        running = 0.0
        count = 0
        for x, y in loader:
            model.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            running += loss.item() * x.size(0)
            count += x.size(0)
        history.append(running / count)
    return history


def predict(model, images):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        _, digits = torch.max(model(images), 1)
    model.train(was_training)
    return digits


def evaluate(model, loader):
    was_training = model.training
    model.eval()
    right = {d: 0 for d in range(10)}
    total = {d: 0 for d in range(10)}
    with torch.no_grad():
        for x, y in loader:
            for guess, label in zip(model(x).argmax(dim=1), y):
                label = label.item()
                total[label] += 1
                if guess.item() == label:
                    right[label] += 1
    if was_training:
        model.train()
    per_class = [right[d] / total[d] if total[d] else float("nan") for d in range(10)]
    return sum(right.values()) / sum(total.values()), per_class
