import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

to_nchw = lambda image: image.reshape(1, 1, image.shape[0], image.shape[1])


def conv_functional(image, kernel, stride=1, padding=0):
    x, w = map(to_nchw, (image, kernel))
    return F.conv2d(input=x, weight=w, stride=stride, padding=padding)


def _model(kernel, stride, padding):
    model = nn.Sequential(nn.LazyConv2d(1, tuple(kernel.shape), stride=stride, padding=padding, bias=False))
    model(torch.zeros(1, 1, 64, 64))            # lets the lazy layer find its number of channels
    model[0].weight = nn.Parameter(to_nchw(kernel).clone(), requires_grad=True)
    return model


def conv_module(image, kernel, stride=1, padding=0):
    return _model(kernel, stride, padding)(to_nchw(image))


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    first = conv_functional(image, kernel, stride, padding).numpy()
    second = conv_module(image, kernel, stride, padding).detach().numpy()
    return np.abs(first - second).max() <= atol          # a numpy bool
