import math

TAPE = []


class Value:
    def __init__(self, data):
        self.data, self.grad = float(data), 0.0

    def _record(self, data, *links):
        out = Value(data)
        TAPE.append((out, links))
        return out

    def __add__(self, other):
        other = lift(other)
        return self._record(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = lift(other)
        return self._record(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = lift(other)
        return self._record(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = lift(other)
        return self._record(self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data ** 2))

    def __pow__(self, n):
        return self._record(self.data ** n, (self, n * self.data ** (n - 1)))

    def __neg__(self):
        return self._record(-self.data, (self, -1.0))

    def __radd__(self, other):
        return lift(other) + self

    def __rsub__(self, other):
        return lift(other) - self

    def __rmul__(self, other):
        return lift(other) * self

    def __rtruediv__(self, other):
        return lift(other) / self

    def relu(self):
        return self._record(self.data, (self, 1.0)) if self.data > 0 else self._record(0.0, (self, 0.0))

    def tanh(self):
        return self._record(math.tanh(self.data), (self, 1 / math.cosh(self.data) ** 2))

    def exp(self):
        return self._record(math.exp(self.data), (self, math.exp(self.data)))

    def backward(self):
        # what was computed last comes last on the tape
        shares = {id(self): 1.0}
        self.grad += 1.0
        for out, links in reversed(TAPE):
            share = shares.get(id(out), 0.0)
            if share:
                for parent, slope in links:
                    parent.grad += slope * share
                    shares[id(parent)] = shares.get(id(parent), 0.0) + slope * share


def lift(x):
    return x if isinstance(x, Value) else Value(x)


def value_and_gradients(f, *numbers):
    TAPE.clear()
    inputs = list(map(Value, numbers))
    result = lift(f(*inputs))
    result.backward()
    return result.data, [i.grad for i in inputs]
