"""The layers of a small classifier, forward and backward, in numpy alone."""

import numpy as np


def affine(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Apply a fully connected layer: (N, D), (D, M), (M,) -> (N, M)."""
    return x @ weight + bias


def affine_backward(grad: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take a gradient back through `affine`.

    Args:
        grad: how the loss changes with each output of the layer, (N, M).
        x: what the layer was given, (N, D).
        weight: (D, M).

    Returns:
        How the loss changes with x, weight and bias: (N, D), (D, M), (M,).
    """
    return grad @ weight.T, x.T @ grad, grad.sum(axis=0)


def relu_backward(grad: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Take a gradient back through max(x, 0): two arrays of one shape -> an array of that shape.

    Where x is exactly 0 the result is 0.
    """
    return np.where(x > 0, grad, 0.0)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn each row of logits into probabilities, however large the logits: (N, C) -> (N, C)."""
    # Taking the same number from all logits of a row leaves the probabilities as they are.
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Take the mean cross-entropy of softmax(logits), and its gradient: (N, C), int64 (N,) -> float, (N, C)."""
    rows = np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)
    # The logarithm of a softmax without the softmax: a probability may be too small for a float, its logarithm is not.
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = softmax(logits)
    gradient[rows, labels] -= 1.0
    return float(-log_probabilities[rows, labels].mean()), gradient / len(labels)
