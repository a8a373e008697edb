"""The size is divided by the stride before the window is taken into account

The stride divides the *steps*, and the window can take n + 2p − f of those one by one. Dividing n first
counts places at which the window would stick out, or misses some. Subtract the window, then divide, then
add the first place. See “Stride” in the statement.
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
        out.append((n + 2 * p) // s - f + 1)
    return (filters, *out)


def parameter_table(model):
    return {k: v.numel() for k, v in model.named_parameters() if v.requires_grad}


def total_parameters(model):
    return sum(parameter_table(model).values())
