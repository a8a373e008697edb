"""The slope of ReLU is returned without the gradient

You return ReLU's own slope, ones and zeros. The chain rule multiplies it with the gradient that arrives. See “Back
through ReLU” in the statement.
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
    return np.where(x > 0, 1.0, 0.0)


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
