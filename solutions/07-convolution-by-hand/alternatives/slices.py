import torch as T


def conv_output_size(size, kernel_size, stride=1, padding=0):
    n, _ = divmod(size - kernel_size + 2*padding, stride)
    return n + 1


def zero_pad(image, padding):
	# tabs, too
	H, W = image.size()
	big = T.zeros((H + 2*padding, W + 2*padding))
	big[padding:H + padding, padding:W + padding].copy_(image)
	return big


def cross_correlate(image, kernel, stride=1, padding=0):
    x = zero_pad(image, padding) if padding > 0 else image
    kh, kw = kernel.shape[0], kernel.shape[1]
    rows = [[(x[i:i + kh, j:j + kw] * kernel).sum() for j in range(0, x.shape[1] - kw + 1, stride)]
            for i in range(0, x.shape[0] - kh + 1, stride)]
    return T.stack([T.stack(row) for row in rows])


def conv2d_by_hand(image, filters, bias=None):
    kh, kw = filters.shape[-2], filters.shape[-1]
    h, w = image.shape[1] - kh + 1, image.shape[2] - kw + 1
    out = T.empty(filters.shape[0], h, w)
    for f, filter in enumerate(filters):
        for i in range(h):
            for j in range(w):
                out[f, i, j] = T.sum(image[:, i:i + kh, j:j + kw] * filter) + (0 if bias is None else bias[f])
    return out
