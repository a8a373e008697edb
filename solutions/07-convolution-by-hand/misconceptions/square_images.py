"""Image and kernel are taken to be square

You read one side of the image and one side of the kernel and use them for both directions. Height
and width are two numbers each. See “How many places” in the statement.
"""
import torch

VALUES = ("everywhere", "while convolving", "in the size of the result")
VALUE = VALUES[0]


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    if VALUE != "everywhere":
        return torch.nn.functional.pad(image, (padding, padding, padding, padding))
    n = image.shape[0]
    padded = torch.zeros(n + 2 * padding, n + 2 * padding)
    padded[padding:padding + n, padding:padding + n] = image[:, :n]
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    k = kernel.shape[0]
    n = conv_output_size(image.shape[0], k, stride, padding)
    width, kernel_width = n, k
    if VALUE == "in the size of the result":
        kernel_width = kernel.shape[1]
        width = conv_output_size(image.shape[1], kernel_width, stride, padding)
    image = zero_pad(image, padding)
    out = torch.zeros(n, n)
    for i in range(n):
        for j in range(width):
            window = image[i * stride:i * stride + k, j * stride:j * stride + kernel_width]
            out[i, j] = (window * kernel).sum()
    return out


def conv2d_by_hand(image, filters, bias=None):
    maps = []
    for f in range(filters.shape[0]):
        total = 0
        for c in range(image.shape[0]):
            total = total + cross_correlate(image[c], filters[f, c])
        if bias is not None:
            total = total + bias[f]
        maps.append(total)
    return torch.stack(maps)
