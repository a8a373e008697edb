import torch
import torch.nn as nn
import torch.nn.functional as F


def to_nchw(image):
    image = image.unsqueeze(dim=0)
    image = image.unsqueeze(dim=0)
    return image


def conv_functional(image, kernel, stride=1, padding=0):
    inputs = to_nchw(image)
    filter = to_nchw(kernel)
    outimage = F.conv2d(inputs, filter, bias=None, stride=stride, padding=padding)
    print("F.conv2d output=", outimage)
    return outimage


def conv_module(image, kernel, stride=1, padding=0):
    inputs = to_nchw(image)
    filter = to_nchw(kernel)
    conv = nn.Conv2d(1, 1, kernel_size=(kernel.shape[0], kernel.shape[1]),
                     stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(filter)
    out = conv(inputs)
    print("nn.Conv2d output=", out)
    return out


def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    o1 = conv_functional(image, kernel, stride, padding)
    o2 = conv_module(image, kernel, stride, padding)
    return torch.allclose(o1, o2, rtol=0, atol=atol)


if __name__ == "__main__":
    print(outputs_match(torch.rand(6, 6), torch.ones(3, 3)))
