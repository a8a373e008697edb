"""Each layer forward and backward, against the reference and against the statement's figures."""

import numpy as np
import pytest

from grader.checking import assert_close, assert_each_close, assert_equal, fetch

X = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]])
WEIGHT = np.array([[1.0, 0.0], [2.0, -1.0]])


def normal(draw, *shape):
    return draw.normal(*shape).double().numpy()


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Fully connected layer")
@pytest.mark.hint("x @ weight is (N, M); numpy adds a bias of (M,) to each of its rows.")
def test_the_layer(submission, reference, draw):
    """affine multiplies with the weight and adds the bias to each row."""
    assert_close(
        submission.affine(X, WEIGHT, np.array([10.0, 20.0])), np.array([[15.0, 18.0], [21.0, 16.0], [8.0, 21.0]])
    )
    given = normal(draw, 4, 3), normal(draw, 3, 5), normal(draw, 5)
    assert_close(submission.affine(*given), reference.affine(*given))


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Gradients of the layer")
@pytest.mark.hint("Each gradient has the shape of what it belongs to.")
def test_the_worked_gradients(submission):
    """affine_backward gives the three gradients of the statement."""
    grad = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    expected = (
        np.array([[1.0, 2.0], [0.0, -1.0], [1.0, 1.0]]),
        np.array([[1.0, 3.0], [1.0, 3.0]]),
        np.array([2.0, 2.0]),
    )
    assert_close(submission.affine_backward(grad, X, WEIGHT), expected)


@pytest.mark.points(2)
@pytest.mark.idea("Gradients of the layer")
@pytest.mark.hint("Try sizes that all differ: N = 4, D = 3, M = 5. Then try a batch of one.")
def test_gradients_of_any_batch(submission, reference, draw):
    """affine_backward is right for every size of batch and layer."""
    for n, d, m in [(4, 3, 5), (1, 2, 3), (6, 1, 1)]:
        given = normal(draw, n, m), normal(draw, n, d), normal(draw, d, m)
        assert_close(submission.affine_backward(*given), reference.affine_backward(*given))


@pytest.mark.points(1)
@pytest.mark.idea("ReLU")
@pytest.mark.hint("Four cases: x above and below 0, the gradient above and below 0. And x exactly 0.")
def test_relu_lets_pass_by_the_sign_of_x(submission, reference, draw):
    """relu_backward stops the gradient where x is 0 or less, and nowhere else."""
    x = draw.integers(-2, 3, (4, 5)).double().numpy()
    one, other = normal(draw, 2, 3, 2), normal(draw, 2, 3, 2)
    calls = [(normal(draw, 4, 5), x), (np.ones(3), np.array([-1.0, 0.0, 1.0])), (one, other)]
    assert_each_close(submission.relu_backward, reference.relu_backward, calls)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Softmax")
@pytest.mark.hint("exp of each logit, divided by the sum over its own row.")
def test_each_row_is_a_distribution(submission, reference, draw):
    """softmax makes of each row probabilities that add up to 1."""
    for shape in [(3, 4), (1, 2)]:
        logits = normal(draw, *shape)
        assert_close(submission.softmax(logits), reference.softmax(logits))


@pytest.mark.points(1)
@pytest.mark.idea("Softmax")
@pytest.mark.hint("What is np.exp(1000.0)? And what becomes of the rows if you take away the largest logit of all?")
def test_large_logits(submission, reference):
    """softmax is right for large logits of either sign, in every row."""
    calls = [(np.array([[1000.0, 999.0, 0.0]]),), (np.array([[2000.0, 2001.0], [-2000.0, -2001.0]]),)]
    assert_each_close(submission.softmax, reference.softmax, calls)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Cross-entropy")
@pytest.mark.hint("Two rows of zeros: both classes have probability 0.5, and -log(0.5) is 0.6931.")
def test_the_worked_cross_entropy(submission):
    """cross_entropy gives the loss and the gradient of the statement."""
    expected = float(np.log(2.0)), np.array([[-0.25, 0.25], [0.25, -0.25]])
    assert_close(submission.cross_entropy(np.zeros((2, 2)), np.array([0, 1])), expected)


@pytest.mark.points(1.5)
@pytest.mark.idea("Cross-entropy")
@pytest.mark.hint("Loss and gradient are both means over the batch. Only the right class of each row loses 1.")
def test_loss_and_gradient(submission, reference, draw):
    """cross_entropy is a mean over the batch, and so is its gradient."""
    for n, c in [(5, 3), (1, 4), (3, 6)]:
        given = 2 * normal(draw, n, c), draw.integers(0, c, (n,)).numpy()
        assert_close(submission.cross_entropy(*given), reference.cross_entropy(*given))


@pytest.mark.points(1)
@pytest.mark.idea("Cross-entropy")
@pytest.mark.hint("A probability that rounds to 0 has no finite logarithm. Take the logarithm before you divide.")
def test_hopeless_logits(submission, reference):
    """cross_entropy stays finite where the right class is all but impossible."""
    calls = [(np.array([[0.0, 1500.0], [1.0, 0.0]]), np.array([0, 1])), (np.array([[-900.0, 0.0, 5.0]]), np.array([0]))]
    assert_each_close(submission.cross_entropy, reference.cross_entropy, calls)


@pytest.mark.points(0.5)
@pytest.mark.idea("Side effects")
@pytest.mark.hint("`logits -= ...` and `out[...] = 0` write into an array. Whose is it?")
def test_arguments_are_left_alone(submission, reference, library, draw):
    """No function changes the arrays that it is given."""
    x, grad, labels = normal(draw, 3, 4), normal(draw, 3, 4), np.array([0, 3, 1])
    given_x, given_grad = library.put(x), library.put(grad)
    answers = (
        submission.relu_backward(given_grad, given_x),
        submission.softmax(given_x),
        submission.cross_entropy(given_x, labels),
    )
    assert_equal(fetch(given_x), x)
    assert_equal(fetch(given_grad), grad)
    assert_close(answers, (reference.relu_backward(grad, x), reference.softmax(x), reference.cross_entropy(x, labels)))
