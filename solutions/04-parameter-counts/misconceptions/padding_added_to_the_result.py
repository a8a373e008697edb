"""The padding is added to the result instead of the image

The window moves over the padded image, n + 2p pixels long, a stride at a time. Added to the number of places, the
padding is counted as if the stride were 1. See “Padding” in the statement.
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
        out.append((n - f) // s + 1 + 2 * p)
    return (filters, *out)


def parameter_table(model):
    return {k: v.numel() for k, v in model.named_parameters() if v.requires_grad}


def total_parameters(model):
    return sum(parameter_table(model).values())
