"""A class's accuracy is the mean of its accuracies in the batches

A batch with one image of a class then counts as much as a batch with three. Count the right images and all images of
each class over all batches, and divide once. See “Accuracy” in the statement.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class CNNClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d((2, 2), stride=2),
            nn.Conv2d(64, 128, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d((2, 2), stride=2),
            nn.Conv2d(128, 64, kernel_size=3),
            nn.ReLU(),
            nn.MaxPool2d((2, 2), stride=2),
        )
        self.classification_head = nn.Sequential(
            nn.Linear(64, 20, bias=True),
            nn.ReLU(),
            nn.Linear(20, 10, bias=True),
        )

    def forward(self, x):
        features = self.net(x)
        return self.classification_head(features.view(features.size(0), -1))


def make_loader(images, labels, batch_size, shuffle=False):
    images = images.unsqueeze(1).float() / 255
    labels = labels.long()
    return DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=shuffle)


def train(model, loader, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    model.train()
    history = []
    for epoch in range(epochs):
        total_loss = 0
        total = 0
        for images, labels in loader:
            optimizer.zero_grad()
            outputs = model(images)
            loss = F.cross_entropy(outputs, labels)
            loss.backward()
            optimizer.step()
            total_loss += loss.item() * images.size(0)
            total += images.size(0)
        history.append(total_loss / total)
    return history


def predict(model, images):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        outputs = model(images)
    model.train(was_training)
    return outputs.argmax(dim=1)


def evaluate(model, loader):
    correct = 0
    total = 0
    accuracies = [[] for _ in range(10)]
    for images, labels in loader:
        right = predict(model, images) == labels
        correct += right.sum().item()
        total += len(labels)
        for digit in range(10):
            of_digit = right[labels == digit]
            if len(of_digit) > 0:
                accuracies[digit].append(of_digit.float().mean().item())
    per_class = [sum(each) / len(each) if each else float("nan") for each in accuracies]
    return correct / total, per_class
