"""Builds the layers and asks them."""
import torch
from torch import nn


def count(layer):
    return sum(p.numel() for p in layer.parameters())


def pixel(images, image, channel, row, column):
    picture = images[image]
    plane = picture[channel]
    return plane[row, column].item()


def dense_parameters(input_shape, units):
    flat = torch.empty(1, *input_shape, device="meta").flatten(1)
    layer = nn.Linear(flat.shape[1], units, device="meta")
    return layer.weight.numel(), layer.bias.numel()


def parameters_saved(input_shape, filters, kernel_size):
    conv = nn.Conv2d(input_shape[0], filters, kernel_size)
    maps = conv(torch.zeros(1, *input_shape))
    return sum(dense_parameters(input_shape, maps.numel())) - count(conv)


def line_filter(size, kind):
    match kind:
        case "vertical":
            return line_filter(size, "horizontal").T
        case "horizontal":
            return torch.nn.functional.one_hot(torch.full((size,), size // 2), size).T.float()
        case "falling":
            return torch.eye(size)
        case "rising":
            return torch.eye(size).fliplr()
        case _:
            raise ValueError(f"unknown kind {kind!r}")


def feature_maps(image, filters):
    layer = nn.Conv2d(1, len(filters), filters.shape[-1], bias=False)
    with torch.no_grad():
        layer.weight.copy_(filters.unsqueeze(1))
        return layer(image.reshape(1, 1, *image.shape)).squeeze(0)


def strongest_response(image, filters):
    maps = feature_maps(image, filters)
    place = int(maps.flatten().argmax())
    per_map = maps.shape[1] * maps.shape[2]
    return place // per_map, place % per_map // maps.shape[2], place % maps.shape[2]


def feature_present(image, filter_):
    return torch.max(feature_maps(image, filter_.unsqueeze(0))).item() >= filter_.sum().item()
