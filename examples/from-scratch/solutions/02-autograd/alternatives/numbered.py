import heapq
import itertools
import math

number = itertools.count()


class Value:
    """Values are numbered as they are made: a parent has a smaller number than what was computed from it."""

    def __init__(self, data, sources=None):
        self.data = float(data)
        self.grad = 0.0
        self.sources = sources or {}
        self.number = next(number)

    def __add__(self, other):
        return step(self.data + get(other), (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        return step(self.data - get(other), (self, 1.0), (other, -1.0))

    def __rsub__(self, other):
        return step(other - self.data, (self, -1.0))

    def __mul__(self, other):
        return step(self.data * get(other), (self, get(other)), (other, self.data))

    def __truediv__(self, other):
        return step(self.data / get(other), (self, 1.0 / get(other)), (other, -self.data / get(other) ** 2))

    def __rtruediv__(self, other):
        return step(other / self.data, (self, -other / self.data ** 2))

    def __pow__(self, n):
        return step(self.data ** n, (self, n * self.data ** (n - 1)))

    def __neg__(self):
        return step(-self.data, (self, -1.0))

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        return step(max(0.0, self.data), (self, float(self.data > 0.0)))

    def tanh(self):
        t = math.tanh(self.data)
        return step(t, (self, 1.0 - t * t))

    def exp(self):
        e = math.e ** self.data
        return step(e, (self, e))

    def backward(self):
        heap, shares = [(-self.number, self)], {self.number: 1.0}
        while heap:
            _, value = heapq.heappop(heap)
            share = shares.pop(value.number)
            value.grad += share
            for source, slope in value.sources.items():
                if source.number not in shares:
                    shares[source.number] = 0.0
                    heapq.heappush(heap, (-source.number, source))
                shares[source.number] += slope * share


def get(x):
    return x.data if isinstance(x, Value) else x


def step(data, *links):
    sources = {}
    for value, slope in links:
        if isinstance(value, Value):
            sources[value] = sources.get(value, 0.0) + slope
    return Value(data, sources)


def value_and_gradients(f, *numbers):
    values = tuple(Value(n) for n in numbers)
    y = f(*values)
    if isinstance(y, Value):
        y.backward()
    return float(get(y)), [v.grad for v in values]
