"""The layers of a small classifier, forward and backward, in numpy alone."""

import numpy as np


def affine(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Apply a fully connected layer: (N, D), (D, M), (M,) -> (N, M)."""
    # TODO: one matrix product for the whole batch, and the bias for every row.
    raise NotImplementedError


def affine_backward(grad: np.ndarray, x: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take a gradient back through `affine`.

    Args:
        grad: how the loss changes with each output of the layer, (N, M).
        x: what the layer was given, (N, D).
        weight: (D, M).

    Returns:
        How the loss changes with x, weight and bias: (N, D), (D, M), (M,).
    """
    # TODO: the shapes leave one matrix product for x and one for weight; every row added the same bias.
    raise NotImplementedError


def relu_backward(grad: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Take a gradient back through max(x, 0): two arrays of one shape -> an array of that shape.

    Where x is exactly 0 the result is 0.
    """
    # TODO: where does the gradient pass, and what decides it: the gradient or x?
    raise NotImplementedError


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn each row of logits into probabilities, however large the logits: (N, C) -> (N, C)."""
    # TODO: take the largest logit of each row away before np.exp.
    raise NotImplementedError


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Take the mean cross-entropy of softmax(logits), and its gradient: (N, C), int64 (N,) -> float, (N, C)."""
    # TODO: the mean over the batch of -log(probability of the right class); the gradient is short.
    raise NotImplementedError
