import collections

import numpy as np

Counts = collections.namedtuple("Counts", "weights biases")
Shape = collections.namedtuple("Shape", "channels height width")


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    kernel_size = np.broadcast_to(kernel_size, 2)
    return Counts(np.prod([*kernel_size, in_channels, out_channels]), np.int64(out_channels * bool(bias)))


def linear_parameters(in_features, out_features, bias=True):
    return Counts(np.multiply(in_features, out_features), int(bias) * out_features)


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    c, *size = input_shape
    size, kernel_size, stride, padding = (np.broadcast_to(v, 2) for v in (size, kernel_size, stride, padding))
    out = np.floor((size + 2 * padding - kernel_size) / stride).astype(int) + 1
    return Shape(filters, *out)


def parameter_table(model):
    table = collections.OrderedDict()
    for name, p in model.named_parameters():
        if p.requires_grad:
            table[name] = np.array(p.shape, dtype=int).prod()
    return table


def total_parameters(model):
    return np.array(list(parameter_table(model).values()), dtype=int).sum()
