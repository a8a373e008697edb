# Assignment 2 - convolution with bias
import torch
import torch.nn as nn


def build_conv(kernel, bias):
    out_channels = kernel.shape[0]
    in_channels = kernel.shape[1]
    kernel_size = (kernel.shape[2], kernel.shape[3])

    conv = nn.Conv2d(in_channels, out_channels, kernel_size)
    conv.weight = nn.Parameter(kernel.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    conv = build_conv(kernel, bias)
    output = conv(image)
    return output


if __name__ == "__main__":
    # works with the four-axis tensors I tried
    image = torch.rand(1, 1, 4, 4)
    kernel = torch.rand(1, 1, 3, 3)
    print(conv_with_bias(image, kernel, torch.tensor([5.0])).shape)
