"""As in many tutorials: a device, a criterion, epoch functions, progress printed, subclasses of Dataset and Sequential."""
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, Dataset

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
criterion = nn.CrossEntropyLoss()


class ConvNet(nn.Sequential):
    def __init__(self):
        layers = []
        for i, o in [(1, 64), (64, 128), (128, 64)]:
            layers += [nn.Conv2d(i, o, kernel_size=3, stride=1, padding=0, bias=True), nn.ReLU(), nn.MaxPool2d(kernel_size=2, stride=2)]
        super().__init__(*layers)


class CNNClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = ConvNet()
        self.classification_head = nn.Sequential(nn.Linear(64, 20, bias=True), nn.ReLU(), nn.Linear(20, 10, bias=True))
        self.to(device)

    def forward(self, x):
        x = self.net(x)
        x = torch.flatten(x, 1)
        logits = self.classification_head(x)
        return logits


class MNISTDataset(TensorDataset):
    def __init__(self, images, labels, transform=None):
        super().__init__(images, labels)
        self.transform = transform

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        if self.transform:
            image = self.transform(image)
        return image, label.long()


def to_tensor(image):
    return image.unsqueeze(0).type(torch.FloatTensor) / 255.


def make_loader(images, labels, batch_size, shuffle=False, drop_last=False):
    dataset = MNISTDataset(images, labels, transform=to_tensor)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, num_workers=0)


def train_one_epoch(model, loader, optimizer):
    model.train()
    loss_sum, seen = 0, 0
    for batch_idx, (data, target) in enumerate(loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * data.size(0)
        seen += data.size(0)
    return loss_sum / seen


def train(model, loader, epochs, lr):
    optimizer = optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        losses.append(train_one_epoch(model, loader, optimizer))
        print(f"Epoch {epoch + 1}/{epochs}, loss: {losses[-1]:.4f}")
    return losses


def predict(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        output = model(images.to(device))
        pred = output.data.max(1, keepdim=True)[1]
    if training:
        model.train()
    else:
        model.eval()
    return pred.view(-1).cpu()


def evaluate(model, loader):
    training = model.training
    model.eval()
    class_correct = [0.] * 10
    class_total = [0.] * 10
    correct, total = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            _, predicted = torch.max(model(images), 1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
            c = predicted == labels
            for i in range(labels.size(0)):
                class_correct[labels[i]] += c[i].item()
                class_total[labels[i]] += 1
    model.train(training)
    accuracy = correct / total
    print(f"Accuracy: {100 * accuracy:.2f} %")
    class_accuracy = []
    for i in range(10):
        if class_total[i] == 0:
            class_accuracy.append(float('nan'))
        else:
            class_accuracy.append(class_correct[i] / class_total[i])
    return accuracy, class_accuracy
