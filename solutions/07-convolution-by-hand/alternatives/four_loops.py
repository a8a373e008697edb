# straightforward: four nested loops
import torch


def conv_output_size(size, kernel_size, stride=1, padding=0):
    return int((size + 2 * padding - kernel_size) / stride) + 1


def zero_pad(image, padding):
    H, W = image.shape
    out = torch.zeros(H + 2 * padding, W + 2 * padding)
    for i in range(H):
        for j in range(W):
            out[i + padding, j + padding] = image[i, j]
    return out


def cross_correlate(image, kernel, stride=1, padding=0):
    image = zero_pad(image, padding)
    kH, kW = kernel.shape
    H, W = image.shape
    outH = conv_output_size(H, kH, stride)
    outW = conv_output_size(W, kW, stride)
    out = torch.zeros((outH, outW))
    for i in range(outH):
        for j in range(outW):
            total = 0.0
            for a in range(kH):
                for b in range(kW):
                    total += image[i * stride + a][j * stride + b].item() * kernel[a][b].item()
            out[i][j] = total
    return out


def conv2d_by_hand(image, filters, bias=None):
    F, C, kH, kW = filters.shape
    out = []
    for f in range(F):
        m = cross_correlate(image[0], filters[f, 0])
        for c in range(1, C):
            m = m + cross_correlate(image[c], filters[f, c])
        if bias is not None:
            m = m + bias[f]
        out.append(m)
    return torch.stack(out, dim=0)


if __name__ == "__main__":
    import torch.nn.functional as F
    x, k = torch.randn(1, 1, 6, 6), torch.randn(1, 1, 3, 3)
    print("matches torch:", torch.allclose(F.conv2d(x, k)[0, 0], cross_correlate(x[0, 0], k[0, 0]), atol=1e-5))
