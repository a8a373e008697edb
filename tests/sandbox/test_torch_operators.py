"""Replaced kernels: noticed whenever they run for a forbidden function, and otherwise as if they were not there.

One zygote serves all problems of a course. What one of them forbids must change nothing for the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from grader.model import Limits
from grader.sandbox.forked import borrowed
from grader.sandbox.launch import Stem
from grader.sandbox.operations import (
    Advance,
    CallFunction,
    Define,
    GetAttribute,
    Load,
    Operation,
    TakeValue,
)
from grader.sandbox.questions import Snippet, asking
from grader.sandbox.replies import Sighting, decode
from tests.sandbox.conftest import SECONDS, Held, Inside, number_of

pytestmark = pytest.mark.slow

PATTERNS = ("aten::*pool*", "quantized::*pool*", "aten::*conv*", "aten::*linear*", "aten::softmax*")

HEAD = """
import torch
import torch.nn.functional as F
from torch import nn

def gradient(function, *shape):
    torch.manual_seed(1)
    x = torch.randn(*shape).requires_grad_()
    y = function(x)
    y.square().sum().backward()
    return y.detach(), x.grad

def curvature(function, *shape):
    torch.manual_seed(1)
    x = torch.randn(*shape).requires_grad_()
    first, = torch.autograd.grad(function(x).pow(3).sum(), x, create_graph=True)
    first.square().sum().backward()
    return x.grad

def trained(layer, *shape):
    torch.manual_seed(1)
    layer.apply(lambda m: m.reset_parameters() if hasattr(m, "reset_parameters") else None)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    x = torch.randn(*shape)
    for _ in range(2):
        optimizer.zero_grad()
        layer(x).square().mean().backward()
        optimizer.step()
    return [p.detach() for p in layer.parameters()]

square = torch.arange(16.0).reshape(1, 1, 4, 4)
pool = lambda x: F.max_pool2d(x, 2)
network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))

def main():
    return """

USES = {
    "max pooling": "gradient(lambda x: F.max_pool2d(x, 2), 2, 3, 6, 6)",
    "max pooling with indices": "gradient(lambda x: F.max_pool2d(x, 2, return_indices=True)[0], 2, 3, 6, 6)",
    "max pooling in one dimension": "gradient(lambda x: F.max_pool1d(x, 2), 2, 3, 6)",
    "max pooling in three": "gradient(lambda x: F.max_pool3d(x, 2), 1, 2, 4, 4, 4)",
    "average pooling": "gradient(lambda x: F.avg_pool2d(x, 2), 2, 3, 6, 6)",
    "adaptive pooling": "gradient(lambda x: F.adaptive_avg_pool2d(x, 1), 2, 3, 6, 6)",
    "adaptive max pooling": "gradient(lambda x: F.adaptive_max_pool2d(x, 2), 2, 3, 6, 6)",
    "convolution": "gradient(lambda x: F.conv2d(x, torch.ones(4, 3, 3, 3), padding=1), 2, 3, 6, 6)",
    "transposed convolution": "gradient(lambda x: F.conv_transpose2d(x, torch.ones(3, 4, 3, 3)), 2, 3, 6, 6)",
    "linear": "gradient(lambda x: F.linear(x, torch.ones(4, 3)), 2, 3)",
    "softmax": "gradient(lambda x: F.softmax(x, 1), 2, 3)",
    "second derivatives": "curvature(lambda x: F.softmax(F.conv2d(x, torch.ones(2, 1, 2, 2)), 1), 1, 1, 4, 4)",
    "second derivatives of a pool": "curvature(lambda x: F.avg_pool2d(x, 2), 1, 1, 4, 4)",
    "a network in training": "trained(network, 4, 1, 6, 6)",
    "without gradients": "torch.no_grad()(lambda: pool(square))()",
    "in inference mode": "torch.inference_mode()(lambda: pool(square).clone())()",
    "in float64": "gradient(lambda x: pool(x.double()), 1, 1, 4, 4)",
    "in bfloat16": "pool(square.bfloat16())",
    "vectorised": "torch.vmap(pool)(torch.arange(32.0).reshape(2, 1, 1, 4, 4))",
    "by torch.func": "torch.func.grad(lambda x: pool(x).square().sum())(square)",
    "traced": "torch.jit.trace(pool, torch.ones(1, 1, 4, 4))(square)",
    "a number beside a tensor": "[square * 2, square.long() * 0.5, 2 - square.half(), square > 3, square.isfinite()]",
    "a layer's parameters": "[p.shape for p in nn.Linear(2, 3).parameters()]",
    "a class of its own": "type(torch.ones(2).as_subclass(type('Mine', (torch.Tensor,), {})) + 1).__name__",
    "a lazy layer": "tuple(nn.LazyLinear(3)(torch.ones(1, 2)).shape)",
    "on the meta device": "tuple(pool(square.to('meta')).shape)",
}


@pytest.fixture(scope="module")
def answers(stem: Stem) -> tuple[dict[str, Any], ...]:
    """What each use returns in a room of an untouched zygote, in others whose kernels are replaced, and in a last one
    of the same zygote, where nothing is forbidden again.
    """
    with borrowed(stem) as sandbox:

        def asked(watch: tuple[str, ...]) -> dict[str, Any]:
            session = sandbox.open(Limits(), watch=watch)
            if watch:
                rules = {"main": [(list(watch), 0)]}
                request = Load("it.py", b"", [], [], SECONDS, [], [], rules, [])
                said = session.ask(asking(request, number=number_of), SECONDS)
                assert decode(said, lambda number, name: None).kind == "value"
            found = {name: Inside(session).run(HEAD + use) for name, use in USES.items()}
            session.end()
            return found

        return asked(()), asked(PATTERNS), asked(("aten::*",)), asked(())


@pytest.mark.parametrize("which", [1, 2, 3], ids=["some", "all", "none-again"])
@pytest.mark.parametrize("name", USES)
def test_a_replaced_kernel_computes_what_it_did(name: str, which: int, answers: tuple[dict[str, Any], ...]) -> None:
    plain, replaced = answers[0][name], answers[which][name]
    assert flat(plain)
    for one, other in zip(flat(plain), flat(replaced), strict=True):
        assert torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other


def flat(value: Any) -> list[Any]:
    return [part for item in value for part in flat(item)] if isinstance(value, (list, tuple)) else [value]


CHEAT = """
import threading, time
import torch
import torch.nn.functional as F

x, w = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2)
pool = lambda: F.max_pool2d(x, 2)

class Late(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            pool()
            return function(*args, **(kwargs or {}))

class Gradient(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x + 1

    @staticmethod
    def backward(context, gradient):
        return pool().sum() * gradient

class Text(str):
    def __str__(self):
        return str(pool())

class Network(torch.nn.Module):
    def forward(self, x):
        return pool()

def raising():
    raise ValueError(Text())

def to_mkldnn():
    F.max_pool2d(x.to_mkldnn(), 2)

def another_key():
    keys = torch._C.DispatchKeySet(torch._C.DispatchKey.XLA)
    torch.ops.aten.mkldnn_convolution.default.redispatch(keys, x, w, None, [0, 0], [1, 1], [1, 1], 1)

def own_kernel():
    kernel = torch.library.get_kernel("aten::mkldnn_convolution", "XLA")
    kernel.call_boxed(torch._C._dispatch_keys(x), x, w, None, [0, 0], [1, 1], [1, 1], 1)

def thread():
    def later():
        time.sleep(0.001)
        pool()
    threading.Thread(target=later).start()

def generator():
    yield pool()

def gradient():
    return Gradient.apply(torch.ones(1, requires_grad=True))

def late():
    return torch.zeros(1).as_subclass(Late)

def network():
    return Network()

def cheat(kind):
    return globals()[kind]()
"""
RULES = {"cheat": [(["aten::*pool*", "aten::*conv*"], 0)], "free": []}


@pytest.fixture(scope="module")
def cheating(stem: Stem) -> Iterator[Callable[..., tuple[str, Any, Any]]]:
    """Asks a room in which `cheat` of the above is loaded, and may run neither pooling nor convolution."""
    with borrowed(stem) as sandbox:
        session = sandbox.open(Limits(), watch=RULES["cheat"][0][0])

        def ask(operation: Operation, **options: Any) -> tuple[str, Any, Any]:
            question = asking(operation, number=number_of, **options)
            return decode(session.ask(question, SECONDS), Held)[:3]

        assert ask(Load("submission.py", CHEAT.encode(), [], ["cheat"], 9.0, [], [], RULES, []))[0] == "value"
        yield ask
        session.end()


def named(seen: list[Sighting]) -> set[str]:
    assert all(sighting.file == "submission.py" and sighting.line > 0 for sighting in seen)
    return {sighting.operator for sighting in seen}


@pytest.mark.parametrize(
    ("kind", "operator"),
    {
        "late": "aten::max_pool2d",
        "raising": "aten::max_pool2d",
        "to_mkldnn": "aten::mkldnn_max_pool2d",
        "another_key": "aten::mkldnn_convolution",
        "own_kernel": "aten::mkldnn_convolution",
    }.items(),
)
def test_what_a_call_puts_off_or_hides_is_noticed(kind: str, operator: str, cheating: Any) -> None:
    *_, seen = cheating(CallFunction("cheat", (kind,), {}), function="cheat")
    assert operator in named(seen)
    *_, seen = cheating(CallFunction("cheat", (kind,), {}), function="free")
    assert seen == [], "another function may"


def test_what_comes_of_its_answer_is_noticed(cheating: Any) -> None:
    _, answer, seen = cheating(CallFunction("cheat", ("network",), {}), function="cheat")
    assert seen == []
    *_, seen = cheating(CallFunction(answer, (1,), {}), function="cheat")
    assert "aten::max_pool2d" in named(seen)
    _, answer, seen = cheating(CallFunction("cheat", ("generator",), {}), function="cheat")
    assert seen == []
    *_, seen = cheating(Advance(answer), function="cheat")
    assert "aten::max_pool2d" in named(seen)


def test_what_a_thread_does_afterwards_is_noticed(cheating: Any) -> None:
    *_, seen = cheating(CallFunction("cheat", ("thread",), {}), function="cheat")
    time.sleep(0.05)
    *_, more = cheating(TakeValue(1), function="cheat", own=False)
    assert "aten::max_pool2d" in named(seen + more)


def test_the_checks_own_doing_is_not_the_students(cheating: Any) -> None:
    """Nor is what the room's library runs for the check, unless a line of the student's leads there."""
    _, x, _ = cheating(CallFunction("cheat", ("gradient",), {}), function="cheat", keep=True)
    source = "def pool():\n    torch.nn.functional.max_pool2d(torch.ones(1, 1, 2, 2), 2)\n"
    source += "def backward(y):\n    y.sum().backward()\n"
    _, defined, _ = cheating(Define(Snippet.of(source)), keep=True)
    for name, argument, found in (("pool", (), False), ("backward", (x,), True)):
        _, function, _ = cheating(GetAttribute(defined, name), keep=True)
        *_, seen = cheating(CallFunction(function, argument, {}), function="cheat", own=False)
        assert ("aten::max_pool2d" in named(seen)) is found


def test_the_jit_cannot_be_told_to_go_round_the_dispatcher(cheating: Any) -> None:
    """TorchScript hands whole graphs to oneDNN when asked to; the switch is gone, and cannot be found again."""
    source = """
import gc, torch
def main():
    try:
        torch.jit.enable_onednn_fusion(True)
    except AttributeError:
        return [o for o in gc.get_objects() if getattr(o, "__name__", "") == "_jit_set_llga_enabled"]
"""
    _, defined, _ = cheating(Define(Snippet.of(source)), keep=True)
    _, main, _ = cheating(GetAttribute(defined, "main"), keep=True)
    assert cheating(CallFunction(main, (), {}))[1] == []


LOOPS = """
import threading
import torch

x, w = torch.ones(30, 4), torch.ones(4, 4)

def vectorised():
    y = (x @ w * 2).softmax(1)
    return torch.einsum("ij,kj->ik", y, y)

def loop():
    return torch.stack([row @ w for row in x])

def scripted():
    return compiled(x)

def in_threads():
    threads = [threading.Thread(target=loop) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

class Slow(torch.autograd.Function):
    @staticmethod
    def forward(context, y):
        return y + 1

    @staticmethod
    def backward(context, gradient):
        loop()
        return gradient

def by_a_gradient():
    y = torch.ones(1, requires_grad=True)
    Slow.apply(y).sum().backward()

def made_of_text():
    exec("for row in x: row @ w", globals())

class Late(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            loop()
            return function(*args, **(kwargs or {}))

def when_it_is_written():
    return torch.zeros(1).as_subclass(Late)

@torch.jit.script
def compiled(y: torch.Tensor):
    for _ in range(40):
        y = y + 1
    return y
"""
LOOPING = ("loop", "scripted", "compiled", "in_threads", "by_a_gradient", "made_of_text", "when_it_is_written")


def test_operators_are_counted_where_so_many_may_run(stem: Stem) -> None:
    """A loop runs more of them than it may, wherever it hides; what one operator is made of counts for nothing."""
    names = ["vectorised", *LOOPING]
    with borrowed(stem) as sandbox:
        session = sandbox.open(Limits(), watch=("aten::*",))

        def ask(operation: Operation, function: str = "") -> Any:
            return decode(session.ask(asking(operation, number=number_of, function=function), SECONDS), Held)

        rules = {name: [(["aten::resolve_neg"], 0), (["aten::*"], 20)] for name in names}
        assert ask(Load("submission.py", LOOPS.encode(), [], names, 9.0, [], [], rules, [])).kind == "value"
        arguments: dict[str, Any] = {"compiled": (torch.ones(2),)}
        replies = {name: ask(CallFunction(name, arguments.get(name, ()), {}), name) for name in names}
        session.end()
    assert {name: reply.kind for name, reply in replies.items()} == dict.fromkeys(names, "value")
    assert replies.pop("vectorised").seen == []
    for name, reply in replies.items():
        assert [(each.rule, each.times > 20) for each in reply.seen] == [(1, True)], name


ROUND_IT = {
    "a graph from text": "torch._C.parse_ir('graph(%x : Tensor): return (%x)')",
    "a function from a graph": "torch._C._create_function_from_graph('f', torch._C.Graph())",
    "a fusion group": "torch._C.Graph().create('prim::oneDNNFusionGroup', [], 1)",
    "another fusion group": "torch._C.Graph().create('prim::FusionGroup', [], 1)",
    "a node in the graph of a script": "torch.jit.script(torch.nn.ReLU()).graph.create('prim::TensorExprGroup', [], 1)",
    "a kernel of NNC's": "torch._C._te.ExternalCall",
    "a pass that fuses": "torch._C._jit_pass_fuse(torch._C.Graph())",
    "a switch of the fuser": "torch._C._jit_set_texpr_fuser_enabled(True)",
    "a C library": "__import__('ctypes').CDLL(None)",
    "a C function of Python's": "__import__('ctypes').pythonapi.Py_IncRef",
    "a library of operators": "torch.ops.load_library('/usr/lib/x86_64-linux-gnu/libc.so.6')",
}


@pytest.mark.parametrize("way", ROUND_IT.values(), ids=ROUND_IT)
def test_a_way_round_the_dispatcher_is_closed(way: str, cheating: Any) -> None:
    _, defined, _ = cheating(Define(Snippet.of(f"def attempt():\n    return {way}\n")), keep=True)
    _, attempt, _ = cheating(GetAttribute(defined, "attempt"), keep=True)
    kind, said, _ = cheating(CallFunction(attempt, (), {}), function="cheat", keep=True)
    assert kind == "raised"
    assert said["type"] in ("AttributeError", "RuntimeError", "OSError")


def test_what_else_torch_compiles_goes_on(cheating: Any) -> None:
    source = """
def compiled():
    layer = nn.Sequential(nn.Linear(2, 3), nn.ReLU()).eval()
    x = torch.ones(1, 2)
    scripted, traced = torch.jit.script(layer), torch.jit.trace(layer, x)
    return [torch.equal(each(x), layer(x)) for each in (scripted, traced, torch.jit.freeze(scripted))]
"""
    _, defined, _ = cheating(Define(Snippet.of(source)), keep=True)
    _, compiled, _ = cheating(GetAttribute(defined, "compiled"), keep=True)
    assert cheating(CallFunction(compiled, (), {}), function="free")[:2] == ("value", [True, True, True])
