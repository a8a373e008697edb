import torch
from torch import nn, Tensor


@torch.no_grad()
def build_conv(kernel: Tensor, bias: Tensor) -> nn.Conv2d:
    while kernel.ndim < 4:
        kernel = kernel.unsqueeze(0)
    out_channels, in_channels, *size = kernel.shape
    layer = nn.Conv2d(in_channels, out_channels, tuple(size), padding="valid")
    # fill the parameters that are already there instead of replacing them
    layer.weight.copy_(kernel)
    layer.bias.copy_(bias)
    return layer


@torch.no_grad()
def conv_with_bias(image: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    while image.ndim < 4:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image)
