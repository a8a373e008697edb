"""The output's height and width are left fractions

Dividing with / always gives a float, even when it comes out even. Pixels are counted in whole numbers, and a
step that does not fit is not taken at all: divide with //, which gives an int and rounds down. See
“Stride” in the statement.
"""


def both(x):
    return (x, x) if isinstance(x, int) else x


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    k = both(kernel_size)
    return k[0] * k[1] * in_channels * out_channels, out_channels if bias else 0


def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features, out_features if bias else 0


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    k, s, p = both(kernel_size), both(stride), both(padding)
    c, h, w = input_shape
    h_out = (h + 2 * p[0] - k[0]) / s[0] + 1
    w_out = (w + 2 * p[1] - k[1]) / s[1] + 1
    return filters, h_out, w_out


def parameter_table(model):
    return {name: p.numel() for name, p in model.named_parameters() if p.requires_grad}


def total_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
