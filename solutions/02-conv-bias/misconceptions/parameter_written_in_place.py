"""A parameter is written into while gradients are recorded

torch refuses to change a tensor in place that asks for a gradient, because it could not tell how. Put a new
nn.Parameter with a copy of the numbers in its place, or copy them under torch.no_grad(). See “Numbers that can be
learned” in the statement.
"""

from torch import nn

VALUES = ("by index", "by copy_")
VALUE = VALUES[0]


def build_conv(kernel, bias):
    if kernel.dim() == 2:
        kernel = kernel.unsqueeze(0).unsqueeze(0)
    conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], tuple(kernel.shape[2:]))
    if VALUE == "by index":
        conv.weight[:] = kernel
        conv.bias[:] = bias
    else:
        conv.weight.copy_(kernel)
        conv.bias.copy_(bias)
    return conv


def conv_with_bias(image, kernel, bias):
    if image.dim() == 2:
        image = image.unsqueeze(0)
    return build_conv(kernel, bias)(image.unsqueeze(0))
