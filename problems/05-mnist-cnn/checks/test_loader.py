"""make_loader: from stored images to batches."""

import pytest
import torch

from grader.checking import assert_close, assert_equal

pytestmark = pytest.mark.idea("Batches")


def stored_images(draw, count):
    return draw.integers(0, 256, (count, 28, 28)).to(torch.uint8)


def pairs(loader):
    """The batches of a loader, once it is clear that they are pairs."""
    batches = []
    # Not list(loader), which asks for the length first: an IterableDataset has none, and needs none.
    for batch in loader:
        assert isinstance(batch, (tuple, list)), "a batch should be a pair: images, labels"
        assert len(batch) == 2, f"a batch should be a pair: images, labels; here it has {len(batch)} parts"
        batches.append(batch)
    return batches


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Where is the channel axis of a grayscale image, and which dtypes do layers and losses expect?")
def test_batches_have_the_promised_form(submission, library, draw):
    """A batch is float32 images (B, 1, 28, 28) and int64 labels (B,), from a DataLoader."""
    loader = submission.make_loader(stored_images(draw, 4), torch.tensor([7, 2, 1, 0], dtype=torch.uint8), 2)
    assert library.isinstance(loader, library.torch.utils.data.DataLoader), "make_loader should return a DataLoader"
    batches = pairs(loader)
    assert_equal(len(batches), 2)
    for images, labels in batches:
        assert_equal((images.dtype, tuple(images.shape)), (torch.float32, (2, 1, 28, 28)))
        assert_equal((labels.dtype, tuple(labels.shape)), (torch.int64, (2,)))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Black is 0, white is 255. What should white be for the network?")
def test_pixels_are_divided_by_255(submission):
    """Pixels are divided by 255."""
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).reshape(3, 1, 1).repeat(1, 28, 28)
    [(batch, _)] = pairs(submission.make_loader(images=images, labels=torch.tensor([7, 2, 1]), batch_size=3))
    expected = torch.tensor([0.0, 0.2, 1.0]).reshape(3, 1, 1, 1).repeat(1, 1, 28, 28)
    assert_close(batch, expected, tolerance=1e-6)
    # By 255, not by the largest pixel that happens to be there.
    [(batch, _)] = pairs(submission.make_loader(images[:2], torch.tensor([7, 2]), 2))
    assert_close(batch, expected[:2], tolerance=1e-6)


@pytest.mark.points(0.25)
@pytest.mark.hint("How many batches of 4 are in 10 images, and how large is the last one?")
def test_the_last_smaller_batch_is_kept(submission, draw):
    """The last, smaller batch is kept."""
    images, labels = stored_images(draw, 10), torch.arange(10)
    for batch_size, expected in ((4, [4, 4, 2]), (32, [10])):
        batches = pairs(submission.make_loader(images, labels, batch_size))
        assert_equal([len(labels) for _, labels in batches], expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("What does your loader do when nobody asks it to shuffle?")
def test_without_shuffle_the_order_is_kept(submission, draw):
    """Without shuffling, images and labels come in the order given, on every pass."""
    images, labels = stored_images(draw, 12), draw.integers(0, 10, (12,))
    for loader in (submission.make_loader(images, labels, 5), submission.make_loader(images, labels, 5, False)):
        for _ in range(2):
            batches = pairs(loader)
            assert_equal(torch.cat([batch for _, batch in batches]), labels)
            pixels = torch.cat([batch for batch, _ in batches]).reshape(12, 28, 28)
            assert_close(pixels, images.float() / 255, tolerance=1e-6)


@pytest.mark.points(0.25)
@pytest.mark.hint(
    "When images change places, what has to change places with them? And does the next epoch look the same?"
)
def test_shuffling_moves_images_with_their_labels(submission, library):
    """With shuffle=True every pass has an order of its own, and each image keeps its label."""
    count = 60
    # Image i has the grey level 3 i everywhere, so each image says where it was.
    images = (3 * torch.arange(count)).to(torch.uint8).reshape(count, 1, 1).repeat(1, 28, 28)
    labels = torch.arange(count) * 7 % 10
    loader = submission.make_loader(images, labels, 8, shuffle=True)
    orders = []
    library.torch.manual_seed(0)
    for _ in range(2):
        batches = pairs(loader)
        pixels = torch.cat([batch for batch, _ in batches]).reshape(count, -1)[:, 0]
        order = (pixels * 255 / 3).round().long()
        assert_equal(order.sort().values, torch.arange(count))
        assert_equal(torch.cat([batch for _, batch in batches]), labels[order])
        assert not torch.equal(order, torch.arange(count)), "the images come in the order given"
        orders.append(order)
    # Two random orders of 60 images are the same once in 10^82.
    assert not torch.equal(*orders), "both passes have the same order"


@pytest.mark.points(0.25)
@pytest.mark.hint("Labels may be stored as uint8 or int32. Which dtype does the loss want?")
def test_labels_of_any_integer_type(submission, draw):
    """Labels of any integer type become int64, with the same values."""
    labels = torch.tensor([9, 0, 3])
    for dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64):
        [(_, batch)] = pairs(submission.make_loader(stored_images(draw, 3), labels.to(dtype), 3))
        assert_equal(batch, labels)
