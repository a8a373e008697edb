"""The layer's result is handed out without its gradient

Your layer could learn, but the result of conv_module is cut off from it, as `detach()`, `.data` and `torch.no_grad()`
do. No training step ever reaches the weight through such a result. Return what the layer gives you. See
“Two forms of one operation” in the statement.
"""

import torch
from torch import nn
import torch.nn.functional as F


def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    layer = nn.Conv2d(1, 1, kernel_size=tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    layer.weight = nn.Parameter(to_nchw(kernel))
    # the result is wanted for looking at, not for training
    with torch.no_grad():
        return layer(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    by_function = conv_functional(image, kernel, stride, padding)
    by_layer = conv_module(image, kernel, stride, padding)
    return torch.allclose(by_function, by_layer, rtol=0, atol=atol)
