"""The feature map is expected to be as large as the image

You pad the image so that the output keeps its size. Here there is no padding: a window has to lie
wholly on the image, and H - kH + 1 by W - kW + 1 positions do. See “Shapes” in the statement.
"""

import torch
import torch.nn as nn

VALUES = ("same", 1, "half a kernel")
VALUE = VALUES[0]

def build_conv(kernel, bias):
    k = kernel if kernel.dim() == 4 else kernel.unsqueeze(0).unsqueeze(0)
    out_c, in_c, kh, kw = k.shape
    # so that no pixel of the image gets lost at the border
    padding = (kh // 2, kw // 2) if VALUE == "half a kernel" else VALUE
    conv = nn.Conv2d(in_c, out_c, kernel_size=(kh, kw), padding=padding)
    conv.weight = nn.Parameter(k.clone())
    conv.bias = nn.Parameter(bias.clone())
    return conv

def conv_with_bias(image, kernel, bias):
    x = image if image.dim() == 3 else image.unsqueeze(0)
    return build_conv(kernel, bias)(x.unsqueeze(0))
