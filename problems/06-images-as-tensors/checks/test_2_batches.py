"""Reading the shape of a batch, and counting batches."""

import pytest

from grader.checking import assert_each_equal, assert_equal, call, each

AXES = ("batch", "channels", "height", "width")


def by_axis(description):
    """Sort a description of a batch in the order of NCHW: a student may list the axes in any order."""
    assert isinstance(description, dict), "the answer must be a dict"
    assert set(description) == set(AXES), "the keys must be batch, channels, height and width"
    return {axis: description[axis] for axis in AXES}


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("PyTorch's order is NCHW.")
@pytest.mark.idea("Shape of a batch")
def test_shapes_of_the_statement(submission):
    """The statement's two shapes are read axis by axis."""
    shapes = [(3, 1, 28, 28), (10, 3, 300, 400)]
    for answer, shape in zip(each(submission.describe_batch, [call(shape=it) for it in shapes]), shapes, strict=True):
        assert_equal(by_axis(answer), dict(zip(AXES, shape, strict=True)))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("One image more than 100 full batches: it has to go somewhere, unless it is dropped.")
@pytest.mark.idea("Batches in an epoch")
def test_thousand_images_in_batches_of_ten(submission):
    """1000 images make 100 batches of ten; 1001 make 101, or 100 with drop_last."""
    calls = [call(1000, 10), call(1001, 10), call(1001, 10, drop_last=True)]
    assert_each_equal(submission.batches_in_epoch, [100, 101, 100], calls)


@pytest.mark.points(0.75)
@pytest.mark.hint("Which axis is which, when all four numbers differ? The numbers themselves do not tell.")
@pytest.mark.idea("Shape of a batch")
def test_every_axis_has_its_name(submission):
    """Each of the four axes is found under its own name, whatever its length."""
    shapes = [(64, 3, 32, 48), (7, 5, 11, 2), (1, 128, 4, 3), (28, 28, 1, 3), (2, 1, 1, 1)]
    for answer, shape in zip(each(submission.describe_batch, [(it,) for it in shapes]), shapes, strict=True):
        assert_equal(by_axis(answer), dict(zip(AXES, shape, strict=True)))


@pytest.mark.points(0.5)
@pytest.mark.hint("Images that do not fill a batch are still passed through the network, however few they are.")
@pytest.mark.idea("Batches in an epoch")
def test_left_over_images_make_a_batch(submission, reference):
    """Images that are left over make one smaller batch, and only if there are any."""
    calls = [
        (60000, 64),
        (60000, 7),
        (2001, 1000),
        (12, 5),
        (13, 5),
        (14, 5),
        (15, 5),
        (16, 5),
        (99, 1),
        (32, 8),
    ]
    assert_each_equal(submission.batches_in_epoch, reference.batches_in_epoch, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("With drop_last only a batch that is not full is left out. What if the last one is full?")
@pytest.mark.idea("Batches in an epoch")
def test_drop_last(submission, reference):
    """With drop_last exactly the full batches are counted."""
    sizes = [(60000, 64), (12, 5), (14, 5), (15, 5), (16, 5), (99, 1), (32, 8)]
    calls = [(*numbers, True) for numbers in sizes]
    calls += [call(training_set_size=47, batch_size=6, drop_last=drop_last) for drop_last in (True, False)]
    assert_each_equal(submission.batches_in_epoch, reference.batches_in_epoch, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("How many batches do three images make when a batch could hold ten?")
@pytest.mark.idea("Batches in an epoch")
def test_fewer_images_than_a_batch(submission):
    """A training set smaller than one batch makes one batch, or none with drop_last."""
    calls = [call(3, 10), call(1, 64), call(9, 10, drop_last=True), call(10, 10, drop_last=True)]
    assert_each_equal(submission.batches_in_epoch, [1, 1, 0, 1], calls)
