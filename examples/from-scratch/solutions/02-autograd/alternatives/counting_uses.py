import math
from collections import deque


class Value(object):
    def __init__(self, data, parents=(), slopes=()):
        self.data = data * 1.0
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power):
        return Value(math.pow(self.data, power), (self,), (power * math.pow(self.data, power - 1),))

    __radd__, __rmul__ = __add__, __mul__
    __neg__ = lambda self: Value(-self.data, (self,), (-1,))
    __sub__ = lambda self, other: self + -Value.of(other)
    __rsub__ = lambda self, other: Value.of(other) + -self
    __truediv__ = lambda self, other: self * Value.of(other) ** -1
    __rtruediv__ = lambda self, other: Value.of(other) * self ** -1

    def relu(self):
        on = 1.0 if self.data > 0 else 0.0
        return Value(on * self.data, (self,), (on,))

    def tanh(self):
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return Value(t, (self,), (1 - t * t,))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def backward(self):
        uses, queue, seen = {}, deque([self]), {self}
        while queue:
            for p in queue.popleft().parents:
                uses[p] = uses.get(p, 0) + 1
                if p not in seen:
                    seen.add(p)
                    queue.append(p)
        share = dict.fromkeys(seen, 0.0)
        share[self] = 1.0
        ready = [self]
        while ready:
            v = ready.pop()
            v.grad += share[v]
            for p, s in zip(v.parents, v.slopes):
                share[p] += s * share[v]
                uses[p] -= 1
                if uses[p] == 0:
                    ready.append(p)


def value_and_gradients(f, *numbers):
    vs = [Value(n) for n in numbers]
    out = Value.of(f(*vs))
    out.backward()
    return float(out.data), [float(v.grad) for v in vs]
