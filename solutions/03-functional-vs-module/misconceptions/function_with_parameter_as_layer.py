"""F.conv2d with an nn.Parameter is taken for a layer

Your conv_module calls the function with a parameter. Its result asks for a gradient, but there is no
nn.Conv2d that owns the parameter: nothing lists it, moves it or saves it. Build the layer and give it
the weight. See “Two forms of one operation” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    return image.reshape(1, 1, image.shape[0], image.shape[1])


def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)


def conv_module(image, kernel, stride=1, padding=0):
    weight = nn.Parameter(to_nchw(kernel))
    return F.conv2d(to_nchw(image), weight, stride=stride, padding=padding)


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    o1 = conv_functional(image, kernel, stride, padding)
    o2 = conv_module(image, kernel, stride, padding)
    return torch.allclose(o1, o2, rtol=0, atol=atol)
