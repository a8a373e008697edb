"""Problem 06: images as tensors."""

from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    """Give a grayscale image its channel axis: (H, W) -> (1, H, W)."""
    # TODO: the values stay as they are, only an axis is added; where does it go?
    raise NotImplementedError


def channels_first(image: Tensor) -> Tensor:
    """Bring a colour image into PyTorch's order: (H, W, 3) -> (3, H, W), contiguous."""
    # TODO: move the axis, do not cut the numbers up anew; then look at the order in memory
    raise NotImplementedError


def flatten_image(image: Tensor) -> Tensor:
    """Put the pixels of a grayscale image below each other, row by row: (H, W) -> (H*W, 1)."""
    # TODO: which pixel follows the last one of the first row?
    raise NotImplementedError


def describe_batch(shape: tuple[int, int, int, int]) -> dict[str, int]:
    """Name the four axes of an NCHW shape; the keys are batch, channels, height and width."""
    # TODO: which number stands for what?
    raise NotImplementedError


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    """Count the batches of one pass over the training set; drop_last leaves out a batch that is not full."""
    # TODO: what becomes of the images that do not fill a batch?
    raise NotImplementedError
