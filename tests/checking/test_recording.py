"""The reference's answers as a file: exactly those, to exactly those questions."""

from __future__ import annotations

import types
from typing import Any

import pytest
import torch

from grader.checking.api.proxy import printed
from grader.checking.recognition.sameness import same
from grader.checking.recording import RecordedReference, Recorder, Recording
from grader.checking.tolerance import Reference, tolerance_of
from grader.errors import ProblemFileError

CHECK = "test_a.py::test_b"


def answer(value: Any, *, scale: float = 1.0) -> Any:
    return value * scale if isinstance(value, torch.Tensor) else value


def pair(x: torch.Tensor) -> tuple[torch.Tensor, dict[str, list[torch.Tensor]]]:
    return x.sum(), {"parts": [x / 3, x.long()]}


# `begin` is a name of the recorder's own: the solution's must not be hidden by it.
MODULE = types.SimpleNamespace(
    answer=answer,
    pair=pair,
    begin=answer,
    SIZES=(3, 4),
    layer=lambda: torch.nn.Linear(1, 1),
    greet=lambda n: print("hello", n),
)


def recorded(*asked: tuple[str, tuple[Any, ...], dict[str, Any]]) -> tuple[Reference, RecordedReference, Recording]:
    recorder = Recorder("p")
    reference = Reference(MODULE, recorder)  # type: ignore[arg-type]
    recorder.begin(CHECK, ["reference"])
    for name, args, kwargs in asked:
        getattr(reference, name)(*args, **kwargs)
    recording = Recording("p", recorder.written())
    recording.begin(CHECK)
    return reference, RecordedReference(recording), recording


X = torch.linspace(-1, 1, 60).reshape(3, 20)
QUESTIONS = [
    pytest.param("answer", (3,), {}, id="int"),
    pytest.param("answer", ("ß",), {}, id="text"),
    pytest.param("answer", (None,), {}, id="none"),
    pytest.param("answer", ([1, (2.5, {"a": True})],), {}, id="containers"),
    pytest.param("answer", (X,), {"scale": 0.1}, id="tensor"),
    pytest.param("answer", (X.double().t(),), {}, id="double-and-transposed"),
    pytest.param("answer", (torch.tensor([float("nan"), float("inf")]),), {}, id="nan"),
    pytest.param("answer", (torch.empty(0, 3),), {}, id="empty-tensor"),
    pytest.param("answer", (X.clone().requires_grad_(),), {}, id="with-gradient"),
    pytest.param("pair", (X,), {}, id="several-tensors"),
    pytest.param("begin", (1,), {}, id="a-name-of-our-own"),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), QUESTIONS)
def test_the_same_answer_with_the_same_tolerance(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    reference, again, _ = recorded((name, args, kwargs))
    expected, found = getattr(reference, name)(*args, **kwargs), getattr(again, name)(*args, **kwargs)
    assert same(expected, found)
    if isinstance(expected, torch.Tensor):
        assert tolerance_of(found) == tolerance_of(expected)
        assert found.requires_grad == expected.requires_grad
    if name == "pair":
        assert tolerance_of(found[1]["parts"][0]) == tolerance_of(expected[1]["parts"][0])


def test_what_the_reference_prints_is_kept() -> None:
    recorder = Recorder("p")
    recorder.begin(CHECK, ["reference"])
    assert printed(Reference(MODULE, recorder).greet, 2) == "hello 2\n"  # type: ignore[arg-type]
    recording = Recording("p", recorder.written())
    recording.begin(CHECK)
    assert printed(RecordedReference(recording).greet, 2) == "hello 2\n"
    with pytest.raises(ProblemFileError):
        printed(RecordedReference(recording).greet, 3)


def test_every_check_has_a_copy_of_its_own() -> None:
    _, again, _ = recorded(("answer", (X,), {}))
    again.answer(X).zero_()
    assert same(again.answer(X), X)


def test_what_is_no_function_is_read() -> None:
    recorder = Recorder("p")
    recorder.begin(CHECK, ["reference"])
    assert Reference(MODULE, recorder).SIZES == (3, 4)  # type: ignore[arg-type]
    assert RecordedReference(Recording("p", recorder.written())).SIZES == (3, 4)


@pytest.mark.parametrize(
    ("name", "args"),
    [("answer", (4,)), ("answer", (3.0,)), ("answer", ([3],)), ("pair", (X,)), ("answer", (object(),))],
    ids=["other", "float-for-int", "list", "other-function", "not-a-value"],
)
def test_what_was_not_recorded_names_the_check(name: str, args: tuple[Any, ...]) -> None:
    _, again, _ = recorded(("answer", (3,), {}))
    with pytest.raises(ProblemFileError, match=rf"p/checks/test_a.py::test_b: asks reference\.{name}"):
        getattr(again, name)(*args)


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("layer", (), "what reference.layer returns cannot be written down for a student kit: a Linear"),
        ("answer", (torch.nn.ReLU(),), "what it asks reference.answer cannot be written down"),
    ],
    ids=["answer", "question"],
)
def test_what_cannot_be_written_down_names_the_check(name: str, args: tuple[Any, ...], says: str) -> None:
    with pytest.raises(ProblemFileError, match=f"p/checks/test_a.py::test_b: {says}"):
        recorded((name, args, {}))


def test_random_inputs_are_kept_for_checks_that_ask() -> None:
    recorder = Recorder("p")
    for check, asks in ((CHECK, True), ("test_a.py::test_other", False)):
        recorder.begin(check, ["draw"])
        recorder.drawn(X)
        if asks:
            recorder.answered("answer", ((X,), {}), ((X,), {}), X)
    recording = Recording("p", recorder.written())
    assert same(recording.draws_of(CHECK), [X])
    assert recording.draws_of("test_a.py::test_other") == []


def test_nothing_is_written_where_nobody_asked() -> None:
    recorder = Recorder("p")
    recorder.begin(CHECK, ["submission"])
    recorder.drawn(X)
    assert recorder.written() == b""


@pytest.mark.parametrize("content", [b"", b"N", b"i" + bytes(8), b"\x80\x04.", b"t\x03\x00\x00\x00i" + bytes(7)])
def test_a_damaged_file(content: bytes) -> None:
    with pytest.raises(ProblemFileError, match=r"p/reference\.answers: is damaged"):
        Recording("p", content)
