# Assignment 2 - convolution with bias
import torch
import torch.nn as nn


def build_conv(kernel, bias):
    # Conv2d wants (out_channels, in_channels, height, width)
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    out_channels, in_channels, kh, kw = kernel.shape

    conv = nn.Conv2d(in_channels, out_channels, kernel_size=(kh, kw), bias=True)
    # clone, otherwise the optimizer would write into the tensor we were given
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)   # channel
    image = image.unsqueeze(0)       # batch
    conv = build_conv(kernel, bias)
    return conv(image)


if __name__ == "__main__":
    image = torch.arange(1, 17, dtype=torch.float32).reshape(4, 4)
    kernel = torch.tensor([[0., -1, 0], [-1, 5, -1], [0, -1, 0]])
    out = conv_with_bias(image, kernel, torch.tensor([5.0]))
    print(out.shape)
    print(out)
