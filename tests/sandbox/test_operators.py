"""Replaced kernels: noticed while they are watched, and otherwise as if they were not there.

One zygote serves all problems of a course. What one of them forbids must change nothing for the others.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from grader.model import Limits
from grader.sandbox.launch import Stem
from grader.sandbox.session import borrowed
from tests.sandbox.conftest import Inside

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
    "on the meta device": "tuple(pool(square.to('meta')).shape)",
}


@pytest.fixture(scope="module")
def answers(stem: Stem) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each use returns in a room of an untouched zygote, and in one whose kernels are replaced."""

    def asked(watch: tuple[str, ...]) -> dict[str, Any]:
        with borrowed(stem) as sandbox:
            session = sandbox.open(Limits(), watch=watch)
            found = {name: Inside(session).run(HEAD + use) for name, use in USES.items()}
            session.end()
        return found

    return asked(()), asked(PATTERNS)


@pytest.mark.parametrize("name", USES)
def test_a_replaced_kernel_computes_what_it_did(name: str, answers: tuple[dict[str, Any], dict[str, Any]]) -> None:
    plain, replaced = (found[name] for found in answers)
    assert flat(plain)
    for one, other in zip(flat(plain), flat(replaced), strict=True):
        assert torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other


def flat(value: Any) -> list[Any]:
    return [part for item in value for part in flat(item)] if isinstance(value, (list, tuple)) else [value]
