"""A layer is taken for the functional form

Your conv_functional builds an nn.Conv2d and runs it. Even where the gradient is kept out of its result, by `detach()`,
`no_grad` or a frozen weight, a layer with a parameter was made and thrown away. The functional form calls F.conv2d with
the kernel itself, and there is nothing to detach. See “Two forms of one operation” in the statement.
"""

import torch
import torch.nn as nn

def to_nchw(image):
    return image.unsqueeze(0).unsqueeze(0)

def conv_functional(image, kernel, stride=1, padding=0):
    # same thing, only without the grad_fn
    return conv_module(image, kernel, stride, padding).detach()

def conv_module(image, kernel, stride=1, padding=0):
    conv = nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(to_nchw(kernel))
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    return torch.allclose(conv_functional(image, kernel, stride, padding),
                          conv_module(image, kernel, stride, padding), rtol=0, atol=atol)
