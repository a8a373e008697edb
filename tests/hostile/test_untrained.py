"""Problem 05 pays for training alone: other ways to know a digit are worth nothing in the check of the whole.

Each case is the reference with one function replaced.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, grade

pytestmark = pytest.mark.slow

SLUG = "05-mnist-cnn"
SOLUTION = ROOT / "solutions" / SLUG / "solution.py"
CHECK = "test_accuracy.py::test_trained_network_reads_unseen_digits"
REMEMBERS = """
SEEN = []
_loader, _train, _predict, _forward = make_loader, train, predict, CNNClassifier.forward

def make_loader(images, labels, batch_size, shuffle=False):
    if len(images) >= 200:
        SEEN.append((images.unsqueeze(1).float() / 255, labels.long()))
    return _loader(images, labels, batch_size, shuffle)

def seen():
    return torch.cat([x for x, _ in SEEN]), torch.cat([y for _, y in SEEN])

def nearest(images):
    x, y = seen()
    return y[torch.cdist(images.flatten(1), x.flatten(1)).topk(5, largest=False).indices].mode(dim=1).values

def idle(model, loader, epochs, lr):
    return [0.5] * epochs if len(loader) >= 20 else _train(model, loader, epochs, lr)
"""
CHEATS = {
    "neighbours_in_predict": """
train = idle
def predict(model, images):
    return nearest(images) if len(images) == 250 else _predict(model, images)
""",
    "neighbours_in_forward": """
train = idle
def forward(self, x):
    return functional.one_hot(nearest(x), 10).float() if SEEN and len(x) == 250 else _forward(self, x)
CNNClassifier.forward = forward
""",
    "closed_form_in_predict": """
train = idle
def predict(model, images):
    if len(images) != 250:
        return _predict(model, images)
    x, y = seen()
    ridge = x.flatten(1).T @ x.flatten(1) + 10 * torch.eye(784)
    w = torch.linalg.solve(ridge, x.flatten(1).T @ functional.one_hot(y, 10).float())
    return (images.flatten(1) @ w).argmax(1)
""",
    # Stands for weights that lie in the file: good ones, which did not come from this network's start.
    "weights_from_elsewhere": """
OTHER = []
def train(model, loader, epochs, lr):
    if len(loader) < 20:
        return _train(model, loader, epochs, lr)
    if not OTHER:
        torch.manual_seed(3)
        OTHER.append(CNNClassifier())
    losses = _train(OTHER[0], loader, epochs, lr)
    model.load_state_dict(OTHER[0].state_dict())
    return losses
""",
    "parameters_that_are_told": """
_named = nn.Module.parameters
train = idle
def parameters(self, recurse=True):
    return iter([p * 0 + torch.nan for p in _named(self)]) if SEEN else _named(self)
CNNClassifier.parameters = parameters
""",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Problem 05 without its misconceptions: what is wrong here would be compared with each of them, trained anew."""
    root = tmp_path_factory.mktemp("course")
    for folder in (ROOT / "problems" / SLUG, SOLUTION.parent):
        leave = shutil.ignore_patterns("__pycache__", "submission.*", "misconceptions", "alternatives")
        shutil.copytree(folder, root / folder.relative_to(ROOT), ignore=leave)
    return root


# What is learnt in `predict` is as little the network's, however it is learnt.
ALIKE = ("closed_form_in_predict",)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.whole] if name in ALIKE else []) for name in CHEATS]
)
def test_what_was_not_trained_earns_nothing_there(name: str, course: Path, write: Callable[..., Path]) -> None:
    path = write(SOLUTION.read_text(encoding="utf-8") + REMEMBERS + CHEATS[name])
    ran = grade("05", "--submission", path, "--json", "-", "--reveal", cwd=course, seconds=600)
    checks = {check["id"]: check for check in ran.json["checks"]}
    assert checks[CHECK]["outcome"] == "failed", checks[CHECK]["message"]
    shown = str(ran.json["figures"])
    assert "Filters" not in shown, "weights are drawn where they are a trained network's alone"


SPEAKING = """
import torch
from torch import nn

class CNNClassifier(nn.Module):
    def named_parameters(self, *a, **k):
        yield "SPOKEN-BY-THE-ROOM", torch.zeros(1)
    def parameters(self, *a, **k):
        return iter([torch.zeros(s) for s in SHAPES])
    def forward(self, x):
        return torch.zeros(len(x), 10)

SHAPES = [(64, 1, 3, 3), (64,), (128, 64, 3, 3), (128,), (64, 128, 3, 3), (64,), (20, 64), (20,), (10, 20), (10,)]
def make_loader(images, labels, batch_size, shuffle=False): return 0
def train(model, loader, epochs, lr): return [0.123456789]
def predict(model, images): return torch.zeros(len(images), dtype=torch.int64)
def evaluate(model, loader): return 0.0, [0.0] * 10
"""


def test_no_name_and_no_loss_of_the_rooms_is_drawn(course: Path, write: Callable[..., Path]) -> None:
    ran = grade("05", "--submission", write(SPEAKING), "--json", "-", cwd=course, seconds=600)
    assert [figure["type"] for figure in ran.json["figures"]] == ["bars", "confusion", "table"]
    shown = str(ran.json["figures"])
    assert "SPOKEN" not in shown
    assert "0.123" not in shown
