"""Derivatives of functions that are defined in the room, against those worked out here."""

import math

import pytest

from grader.checking import assert_close, assert_equal

# Runs in the room.
FUNCTIONS = """
def worked(a, b):
    return a * b + a

def sums(a, b):
    return a + b + a + 2 - b * 3

def powers(a):
    return a ** 3 + a ** 2 + a ** 1

def roots(a):
    return a ** 0.5 + a ** -2

def shares(a, b):
    return a / b - b / a / 4

def left(a):
    return (2 + a) * (3 * a) + (1 - a) / 2 + 5 / a

def minus(a):
    return -a * 3 + (-a) ** 2

def square(a):
    return a * a

def doubled(a):
    return a + a

def thrice(a):
    b = 3 * a
    return b * b + b

def deep(a):
    b = a * a
    c = b + a
    d = c * b
    return d * c + b

def relus(a, b):
    return 2 * a.relu() + 3 * b.relu() - 4 * (a * b).relu()

def curves(a):
    return 2 * a.tanh() + (3 * a).exp()

def neuron(x, y, u, v):
    return (x * u + y * v + 1).tanh() ** 2

def one_of_two(a, b):
    return a * 2

def constant(a, b):
    return 7.0

def zero(a):
    return 0.0

def itself(a):
    return a

def long(a, b):
    total = a
    for step in range(4000):
        total = total + b
    return total * 2

def chain(a):
    for step in range(1500):
        a = (a * 1.0).tanh()
    return 2 * a

def two_results(first, second):
    def run(a):
        (first * a).backward()
        (a * a * second).backward()
    return run
"""


@pytest.mark.public
@pytest.mark.points(1.5)
@pytest.mark.idea("The statement's examples")
@pytest.mark.hint("a has a slope of b from the product and of 1 from the sum.")
def test_the_worked_example(submission, library):
    """value_and_gradients gives value and derivatives of a * b + a."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.worked, 2.0, -3.0), (-4.0, [-2.0, 2.0]))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("The statement's examples")
@pytest.mark.hint("Both are floats, and grad is 0.0 until backward is called.")
def test_a_new_value(submission):
    """A new Value has its number as data, and 0.0 as grad."""
    value = submission.Value(2.5)
    assert_equal((value.data, value.grad), (2.5, 0.0))


@pytest.mark.points(1)
@pytest.mark.idea("Steps and their slopes")
@pytest.mark.hint("The slope of a ** n is n * a ** (n - 1), for every n; that of a - b is -1 for b.")
def test_sums_products_powers(submission, library):
    """Sums, differences, products and powers have the right slopes."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.sums, 2.0, 5.0), (-4.0, [2.0, -2.0]))
    assert_close(submission.value_and_gradients(functions.powers, 2.0), (14.0, [17.0]))
    assert_close(submission.value_and_gradients(functions.minus, 2.0), (-2.0, [1.0]))
    assert_close(submission.value_and_gradients(functions.roots, 4.0), (2.0625, [0.21875]))


@pytest.mark.points(1)
@pytest.mark.idea("Steps and their slopes")
@pytest.mark.hint("1 - a is not a - 1, and 1 / a is not a / 1. The slope of a / b with respect to b is -a / b ** 2.")
def test_quotients_and_numbers_on_the_left(submission, library):
    """Quotients are right, and so are plain numbers on the left."""
    functions = library.define(FUNCTIONS)
    expected = (1.5 - 1 / 6, [0.5 + 1 / 18, -0.75 - 1 / 12])
    assert_close(submission.value_and_gradients(functions.shares, 3.0, 2.0), expected)
    assert_close(submission.value_and_gradients(functions.left, 2.0), (26.0, [16.25]))


@pytest.mark.points(1)
@pytest.mark.idea("Values used several times")
@pytest.mark.hint("Each use adds its share to grad.")
def test_every_use_counts(submission, library):
    """A value that is used twice in one step gets the share of both uses."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.square, 3.0), (9.0, [6.0]))
    assert_close(submission.value_and_gradients(functions.doubled, 3.0), (6.0, [2.0]))


@pytest.mark.points(1)
@pytest.mark.idea("Values used several times")
@pytest.mark.hint("Follow the statement's b = 3 a, c = b b + b by hand. When has b got all of its grad?")
def test_the_right_order(submission, library):
    """A value hands its grad on once, when it has got all of it."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.thrice, 2.0), (42.0, [39.0]))
    # d c + b = a^6 + 2 a^5 + a^4 + a^2
    assert_close(submission.value_and_gradients(functions.deep, 1.0), (5.0, [22.0]))


@pytest.mark.points(1.5)
@pytest.mark.idea("Steps and their slopes")
@pytest.mark.hint("relu passes where its own number is above 0. The slopes of tanh and exp are given by their results.")
def test_relu_tanh_exp(submission, library):
    """relu, tanh and exp have the right values and slopes, also within longer computations."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.relus, 2.0, -3.0), (4.0, [2.0, 0.0]))
    assert_close(submission.value_and_gradients(functions.relus, -2.0, -3.0), (-24.0, [12.0, 8.0]))
    assert_close(submission.value_and_gradients(functions.relus, 0.0, 1.0), (3.0, [0.0, 3.0]))
    slope = 2 * (1 - math.tanh(0.5) ** 2) + 3 * math.exp(1.5)
    assert_close(submission.value_and_gradients(functions.curves, 0.5), (2 * math.tanh(0.5) + math.exp(1.5), [slope]))
    given = 0.5, -1.0, 2.0, 1.5
    result = math.tanh(0.5 * 2.0 - 1.5 + 1)
    outer = 2 * result * (1 - result**2)
    expected = [outer * 2.0, outer * 1.5, outer * 0.5, outer * -1.0]
    assert_close(submission.value_and_gradients(functions.neuron, *given), (result**2, expected))


@pytest.mark.points(0.5)
@pytest.mark.idea("Values used several times")
@pytest.mark.hint("Nobody asked backward to begin anew: whoever wants that sets grad to 0.0.")
def test_backward_adds_to_grad(submission, library):
    """The derivatives of two results add up in grad."""
    functions = library.define(FUNCTIONS)
    value = submission.Value(2.0)
    functions.two_results(3.0, 5.0)(value)
    assert_close(value.grad, 3.0 + 20.0)


@pytest.mark.points(0.25)
@pytest.mark.idea("All together")
@pytest.mark.hint("Which derivative has a number that f does not use?")
def test_what_is_not_used(submission, library):
    """A number that is not used has the derivative 0.0."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.one_of_two, 3.0, 4.0), (6.0, [2.0, 0.0]))
    assert_close(submission.value_and_gradients(functions.itself, 3.0), (3.0, [1.0]))
    assert_close(submission.value_and_gradients(functions.zero, 3.0), (0.0, [0.0]))


@pytest.mark.points(0.25)
@pytest.mark.idea("All together")
@pytest.mark.hint("What if f returns 7.0?")
def test_a_plain_number(submission, library):
    """f may return a plain number, which changes with nothing."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.constant, 3.0, 4.0), (7.0, [0.0, 0.0]))


@pytest.mark.points(1)
@pytest.mark.idea("Long computations")
@pytest.mark.hint("A function that calls itself for each step ends at about 1000 of them.")
def test_thousands_of_terms(submission, library):
    """A sum of four thousand terms has derivatives."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.long, 1.0, 0.5), (4002.0, [2.0, 8000.0]))


@pytest.mark.points(0.5)
@pytest.mark.idea("Long computations")
@pytest.mark.hint("A function that calls itself for each step ends at about 1000 of them.")
def test_thousands_of_factors(submission, library):
    """A chain of three thousand products and tanh has derivatives."""
    functions = library.define(FUNCTIONS)
    assert_close(submission.value_and_gradients(functions.chain, 0.0), (0.0, [2.0]))
