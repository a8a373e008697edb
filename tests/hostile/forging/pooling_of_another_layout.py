"""Uses the forbidden pooling on a tensor that lies in memory as oneDNN likes it, where other kernels compute.

problem = "01-maxpool"
stopped_by = ["watch"]
at_most = 0
says = ["take the maximum of each window"]
"""

import torch
import torch.nn.functional as functional


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    x = x.float().contiguous().to_mkldnn()
    return functional.max_pool2d(x, kernel_size, stride or kernel_size, padding, dilation, ceil_mode).to_dense()
