import numpy as np


class Affine:
    def __init__(self, weight, bias=0.0):
        self.weight, self.bias = weight, bias

    def forward(self, x):
        return np.matmul(x, self.weight) + self.bias

    def backward(self, grad, x):
        return np.matmul(grad, self.weight.T), np.matmul(x.T, grad), np.add.reduce(grad)


def affine(x, weight, bias):
    return Affine(weight, bias).forward(x)


def affine_backward(grad, x, weight):
    return Affine(weight).backward(grad, x)


def relu_backward(grad, x):
    mask = np.maximum(np.sign(x), 0)
    return mask * grad


def softmax(logits):
    z = logits.T - logits.max(1)
    p = np.exp(z)
    return np.ascontiguousarray((p / p.sum(0)).T)


def cross_entropy(logits, labels):
    loss, grads = [], []
    for row, label in zip(logits, labels):
        centred = row - np.max(row)
        loss.append(np.log(np.exp(centred).sum()) - centred[label])
        grads.append(softmax(row[None])[0] - (np.arange(len(row)) == label))
    return np.mean(loss), np.stack(grads) / len(loss)
