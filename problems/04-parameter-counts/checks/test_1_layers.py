"""Counting the weights and biases of one layer by hand."""

import pytest

from grader.checking import assert_each_equal, assert_equal, call, each


def weights_and_biases(answer):
    """Take an answer apart, so that a check of the weights does not hang on the biases."""
    assert isinstance(answer, tuple), "the answer must be a tuple (weights, biases)"
    assert len(answer) == 2, "the answer must hold two numbers: weights and biases"
    return answer


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Weights and biases are two numbers of one tuple; a 2 x 2 kernel has four weights.")
@pytest.mark.idea("Convolution parameters")
def test_convolutions_of_the_lecture(submission):
    """The lecture's three small convolutions have 12 + 3, 12 + 1 and 24 + 3 parameters."""
    calls = [(1, 3, 2), (3, 1, 2), (2, 3, 2)]
    assert_each_equal(submission.conv2d_parameters, [(12, 3), (12, 1), (24, 3)], calls)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("bias=False takes the biases away, and leaves the weights.")
@pytest.mark.idea("Convolution parameters")
def test_the_same_layer_without_bias(submission):
    """Without a bias, the lecture's layer of 24 + 3 parameters has 24 + 0."""
    assert_each_equal(submission.conv2d_parameters, [(24, 0)], [call(2, 3, 2, bias=False)])


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("A kernel of (1, 3) is one row high and three columns wide.")
@pytest.mark.idea("Convolution parameters")
def test_a_kernel_of_one_row(submission):
    """A kernel of (1, 3) has three weights."""
    assert_each_equal(submission.conv2d_parameters, [(3, 1)], [(1, 1, (1, 3))])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Draw four inputs and three outputs, and every line between them.")
@pytest.mark.idea("Linear parameters")
def test_fully_connected_layers_of_the_lecture(submission):
    """The classifier's two fully connected layers have 1280 + 20 and 200 + 10 parameters."""
    assert_each_equal(submission.linear_parameters, [(1280, 20), (200, 10)], [(64, 20), (20, 10)])


@pytest.mark.points(0.5)
@pytest.mark.hint("How many input channels does one filter look at? It needs a whole kernel for each.")
@pytest.mark.idea("Convolution parameters")
def test_convolution_weights(submission):
    """A convolution learns one kernel for each pair of an input and an output channel."""
    expected = {(1, 64, 3): 576, (64, 128, 3): 73728, (128, 64, 3): 73728, (7, 4, 5): 700, (6, 11, 1): 66}
    for answer, count in zip(each(submission.conv2d_parameters, expected), expected.values(), strict=True):
        weights, _ = weights_and_biases(answer)
        assert_equal(weights, count)


@pytest.mark.points(0.5)
@pytest.mark.hint("At what point is the bias added: before or after the channels have been summed up?")
@pytest.mark.idea("Convolution parameters")
def test_convolution_biases(submission):
    """A convolution learns one bias for each output channel."""
    expected = {(1, 64, 3): 64, (64, 128, 3): 128, (7, 4, 5): 4, (6, 11, 1): 11, (9, 1, 2): 1}
    for answer, count in zip(each(submission.conv2d_parameters, expected), expected.values(), strict=True):
        _, biases = weights_and_biases(answer)
        assert_equal(biases, count)


@pytest.mark.points(0.25)
@pytest.mark.hint("kernel_size may be a pair (height, width), and the two need not be equal.")
@pytest.mark.idea("Convolution parameters")
def test_rectangular_kernels(submission):
    """A kernel may be higher than wide, or wider than high."""
    expected = {(1, 1, (3, 5)): 15, (2, 3, (1, 7)): 42, (4, 2, (6, 2)): 96, (3, 5, (4, 4)): 240}
    for answer, count in zip(each(submission.conv2d_parameters, expected), expected.values(), strict=True):
        weights, _ = weights_and_biases(answer)
        assert_equal(weights, count)


@pytest.mark.points(0.25)
@pytest.mark.hint("What does nn.Conv2d(…, bias=False) leave out?")
@pytest.mark.idea("Convolution parameters")
def test_convolution_without_bias(submission):
    """Without a bias a convolution keeps its weights and has no biases."""
    by_name = call(in_channels=5, out_channels=6, kernel_size=(3, 2), bias=True)
    calls = [call(3, 2, 4, bias=False), call(5, 6, (3, 2), False), by_name]
    assert_each_equal(submission.conv2d_parameters, [(96, 0), (180, 0), (180, 6)], calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Which side of the layer do the biases belong to, and are they part of the weights?")
@pytest.mark.idea("Linear parameters")
def test_fully_connected_layer(submission):
    """A fully connected layer has a weight for every connection and a bias for every output."""
    expected = {(3, 8): (24, 8), (8, 3): (24, 3), (1, 1): (1, 1), (784, 10): (7840, 10)}
    assert_each_equal(submission.linear_parameters, expected.values(), expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("What does nn.Linear(…, bias=False) leave out?")
@pytest.mark.idea("Linear parameters")
def test_fully_connected_layer_without_bias(submission):
    """Without a bias a fully connected layer keeps its weights and has no biases."""
    calls = [call(6, 7, bias=False), call(9, 4, False), call(in_features=9, out_features=4, bias=True)]
    assert_each_equal(submission.linear_parameters, [(42, 0), (36, 0), (36, 4)], calls)
