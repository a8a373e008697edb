"""What a fully connected layer costs, and what a convolution saves."""

import pytest

from grader.checking import assert_each_equal, call


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Every unit has a weight for each pixel, and one bias.")
@pytest.mark.idea("Fully connected layer")
def test_ten_units_on_a_digit(submission):
    """Ten units on a 28 x 28 image have 7840 weights and 10 biases."""
    assert_each_equal(submission.dense_parameters, [(7840, 10)], [call(input_shape=(1, 28, 28), units=10)])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The dense layer has one unit for each number of all feature maps: here 5 maps of 8 x 8.")
@pytest.mark.idea("What a convolution saves")
def test_savings_of_the_statement(submission):
    """Five 3 x 3 filters on 10 x 10 pixels save 32270 parameters; a filter as large as the image saves none."""
    calls = [((1, 10, 10), 5, (3, 3)), call(input_shape=(1, 4, 4), filters=1, kernel_size=4)]
    assert_each_equal(submission.parameters_saved, [32270, 0], calls)


@pytest.mark.points(0.75)
@pytest.mark.hint("Flattened, the image is a list of numbers: how long is it when there are three channels?")
@pytest.mark.idea("Fully connected layer")
def test_dense_layers(submission, reference):
    """All channels and pixels of any image are connected to each unit."""
    calls = [((3, 7, 12), 5), ((1, 1, 1), 4), ((2, 3, 5), 1), ((64, 4, 3), 20)]
    assert_each_equal(submission.dense_parameters, reference.dense_parameters, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("A filter has a kernel for every channel, and one bias. The dense layer sees all channels, too.")
@pytest.mark.idea("What a convolution saves")
def test_savings_with_channels(submission, reference):
    """The saving is right for images of several channels and for any number of filters."""
    calls = [((3, 8, 8), 4, 3), ((2, 5, 5), 1, 2), ((6, 4, 4), 7, (1, 1)), ((3, 5, 5), 2, (5, 5))]
    assert_each_equal(submission.parameters_saved, reference.parameters_saved, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Work out height and width of a map separately; the kernel's height comes first.")
@pytest.mark.idea("What a convolution saves")
def test_savings_of_rectangles(submission, reference):
    """Image and kernel need not be square; kernel_size is an int or a pair."""
    calls = [((1, 6, 11), 3, 3), ((2, 12, 5), 4, (2, 5)), ((1, 5, 9), 2, (5, 1)), ((3, 9, 4), 2, (1, 4))]
    assert_each_equal(submission.parameters_saved, reference.parameters_saved, calls)
