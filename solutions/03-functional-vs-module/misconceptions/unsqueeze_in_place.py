"""The caller's image is reshaped in place

`unsqueeze_` with its trailing underscore changes the very tensor it is called on, so the caller's image
has four axes afterwards. The form without the underscore returns a view and leaves the image as it was.
See “Four axes” in the statement.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

VALUES = ("once", "each time")
VALUE = VALUES[0]

def to_nchw(image):
    if image.dim() == 2 or VALUE == "each time":
        image.unsqueeze_(0)
        image.unsqueeze_(0)
    return image

def conv_functional(image, kernel, stride=1, padding=0):
    return F.conv2d(to_nchw(image), to_nchw(kernel), stride=stride, padding=padding)

def conv_module(image, kernel, stride=1, padding=0):
    filter = to_nchw(kernel)
    conv = nn.Conv2d(1, 1, kernel_size=(filter.shape[2], filter.shape[3]),
                     stride=stride, padding=padding, bias=False)
    conv.weight = nn.Parameter(filter)
    return conv(to_nchw(image))

def outputs_match(image, kernel, stride=1, padding=0, atol=1e-6):
    o1 = conv_functional(image, kernel, stride, padding)
    o2 = conv_module(image, kernel, stride, padding)
    return torch.allclose(o1, o2, rtol=0, atol=atol)
