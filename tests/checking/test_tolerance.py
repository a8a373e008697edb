"""The derived tolerance lets every order of summation through and no wrong formula."""

from __future__ import annotations

import types

import pytest
import torch
import torch.nn.functional as F

from grader.checking import MismatchError, assert_close
from grader.checking.tolerance import Reference, tolerance_of


def convolve(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    return F.conv2d(image, kernel)


REFERENCE = Reference(types.SimpleNamespace(convolve=convolve))  # type: ignore[arg-type]


def other_order(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """The same sums, from the last tap to the first, one at a time."""
    height, width = image.shape[2] - kernel.shape[2] + 1, image.shape[3] - kernel.shape[3] + 1
    result = torch.zeros(image.shape[0], kernel.shape[0], height, width, dtype=image.dtype)
    for c in reversed(range(kernel.shape[1])):
        for i in reversed(range(kernel.shape[2])):
            for j in reversed(range(kernel.shape[3])):
                patch = image[:, c, i : i + height, j : j + width]
                result += patch[:, None] * kernel[None, :, c, i, j, None, None]
    return result


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_another_order_of_summation_is_right(seed: int, dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(seed)
    image = torch.randn(2, 8, 9, 9, generator=generator, dtype=dtype) * 10 ** (seed % 5 - 2)
    kernel = torch.randn(3, 8, 3, 3, generator=generator, dtype=dtype)
    expected = REFERENCE.convolve(image, kernel)
    assert_close(other_order(image, kernel), expected)
    assert_close(convolve(image.double(), kernel.double()).to(dtype), expected)


@pytest.mark.parametrize("seed", range(20))
def test_one_part_in_ten_thousand_is_wrong(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    image, kernel = torch.randn(1, 8, 9, 9, generator=generator), torch.randn(3, 8, 3, 3, generator=generator)
    expected = REFERENCE.convolve(image, kernel)
    with pytest.raises(MismatchError):
        assert_close(convolve(image, kernel * (1 + 1e-4)), expected)


def test_a_single_answer_whose_terms_cancel_has_room_for_their_size() -> None:
    image = torch.tensor([[[[1e4, -1e4, 1.0]]]])
    expected = REFERENCE.convolve(image, torch.ones(1, 1, 1, 3))
    assert tolerance_of(expected) <= 2e-5
    assert tolerance_of(expected) > 1e-6


def test_a_literal_has_a_few_units_in_the_last_place() -> None:
    assert 0 < tolerance_of(torch.tensor([100.0])) < 1e-3
    assert tolerance_of(torch.tensor([100])) == 0


def test_a_tolerance_belongs_to_one_tensor_alone() -> None:
    image = torch.randn(1, 1, 5, 5, generator=torch.Generator().manual_seed(1)) * 1000
    expected = REFERENCE.convolve(image, torch.ones(1, 1, 3, 3))
    assert tolerance_of(expected.clone()) != tolerance_of(expected)


def halve(x: torch.Tensor) -> torch.Tensor:
    x *= 0.5
    return x


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_a_reference_that_works_in_place_runs_once_on_what_it_is_given(dtype: torch.dtype) -> None:
    reference = Reference(types.SimpleNamespace(halve=halve))  # type: ignore[arg-type]
    for _ in range(2):
        x = torch.ones(3, dtype=dtype)
        assert_close(reference.halve(x), torch.full((3,), 0.5, dtype=dtype))
        assert torch.equal(x, torch.full((3,), 0.5, dtype=dtype)), "asked again, it is changed again"


def test_what_the_tolerance_is_derived_from_changes_no_list_and_no_graph() -> None:
    def append(values: list[float], x: torch.Tensor) -> torch.Tensor:
        values.append(1.0)
        return x * len(values)

    reference = Reference(types.SimpleNamespace(append=append))  # type: ignore[arg-type]
    values, leaf = [0.0], torch.ones(2, requires_grad=True)
    computed = leaf * 3
    reference.append(values, computed).sum().backward()
    assert values == [0.0, 1.0]
    assert leaf.grad is not None
    assert leaf.grad.tolist() == [6.0, 6.0]
