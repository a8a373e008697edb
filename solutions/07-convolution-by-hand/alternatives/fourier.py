import torch

# Multiplying two spectra is a circular convolution; with the conjugate of one of them, a correlation. What wraps
# around lies behind the last place at which the kernel fits, and is cut off.


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel_size + 1, stride))


def zero_pad(image, padding):
    height, width = image.shape
    sides = torch.zeros(height, padding)
    image = torch.hstack([sides, image, sides])
    ends = torch.zeros(padding, width + 2 * padding)
    return torch.vstack([ends, image, ends])


def correlate_planes(image, kernel):
    size = image.shape[-2:]
    spectrum = torch.fft.rfft2(image) * torch.fft.rfft2(kernel, s=size).conj()
    rows, columns = (i - k + 1 for i, k in zip(size, kernel.shape[-2:]))
    return torch.fft.irfft2(spectrum, s=size)[..., :rows, :columns]


def cross_correlate(image, kernel, stride=1, padding=0):
    return correlate_planes(zero_pad(image, padding), kernel)[::stride, ::stride]


def conv2d_by_hand(image, filters, bias=None):
    maps = correlate_planes(image, filters).sum(dim=1)
    return maps if bias is None else maps + bias.reshape(-1, 1, 1)
