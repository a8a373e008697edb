"""An activation between the layers is missing

The slides sometimes leave the activation out of a picture, because it is understood to be there.
Without it, layer after layer stays linear, and only the pooling bends anything. Put a ReLU after
each convolution and between the two linear layers. See “Activations” in the statement.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

VALUES = ("everywhere", "in net", "in the head")
VALUE = VALUES[0]


class CNNClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=3),
            nn.MaxPool2d((2, 2), stride=2),
            nn.Conv2d(64, 128, kernel_size=3),
            nn.MaxPool2d((2, 2), stride=2),
            nn.Conv2d(128, 64, kernel_size=3),
            nn.MaxPool2d((2, 2), stride=2),
        )
        self.classification_head = nn.Sequential(
            nn.Linear(64, 20, bias=True),
            nn.Linear(20, 10, bias=True),
        )
        if VALUE == "in net":
            self.classification_head.insert(1, nn.ReLU())
        if VALUE == "in the head":
            for place in (1, 4, 7):
                self.net.insert(place, nn.ReLU())

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
    correct = [0] * 10
    total = [0] * 10
    for images, labels in loader:
        for guess, label in zip(predict(model, images), labels):
            total[label] += 1
            if guess == label:
                correct[label] += 1
    accuracy = sum(correct) / sum(total)
    per_class = [c / t if t > 0 else float("nan") for c, t in zip(correct, total)]
    return accuracy, per_class
