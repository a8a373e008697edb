import torch


def add_channel_axis(image):
    H, W = image.shape
    result = torch.zeros(1, H, W)
    for r in range(H):
        for c in range(W):
            result[0, r, c] = image[r, c]
    return result


def channels_first(image):
    H, W, C = image.shape
    result = torch.zeros(C, H, W)
    for r in range(H):
        for c in range(W):
            for k in range(C):
                result[k][r][c] = image[r][c][k]
    return result


def flatten_image(image):
    H, W = image.shape
    result = torch.zeros(H * W, 1)
    i = 0
    for r in range(H):
        for c in range(W):
            result[i, 0] = image[r, c]
            i += 1
    return result


def describe_batch(shape):
    d = {}
    d['width'] = shape[3]
    d['height'] = shape[2]
    d['channels'] = shape[1]
    d['batch'] = shape[0]
    print(d)
    return d


def batches_in_epoch(training_set_size, batch_size, drop_last=False):
    batches = 0
    while training_set_size >= batch_size:
        training_set_size -= batch_size
        batches += 1
    if training_set_size > 0 and not drop_last:
        batches += 1
    return batches
