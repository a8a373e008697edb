"""The caller's gradient is overwritten

`grad[x <= 0] = 0` writes into the array that you were given. Copy it first, or use np.where. The statement's second
paragraph says so.
"""

import numpy as np


def affine(x, weight, bias):
    return x @ weight + bias


def affine_backward(grad, x, weight):
    dx = grad @ weight.T
    dw = x.T @ grad
    db = grad.sum(axis=0)
    return dx, dw, db


def relu_backward(grad, x):
    grad[x <= 0] = 0
    return grad


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(logits, labels):
    n = len(labels)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), labels].mean()
    grad = np.exp(log_p)
    grad[np.arange(n), labels] -= 1
    return float(loss), grad / n
