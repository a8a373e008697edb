"""Questions: what a check sends is what the room gets."""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch.nn import functional

from grader.sandbox import questions
from grader.sandbox.named import named
from grader.sandbox.operations import KINDS, CallFunction, Operation, TakeValue
from grader.sandbox.values import DTYPES
from tests.sandbox.strategies import values
from tests.sandbox.test_values import same


class InTheRoom:
    def __init__(self, number: int) -> None:
        self.number = number


def number_of(value: object) -> int:
    if not isinstance(value, InTheRoom):
        raise TypeError("not in the room")
    return value.number


def sent(value: Any) -> Any:
    arrived = received(questions.asking(TakeValue(value), number=number_of).data)
    assert arrived[1:] == (False, "", True, 0)
    assert isinstance(arrived.operation, TakeValue)
    return arrived.operation.value


def received(data: bytes) -> questions.ArrivedQuestion:
    question = questions.decode(data, lambda number: ("object", number))
    assert isinstance(question, questions.ArrivedQuestion)
    return question


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values)
def test_values_arrive_as_they_are(value: Any) -> None:
    assert same(sent(value), value)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tensors_of_every_dtype_in_any_memory_order(dtype: torch.dtype) -> None:
    x = torch.arange(24).reshape(2, 3, 4).to(dtype)
    for tensor in (x, x.transpose(0, 2), x[:, ::2], x[:, :0], x[1, 2, 3]):
        arrived = sent(tensor)
        assert same(arrived, tensor)
        arrived.zero_()  # It may be written to, like any other.


def test_complex_tensors_with_a_conjugate_or_negative_bit() -> None:
    x = torch.tensor([1 + 2j, 3 - 4j])
    for tensor in (x.conj(), x.conj().imag):
        assert torch.equal(sent(tensor), tensor.resolve_conj().resolve_neg())


def test_parameters_ask_for_a_gradient() -> None:
    arrived = sent(torch.nn.Parameter(torch.ones(2)))
    assert type(arrived) is torch.Tensor
    assert arrived.requires_grad
    assert arrived.is_leaf


LIBRARYS = [
    int,
    ValueError,
    len,
    math.sin,
    functional.gelu,
    functional.relu,
    os.path.join,
    OrderedDict,
    torch.nn.ReLU,
    torch.tanh,
    np.exp,
    np.linalg.norm,
    np.int64,
]


@pytest.mark.parametrize("value", LIBRARYS, ids=lambda value: value.__name__)
def test_what_is_a_librarys_is_found_there(value: Any) -> None:
    assert sent((value, [value])) == (value, [value])


def test_what_is_a_checks_own_is_not_found_in_the_room() -> None:
    class Sly:
        __module__ = "torch.nn"
        __qualname__ = "ReLU"

    for value in (InTheRoom, number_of, lambda x: x, Sly, InTheRoom(1).__eq__, "torch.nn.ReLU"):
        assert named(value) is None


def test_a_tensor_sent_twice_is_two_tensors() -> None:
    x = torch.ones(2)
    one, other = sent((x, x))
    one += 1
    assert torch.equal(other, x)


def test_modules_travel_whole() -> None:
    layer = torch.nn.Linear(2, 1)
    assert torch.equal(sent({"layer": [layer]})["layer"][0].weight, layer.weight)


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(3), np.ones((2, 3)), torch.float64, 1 - 2j], ids=repr)
def test_what_is_made_of_one_value_keeps_its_type(value: Any) -> None:
    arrived = sent([value])[0]
    assert type(arrived) is type(value)
    assert np.array_equal(arrived, value)


def test_subclasses_travel_as_what_they_stand_for() -> None:
    class Size(IntEnum):
        SMALL = 3

    class Words(list[Any]):
        pass

    arrived = sent((Size.SMALL, Words(["a", InTheRoom(4)]), OrderedDict(x=1), torch.ones(2, 3).shape))
    assert arrived == (3, ["a", ("object", 4)], {"x": 1}, (2, 3))
    assert [type(item) for item in arrived] == [int, list, dict, tuple]


def test_objects_of_the_room_go_by_their_number_wherever_they_are() -> None:
    assert sent((InTheRoom(1), [InTheRoom(2)], {"x": InTheRoom(3)})) == (
        ("object", 1),
        [("object", 2)],
        {"x": ("object", 3)},
    )


@pytest.mark.parametrize(
    "value", [object(), InTheRoom, torch.ones(2).to_sparse(), slice(InTheRoom)], ids=lambda v: type(v).__name__
)
def test_other_objects_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="not in the room"):
        questions.asking(CallFunction("f", ([value],), {}), number=number_of)


def test_a_question_says_whether_it_refers_to_the_room() -> None:
    assert questions.asking(CallFunction("f", (1, torch.ones(2)), {"x": None}), number=number_of).alone
    assert not questions.asking(CallFunction("f", (1, [InTheRoom(3)]), {}), number=number_of).alone


def test_questions_together_arrive_one_by_one() -> None:
    several = [questions.asking(TakeValue(value), number=number_of) for value in (1, InTheRoom(2), "three")]
    inner: Any = questions.decode(questions.together(several).data, lambda number: None)
    assert [received(data).operation for data in inner] == [
        TakeValue(1),
        TakeValue(("object", 2)),
        TakeValue("three"),
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_operation_arrives_as_itself(kind: type[Operation]) -> None:
    values: list[Any] = [f"value {index}" for index in range(len(kind._fields))]
    arrived = received(questions.asking(kind(*values), number=number_of, keep=True, function="f").data)
    assert arrived == (kind(*values), True, "f", True, 0)
    assert type(arrived.operation) is kind
