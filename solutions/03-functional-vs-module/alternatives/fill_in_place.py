from torch import Tensor, nn, no_grad
from torch.nn.functional import conv2d as functional_convolution


def to_nchw(image: Tensor) -> Tensor:
    return image.view(1, 1, *image.shape)


def conv_functional(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    # input, weight, bias, stride, padding
    return functional_convolution(to_nchw(image), to_nchw(kernel), None, stride, padding)


def conv_module(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    layer = nn.Conv2d(1, 1, tuple(kernel.shape), stride, padding, bias=False)
    with no_grad():
        layer.weight.copy_(kernel)      # broadcasts over the two leading axes
    return layer.forward(to_nchw(image))


def outputs_match(image: Tensor, kernel: Tensor, stride: int = 1, padding: int = 0,
                  atol: float = 1e-6) -> bool:
    with no_grad():
        gap = conv_functional(image, kernel, stride, padding) - conv_module(image, kernel, stride, padding)
    # max() of something with nan is nan, and nan <= atol is False
    return gap.abs().max().item() <= atol
