"""What the filters find, and where."""

import pytest
import torch

from grader.checking import (
    assert_close,
    assert_each_close,
    assert_each_equal,
    assert_equal,
    call,
    fetch,
    kept,
    sliding_window,
)

FOUR = torch.tensor([[0.0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]])
VERTICAL = torch.tensor([[0.0, 1, 0], [0, 1, 0], [0, 1, 0]])
RISING = torch.tensor([[0.0, 0, 1], [0, 1, 0], [1, 0, 0]])
LINES = torch.stack([VERTICAL, RISING])


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("F.conv2d wants (N, C, H, W) and (F, C, k, k): add the axes, and take the batch axis off again.")
@pytest.mark.idea("Feature maps")
def test_maps_of_the_lectures_four(submission, reference):
    """The vertical line answers the lecture's 4 with 3 at the top left, the rising line with 2 at most."""
    assert_close(submission.feature_maps(image=FOUR, filters=LINES), reference.feature_maps(FOUR, LINES))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Of -3 and -1 the larger is -1. Among equals the upper row comes first, then the left column.")
@pytest.mark.idea("Strongest response")
def test_strongest_response_to_the_four(submission):
    """The vertical line answers the 4 most strongly at the top left; of its negative, at the column beside."""
    assert_close(submission.strongest_response(FOUR, LINES), (0, 0, 0), window=_place_in(FOUR))
    assert_close(submission.strongest_response(image=-FOUR, filters=LINES), (0, 0, 1), window=_place_in(-FOUR))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("What does the response come to where every 1 of the filter lies on a 1 of the image?")
@pytest.mark.idea("Is the feature there?")
def test_features_of_the_four(submission):
    """The 4 has a vertical line and no rising one; an all-white image has every line."""
    calls = [(FOUR, VERTICAL), call(image=FOUR, filter_=RISING), (torch.ones(4, 4), RISING)]
    assert_each_equal(submission.feature_present, [True, False, True], calls)


@pytest.mark.points(0.75)
@pytest.mark.hint("Multiply and add without turning the kernel; a filter of k leaves H - k + 1 rows.")
@pytest.mark.idea("Feature maps")
def test_maps_of_any_image(submission, reference, draw):
    """Images of any height and width, filters of any number, values and size."""
    sizes = [((5, 8), (4, 3, 3)), ((9, 6), (2, 5, 5)), ((4, 7), (3, 2, 2)), ((7, 7), (1, 4, 4))]
    calls = [(draw.normal(*image), draw.normal(*filters)) for image, filters in sizes]
    assert_each_close(submission.feature_maps, reference.feature_maps, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("The answer always has three axes, of length 1 if need be.")
@pytest.mark.idea("Feature maps")
def test_smallest_maps(submission, reference, draw):
    """A single filter, a filter as large as the image, and filters of one pixel keep all three axes."""
    sizes = [((4, 4), (3, 4, 4)), ((3, 5), (2, 1, 1)), ((3, 6), (1, 3, 3)), ((1, 1), (1, 1, 1))]
    calls = [(draw.normal(*image), draw.normal(*filters)) for image, filters in sizes]
    assert_each_close(submission.feature_maps, reference.feature_maps, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Filter, row and column are three different numbers here. In which order do they come?")
@pytest.mark.idea("Strongest response")
def test_strongest_response_anywhere(submission, reference, draw):
    """The filter, row and column of the largest value are found in images that are not square, too."""
    sizes = [((5, 9), (4, 3, 3)), ((10, 4), (2, 2, 2)), ((6, 7), (5, 1, 1)), ((8, 5), (3, 3, 3)), ((4, 4), (6, 4, 4))]
    calls = [(draw.normal(*image), draw.normal(*filters)) for image, filters in sizes]
    assert_each_equal(submission.strongest_response, reference.strongest_response, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Is 0 larger than every value of these maps?")
@pytest.mark.idea("Strongest response")
def test_strongest_of_negative_responses(submission, reference, draw):
    """Where all responses are negative, the one nearest to zero is the largest."""
    sizes = [((5, 6), (3, 2, 2)), ((4, 7), (2, 3, 3))]
    calls = [(draw.uniform(*image) + 0.5, -0.5 - draw.uniform(*filters)) for image, filters in sizes]
    assert_each_equal(submission.strongest_response, reference.strongest_response, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("Several places have the same value. Which one does your function keep, the first or the last?")
@pytest.mark.idea("Strongest response")
def test_first_among_equals(submission, reference, draw):
    """Among equal values the first filter counts, then the upper row, then the left column."""
    calls = [(torch.zeros(4, 5), torch.zeros(3, 2, 2))]
    calls += [(draw.integers(0, 2, (6, 7)).float(), draw.integers(0, 2, (3, 2, 2)).float()) for _ in range(4)]
    # The same filter twice: its first place counts.
    image, twice = draw.integers(0, 3, (5, 6)).float(), draw.integers(-2, 3, (1, 3, 3)).float().repeat(2, 1, 1)
    assert_each_equal(submission.strongest_response, reference.strongest_response, [*calls, (image, twice)])


@pytest.mark.points(0.5)
@pytest.mark.hint("Filters differ in how many ones they have. How large is the response where all are met?")
@pytest.mark.idea("Is the feature there?")
def test_features_of_any_shape(submission, reference, draw):
    """Features of few or many ones, in images that hold them once, often or not at all."""
    corner = torch.tensor([[1.0, 0, 0], [1, 0, 0], [1, 1, 1]])
    dots = torch.tensor([[1.0, 0, 0], [0, 0, 0], [0, 0, 1]])
    once = torch.zeros(6, 8)
    once[3:6, 5:8] = corner
    almost = once.clone()
    almost[5, 6] = 0
    calls = [(image, feature) for image in (once, almost) for feature in (corner, dots, corner.T)]
    pairs = [((5, 7), 2), ((6, 4), 3), ((7, 7), 3), ((4, 9), 2)]
    calls += [(draw.integers(0, 2, size).float(), _feature(draw, k)) for size, k in pairs]
    assert_each_equal(submission.feature_present, reference.feature_present, calls)


@pytest.mark.points(0.5)
@pytest.mark.hint("Only the ones of the filter ask for something; under its zeros anything may lie.")
@pytest.mark.idea("Is the feature there?")
def test_white_black_and_single_pixels(submission, reference):
    """A white image has every feature, a black one none; a feature may be one pixel, or as large as the image."""
    white, black, one = torch.ones(5, 4), torch.zeros(5, 4), torch.ones(1, 1)
    lonely = black.clone()
    lonely[4, 3] = 1
    calls = [(image, feature) for image in (white, black, lonely) for feature in (VERTICAL, RISING, one)]
    calls += [(VERTICAL, VERTICAL), (RISING, VERTICAL), (torch.ones(3, 3), RISING), (1 - RISING, RISING)]
    calls += [(white, torch.ones(2, 2)), (VERTICAL, torch.ones(2, 2)), (torch.ones(3, 3), torch.ones(3, 3))]
    assert_each_equal(submission.feature_present, reference.feature_present, calls)


@pytest.mark.points(0.25)
@pytest.mark.hint("An image may be a transpose or a part of another tensor; it still belongs to the caller.")
@pytest.mark.idea("Memory and side effects")
def test_views_and_side_effects(submission, reference, library, draw):
    """Transposed images and filters give the same maps; no call changes image or filters."""
    image, filters = draw.normal(7, 5), draw.normal(3, 3, 4)[:, :, 1:]
    handles = library.put(image), library.put(filters)
    views = kept(handles[0].transpose)(0, 1), kept(handles[1].transpose)(1, 2)
    seen = image.T, filters.transpose(1, 2)
    assert_close(submission.feature_maps(*views), reference.feature_maps(*seen))
    assert_equal(submission.strongest_response(*views), reference.strongest_response(*seen))
    for now, before in zip(fetch(*handles), (image, filters), strict=True):
        assert_equal(now, before)
    given = library.put(FOUR), library.put(RISING)
    assert_equal(submission.feature_present(*given), False)
    for now, before in zip(fetch(*given), (FOUR, RISING), strict=True):
        assert_equal(now, before)


def _place_in(image):
    """(filter, row, column) -> what the filter is laid on there."""

    def window(place):
        weights = LINES[place[0]]
        say = f"of map {place[0]} adds up the products of filter {place[0]} with"
        return sliding_window(image, weights.shape, say=say, weights=weights)(place)

    return window


def _feature(draw, size):
    """A random square of zeros and ones with a 1 at a corner at least."""
    feature = draw.integers(0, 2, (size, size)).float()
    feature[0, size - 1] = 1
    return feature
