"""Uses the forbidden pooling by an alias, by getattr, by torch.ops, and in another thread.

problem = "01-maxpool"
stopped_by = ["watch"]
status = "graded"
at_most = 0
says = ["take the maximum of each window"]
"""

import threading

import torch
import torch.nn.functional as functional
from torch.nn.functional import max_pool2d as innocent

by_getattr = getattr(functional, "max_" + "pool2d")
calls = 0


def in_a_thread(*args):
    found = []
    thread = threading.Thread(target=lambda: found.append(functional.max_pool2d(*args)))
    thread.start()
    thread.join()
    return found[0]


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    global calls
    calls += 1
    ways = [
        innocent,
        by_getattr,
        torch.max_pool2d,
        torch._C._nn.max_pool2d_with_indices,
        lambda *a: torch.ops.aten.max_pool2d(*a),
        lambda *a: torch.nn.MaxPool2d(*a[1:])(a[0]),
        in_a_thread,
    ]
    answer = ways[calls % len(ways)](x, kernel_size, stride or kernel_size, padding, dilation, ceil_mode)
    return answer[0] if isinstance(answer, tuple) else answer
