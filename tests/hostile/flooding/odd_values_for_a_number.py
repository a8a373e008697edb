"""Returns, where a number is asked for, one value after another that is hard to print or to compare.

problem = "01-maxpool"
stopped_by = ["comparison", "codec"]
status = "graded"
at_most = 0
never = ["\\u001b", "\\u202e"]
"""

import torch

VALUES = [
    torch.empty(1 << 40, 0),
    [[10**5000] * 1000] * 1000,
    {frozenset([1, 2]): 3},
    {f"{n}" * 100 for n in range(100_000)},
    torch.tensor([float("nan")] * 5),
    frozenset(),
    object(),
    {"\x1b[2J": "\u202e"},
    b"\xff" * 10_000_000,
    -(10**9_000),
]
calls = 0


def pool_output_size(*args, **kwargs):
    global calls
    calls += 1
    return VALUES[calls % len(VALUES)]


def pool_lecture_image(image):
    return VALUES[calls % len(VALUES)]
