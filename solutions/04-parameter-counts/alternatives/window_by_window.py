import torch.nn as nn


def make_pair(x):
    try:
        a, b = x
    except TypeError:
        a = b = x
    return a, b


def conv2d_parameters(in_channels, out_channels, kernel_size, bias=True):
    rows, cols = make_pair(kernel_size)
    weights = 0
    biases = 0
    for filter_number in range(out_channels):
        for channel in range(in_channels):
            weights += rows * cols
        if bias:
            biases += 1
    return weights, biases


def linear_parameters(in_features, out_features, bias=True):
    weights = biases = 0
    for neuron in range(out_features):
        weights = weights + in_features
        biases = biases + (1 if bias else 0)
    return weights, biases


def conv2d_output_shape(input_shape, filters, kernel_size, stride=1, padding=0):
    result = [filters]
    for axis in (0, 1):
        n = input_shape[axis + 1] + 2 * make_pair(padding)[axis]
        f = make_pair(kernel_size)[axis]
        s = make_pair(stride)[axis]
        count = 0
        start = 0
        while start + f <= n:
            count += 1
            start += s
        result.append(count)
    return tuple(result)


def parameter_table(model: nn.Module) -> dict:
    table = dict()
    for module_name, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            if any(parameter is other for other in table.values()):
                continue
            if parameter.requires_grad:
                table[f"{module_name}.{name}" if module_name else name] = parameter
    return {name: parameter.numel() for name, parameter in table.items()}


def total_parameters(model: nn.Module) -> int:
    return sum(parameter_table(model).values())
