import numpy as np

def affine(x, weight, bias):
    # the bias as one more row of the weight, for an input that is always 1
    ones = np.ones((x.shape[0], 1))
    return np.hstack([x, ones]) @ np.vstack([weight, bias])

def affine_backward(grad, x, weight):
    both = np.hstack([x, np.ones((x.shape[0], 1))]).T @ grad
    return np.dot(grad, weight.transpose()), both[:-1], both[-1]

def relu_backward(grad, x):
    return np.multiply(grad, np.heaviside(x, 0.0))

def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))

def cross_entropy(logits, labels):
    n = labels.size
    total = np.logaddexp.reduce(logits, axis=1)
    right = np.choose(labels, logits.T)
    y = np.zeros_like(logits)
    y[range(n), labels] = 1.0
    return np.average(total - right), (softmax(logits) - y) / n
