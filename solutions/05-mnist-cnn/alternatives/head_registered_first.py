"""The head is registered before the net, the flattening is a layer, the loss is NLL, the counts are numpy's."""

from collections import OrderedDict

import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, RandomSampler, SequentialSampler, TensorDataset


class CNNClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.classification_head = nn.Sequential(
            OrderedDict(
                [
                    ("flatten", nn.Flatten()),
                    ("hidden", nn.Linear(64, 20)),
                    ("activation", nn.ReLU(inplace=True)),
                    ("out", nn.Linear(20, 10)),
                ]
            )
        )
        self.net = nn.Sequential(
            OrderedDict(
                [
                    ("conv_a", nn.Conv2d(1, 64, kernel_size=(3, 3), stride=1, padding="valid")),
                    ("relu_a", nn.ReLU(inplace=True)),
                    ("pool_a", nn.MaxPool2d((2, 2), stride=(2, 2))),
                    ("conv_b", nn.Conv2d(64, 128, kernel_size=(3, 3))),
                    ("relu_b", nn.ReLU(inplace=True)),
                    ("pool_b", nn.MaxPool2d((2, 2), stride=(2, 2))),
                    ("conv_c", nn.Conv2d(128, 64, kernel_size=(3, 3))),
                    ("relu_c", nn.ReLU(inplace=True)),
                    ("pool_c", nn.MaxPool2d((2, 2), stride=(2, 2))),
                ]
            )
        )

    def forward(self, x):
        return self.classification_head(self.net(x))


def make_loader(images, labels, batch_size, shuffle=False):
    x = torch.from_numpy(images.numpy().astype(np.float32)[:, None, :, :] / np.float32(255))
    y = torch.from_numpy(labels.numpy().astype(np.int64))
    data = TensorDataset(x, y)
    sampler = RandomSampler(data) if shuffle else SequentialSampler(data)
    return DataLoader(data, batch_size, sampler=sampler)


def train(model, loader, epochs, lr):
    log_softmax = nn.LogSoftmax(dim=1)
    nll = nn.NLLLoss()
    optimizer = optim.SGD(model.parameters(), lr)
    means = []
    for _ in range(epochs):
        losses, sizes = [], []
        for x, y in loader:
            model.train()
            optimizer.zero_grad(set_to_none=False)
            loss = nll(log_softmax(model(x)), y)
            loss.backward()
            optimizer.step()
            losses.append(float(loss))
            sizes.append(len(y))
        means.append(np.average(losses, weights=sizes))
    return means


@torch.inference_mode()
def predict(model, images):
    before = model.training
    try:
        return model.eval()(images).argmax(-1)
    finally:
        model.train(before)


def evaluate(model, loader):
    confusion = np.zeros((10, 10), dtype=int)
    for x, y in loader:
        np.add.at(confusion, (y.numpy(), predict(model, x).numpy()), 1)
    with np.errstate(invalid="ignore"):
        per_class = np.diag(confusion) / confusion.sum(axis=1)
    return np.trace(confusion) / confusion.sum(), list(per_class)
