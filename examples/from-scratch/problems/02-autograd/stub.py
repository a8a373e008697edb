"""Numbers that remember how they were computed."""

from __future__ import annotations

from collections.abc import Callable


class Value:
    """A number that remembers what it was computed from.

    `data` is the number, `grad` how much the result changes with it: 0.0, until `backward` of the result adds to it.
    + - * / and ** (with a plain number as exponent) take other values and plain numbers, on either side; there are
    relu(), tanh() and exp().
    """

    def __init__(self, data: float) -> None:
        # TODO: besides data and grad, a value needs to know what it was computed from, and with which slopes.
        raise NotImplementedError

    def __add__(self, other: Value | float) -> Value:
        raise NotImplementedError

    # TODO: the other operators, and those for a plain number on the left, such as __radd__.

    def relu(self) -> Value:
        raise NotImplementedError

    def tanh(self) -> Value:
        raise NotImplementedError

    def exp(self) -> Value:
        raise NotImplementedError

    def backward(self) -> None:
        # TODO: first bring all values into an order in which each comes before those it was computed from.
        raise NotImplementedError


def value_and_gradients(f: Callable[..., Value | float], *numbers: float) -> tuple[float, list[float]]:
    """Call `f` with a Value for each number, and take the derivatives of what it returns, a Value or a number.

    Returns:
        The result as a float, and the derivative with respect to each number, in their order.
    """
    # TODO: make the values, call f, call backward, read the gradients.
    raise NotImplementedError
