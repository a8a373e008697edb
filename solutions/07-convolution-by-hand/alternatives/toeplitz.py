"""The whole correlation as one matrix product: row (i, j) of the matrix holds the kernel at its place."""
import torch


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return 1 + (size + padding + padding - kernel_size) // stride


def zero_pad(image, padding):
    H, W = image.shape
    left = torch.zeros(H + 2 * padding, H)
    left[range(padding, padding + H), range(H)] = 1
    right = torch.zeros(W, W + 2 * padding)
    right[range(W), range(padding, padding + W)] = 1
    return left @ image @ right


def matrix(kernel, H, W, stride):
    kh, kw = kernel.shape
    oh, ow = conv_output_size(H, kh, stride), conv_output_size(W, kw, stride)
    T = torch.zeros(oh, ow, H, W)
    for i in range(oh):
        for j in range(ow):
            T[i, j, i * stride : i * stride + kh, j * stride : j * stride + kw] = kernel
    return T.reshape(oh * ow, H * W), oh, ow


def cross_correlate(image, kernel, stride=1, padding=0):
    image = zero_pad(image, padding)
    T, oh, ow = matrix(kernel, image.shape[0], image.shape[1], stride)
    return (T @ image.reshape(-1)).view(oh, ow)


def conv2d_by_hand(image, filters, bias=None):
    C, H, W = image.shape
    out = []
    for f, kernels in enumerate(filters):
        total = torch.stack([cross_correlate(image[c], kernels[c]) for c in range(C)]).sum(0)
        out.append(total if bias is None else total + bias[f])
    return torch.stack(out)
