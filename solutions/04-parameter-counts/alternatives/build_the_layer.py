"""Lets PyTorch build each layer and counts what is there."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    layer = nn.Conv2d(in_channels, out_channels, kernel_size, bias=bias)
    return layer.weight.numel(), layer.bias.numel() if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    layer = nn.Linear(in_features, out_features, bias=bias)
    if layer.bias is None:
        return layer.weight.nelement(), 0
    return layer.weight.nelement(), layer.bias.nelement()


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    with torch.no_grad():
        layer = nn.Conv2d(input_shape[0], filters, kernel_size, stride, padding)
        out = layer(torch.zeros(1, *input_shape))
    # a torch.Size, which is a tuple
    return out.shape[1:]


def parameter_table(model):
    table = {}
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue
        table[name] = len(param.detach().reshape(-1))
    return table


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


if __name__ == "__main__":
    print(conv2d_parameters(3, 1, 2))
