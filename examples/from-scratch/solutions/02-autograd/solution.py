"""Numbers that remember how they were computed."""

from __future__ import annotations

import math
from collections.abc import Callable


class Value:
    """A number that remembers what it was computed from.

    `data` is the number, `grad` how much the result changes with it: 0.0, until `backward` of the result adds to it.
    + - * / and ** (with a plain number as exponent) take other values and plain numbers, on either side; there are
    relu(), tanh() and exp().
    """

    def __init__(self, data: float, parents: tuple[tuple[Value, float], ...] = ()) -> None:
        self.data = float(data)
        self.grad = 0.0
        # Each value that this one was computed from, with the slope: how much this one changes with it.
        self._parents = parents

    def __add__(self, other: Value | float) -> Value:
        other = _value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        other = _value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, exponent: float) -> Value:
        # The slope of x ** 0 is 0, at 0 as well, where x ** -1 is none.
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, ((self, slope),))

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -_value(other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * _value(other) ** -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Value:
        return _value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return _value(other) / self

    def relu(self) -> Value:
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def tanh(self) -> Value:
        result = math.tanh(self.data)
        return Value(result, ((self, 1.0 - result**2),))

    def exp(self) -> Value:
        result = math.exp(self.data)
        return Value(result, ((self, result),))

    def backward(self) -> None:
        self.grad += 1.0
        for value in reversed(self._from_first_to_last()):
            for parent, slope in value._parents:
                parent.grad += slope * value.grad

    def _from_first_to_last(self) -> list[Value]:
        """All that this value was computed from, each after its own parents, and itself: without recursion."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            value, parents_are_in = waiting.pop()
            if parents_are_in:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                waiting.append((value, True))
                waiting += [(parent, False) for parent, _ in value._parents]
        return order


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def value_and_gradients(f: Callable[..., Value | float], *numbers: float) -> tuple[float, list[float]]:
    """Call `f` with a Value for each number, and take the derivatives of what it returns, a Value or a number.

    Returns:
        The result as a float, and the derivative with respect to each number, in their order.
    """
    values = [Value(number) for number in numbers]
    result = _value(f(*values))
    result.backward()
    return result.data, [value.grad for value in values]
