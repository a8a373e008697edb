"""The prediction is the largest number itself, not its place

torch.max(outputs, 1) gives two tensors: the largest numbers, and where they are. The digit is the place of
the largest one, which argmax gives alone. See “Predictions” in the statement.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

VALUES = ("logit", "probability")
VALUE = VALUES[0]


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
        if VALUE == "probability":
            outputs = outputs.softmax(dim=1)
        predicted, _ = torch.max(outputs, 1)
    model.train(was_training)
    return predicted


def evaluate(model, loader):
    was_training = model.training
    model.eval()
    correct = [0] * 10
    total = [0] * 10
    with torch.no_grad():
        for images, labels in loader:
            for guess, label in zip(model(images).argmax(1), labels):
                total[label] += 1
                if guess == label:
                    correct[label] += 1
    model.train(was_training)
    accuracy = sum(correct) / sum(total)
    per_class = [c / t if t > 0 else float("nan") for c, t in zip(correct, total)]
    return accuracy, per_class
