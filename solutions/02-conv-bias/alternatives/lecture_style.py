import torch
import torch.nn as nn


def build_conv(kernel, bias):
    # reshape the kernel so it has 4 dims
    if len(kernel.shape) == 2:
        k = kernel.reshape(1, 1, kernel.shape[0], kernel.shape[1])
    else:
        k = kernel
    conv = nn.Conv2d(in_channels=k.shape[1], out_channels=k.shape[0],
                     kernel_size=(k.shape[2], k.shape[3]), stride=1, padding=0, bias=True)
    conv.weight = nn.Parameter(k.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv


def conv_with_bias(image, kernel, bias):
    if len(image.shape) == 2:
        img = image.reshape(1, 1, image.shape[0], image.shape[1])
    else:
        img = image.reshape(1, image.shape[0], image.shape[1], image.shape[2])
    conv = build_conv(kernel, bias)
    output = conv(img)
    print('Output Shape :', output.shape)
    return output


if __name__ == "__main__":
    image = torch.arange(1, 17, dtype=torch.float32).reshape(4, 4)
    kernel = torch.tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=torch.float32)
    print(conv_with_bias(image, kernel, torch.tensor([5.0])))
