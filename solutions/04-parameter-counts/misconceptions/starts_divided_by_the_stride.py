"""The stride divides the places instead of the steps

The first window stands there before any step: (n + 2p − f) / s steps, and then add 1. The 1 is not divided. See “Stride”
in the statement.
"""


def pair(v):
    if isinstance(v, int):
        return v, v
    return v


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    h, w = pair(kernel_size)
    return h * w * in_channels * out_channels, out_channels * int(bias)


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features * int(bias)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    out = []
    for n, f, s, p in zip(input_shape[1:], pair(kernel_size), pair(stride), pair(padding)):
        out.append((n + 2 * p - f + 1) // s)
    return (filters, *out)


def parameter_table(model):
    return {k: v.numel() for k, v in model.named_parameters() if v.requires_grad}


def total_parameters(model):
    return sum(parameter_table(model).values())
