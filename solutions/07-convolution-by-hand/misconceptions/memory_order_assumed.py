"""The image is taken to lie row by row in memory

You give as_strided strides that you worked out from the shape. They fit an image that lies in
memory row by row; a transposed or permuted image does not. Ask the tensor with x.stride(). See
“What a slice is” in the statement.
"""
import torch


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def zero_pad(image, padding):
    H, W = image.shape
    padded = torch.zeros(H + 2 * padding, W + 2 * padding)
    padded[padding:padding + H, padding:padding + W] = image
    return padded


def cross_correlate(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    out_h = conv_output_size(image.shape[0], kh, stride, padding)
    out_w = conv_output_size(image.shape[1], kw, stride, padding)
    if padding > 0:
        image = zero_pad(image, padding)
    W = image.shape[1]
    windows = torch.as_strided(image, (out_h, out_w, kh, kw), (stride * W, stride, W, 1))
    return (windows * kernel).sum(dim=(2, 3))


def conv2d_by_hand(image, filters, bias=None):
    C, H, W = image.shape
    F, _, kh, kw = filters.shape
    out_h, out_w = H - kh + 1, W - kw + 1
    windows = torch.as_strided(image, (C, out_h, out_w, kh, kw), (H * W, W, 1, W, 1))
    out = torch.einsum("chwij,fcij->fhw", windows, filters)
    if bias is not None:
        out = out + bias.reshape(F, 1, 1)
    return out
