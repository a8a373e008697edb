"""The caller's logits are overwritten

`logits -= …` writes into the array that you were given. Write `logits = logits - …`, which makes a new one. See “What to
write” in the statement.
"""

import numpy as np


def softmax(logits):
    logits -= logits.max(axis=1, keepdims=True)
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
