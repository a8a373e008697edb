"""Problem 06: images as tensors."""

from torch import Tensor


def add_channel_axis(image: Tensor) -> Tensor:
    """Give a grayscale image its channel axis: (H, W) -> (1, H, W)."""
    return image.unsqueeze(0)


def channels_first(image: Tensor) -> Tensor:
    """Bring a colour image into PyTorch's order: (H, W, 3) -> (3, H, W), contiguous."""
    # permute only relabels the axes; the numbers would still lie in memory pixel by pixel.
    return image.permute(2, 0, 1).contiguous()


def flatten_image(image: Tensor) -> Tensor:
    """Put the pixels of a grayscale image below each other, row by row: (H, W) -> (H*W, 1)."""
    # reshape rather than view: the image may be a slice or a transpose of something else.
    return image.reshape(-1, 1)


def describe_batch(shape: tuple[int, int, int, int]) -> dict[str, int]:
    """Name the four axes of an NCHW shape; the keys are batch, channels, height and width."""
    batch, channels, height, width = shape
    return {"batch": batch, "channels": channels, "height": height, "width": width}


def batches_in_epoch(training_set_size: int, batch_size: int, drop_last: bool = False) -> int:
    """Count the batches of one pass over the training set; drop_last leaves out a batch that is not full."""
    full_batches, left_over = divmod(training_set_size, batch_size)
    return full_batches if drop_last or left_over == 0 else full_batches + 1
