"""Adding, moving and joining the axes of an image."""

import pytest
import torch

from grader.checking import assert_each_equal, assert_equal, each, fetch, kept

# A tensor that crosses the wire arrives contiguous, so views are made where the submission runs.
VIEWS = """
def transposed(image):
    return image.transpose(0, 1)

def cut_out(image):
    return image[1:5, 2:6]

def every_second_column(image):
    return image[:, ::2]

def in_memory(answer):
    # The numbers in the order of their addresses; None where fewer are stored than the answer shows.
    count = answer.numel()
    if answer.untyped_storage().nbytes() < (answer.storage_offset() + count) * answer.element_size():
        return None
    return torch.as_strided(answer, (count,), (1,), answer.storage_offset())
"""


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The new axis has length 1 and comes first.")
@pytest.mark.idea("Channel axis")
def test_a_small_image_gets_a_channel_axis(submission):
    """An image of 2 x 3 pixels becomes one channel of 2 x 3 pixels."""
    image = torch.tensor([[0.0, 0.5, 1.0], [0.2, 0.4, 0.6]])
    # Here each function is called by name, elsewhere by position: a public check tells who has renamed a parameter.
    assert_equal(submission.add_channel_axis(image=image), torch.tensor([[[0.0, 0.5, 1.0], [0.2, 0.4, 0.6]]]))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The first channel of the answer is the red part of the whole image.")
@pytest.mark.idea("Channels first")
def test_a_small_colour_image(submission):
    """Red, green and blue of every pixel become a red, a green and a blue image."""
    image = torch.tensor(
        [
            [[1.0, 20.0, 300.0], [2.0, 21.0, 301.0]],
            [[3.0, 22.0, 302.0], [4.0, 23.0, 303.0]],
            [[5.0, 24.0, 304.0], [6.0, 25.0, 305.0]],
        ]
    )
    expected = torch.tensor(
        [
            [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
            [[20.0, 21.0], [22.0, 23.0], [24.0, 25.0]],
            [[300.0, 301.0], [302.0, 303.0], [304.0, 305.0]],
        ]
    )
    assert_equal(submission.channels_first(image=image), expected)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("The answer still has two axes: nine rows and one column.")
@pytest.mark.idea("Flattening")
def test_a_three_by_three_image_is_flattened(submission):
    """A 3 x 3 image becomes a column of nine pixels, the first row on top."""
    image = torch.tensor([[1.0, 1.0, 0.0], [4.0, 2.0, 1.0], [0.0, 2.0, 1.0]])
    column = torch.tensor([[1.0], [1.0], [0.0], [4.0], [2.0], [1.0], [0.0], [2.0], [1.0]])
    assert_equal(submission.flatten_image(image=image), column)


@pytest.mark.points(0.75)
@pytest.mark.hint("Nothing but the shape may change, for images of any height and width.")
@pytest.mark.idea("Channel axis")
def test_channel_axis_of_any_image(submission, draw):
    """The channel axis comes first, and every pixel stays where it is."""
    images = [draw.normal(*size) for size in [(5, 8), (9, 4), (28, 28)]]
    expected = [torch.stack([image]) for image in images]
    assert_each_equal(submission.add_channel_axis, expected, [(image,) for image in images])


@pytest.mark.points(0.25)
@pytest.mark.hint("An axis of length 1 is an axis all the same.")
@pytest.mark.idea("Channel axis")
def test_channel_axis_of_thin_images(submission, draw):
    """An image of a single row, column or pixel gets its channel axis like any other."""
    images = [draw.normal(*size) for size in [(1, 6), (7, 1), (1, 1)]]
    expected = [torch.stack([image]) for image in images]
    assert_each_equal(submission.add_channel_axis, expected, [(image,) for image in images])


@pytest.mark.points(0.25)
@pytest.mark.hint("Of an image that is wider than high, what shape should one colour have?")
@pytest.mark.idea("Channels first")
def test_colour_image_keeps_height_and_width(submission, draw):
    """A colour image that is wider than high stays wider than high."""
    images = [draw.normal(height, width, 3) for height, width in [(4, 6), (7, 2), (1, 5)]]
    answers = each(submission.channels_first, [(image,) for image in images])
    for answer, image in zip(answers, images, strict=True):
        assert isinstance(answer, torch.Tensor), "the answer must be a tensor"
        assert_equal(tuple(answer.shape), (3, *image.shape[:2]))
        assert_equal(answer.flatten().sort().values, image.flatten().sort().values)


@pytest.mark.points(1)
@pytest.mark.hint("Follow one pixel: are its three numbers at the same row and column in the answer?")
@pytest.mark.idea("Channels first")
def test_colour_image_keeps_its_pixels(submission, draw):
    """Every pixel keeps its place and its colour."""
    images = [draw.normal(height, width, 3) for height, width in [(5, 5), (4, 6), (3, 3), (6, 1)]]
    expected = [torch.stack(image.unbind(2)) for image in images]
    assert_each_equal(submission.channels_first, expected, [(image,) for image in images])


@pytest.mark.points(1)
@pytest.mark.hint("Look at is_contiguous() and stride() of your answer.")
@pytest.mark.idea("Channels first")
def test_colour_image_is_contiguous(submission, library, draw):
    """The answer lies in memory in the order of its axes: first all red, then all green, then all blue."""
    views = library.define(VIEWS)
    photo = draw.normal(6, 7, 3)
    for image, given in [
        (photo, photo),
        (photo.transpose(0, 1), kept(views.transposed)(photo)),
        (photo[1:5, 2:6], kept(views.cut_out)(photo)),
    ]:
        answer = kept(submission.channels_first)(given)
        expected = torch.stack(image.unbind(2))
        assert_equal(fetch(answer), expected)
        # What the room says of contiguity is a claim; so the memory itself is compared, too.
        assert_equal(answer.is_contiguous(), True)
        assert_equal(views.in_memory(answer), expected.flatten())


@pytest.mark.points(0.75)
@pytest.mark.hint("Which pixel stands below the last one of the first row? Try an image that is not square.")
@pytest.mark.idea("Flattening")
def test_flattening_goes_row_by_row(submission, draw):
    """The rows of any image follow each other, from top to bottom, in one column."""
    images = [draw.normal(height, width) for height, width in [(4, 7), (6, 2), (28, 28)]]
    expected = [torch.cat(list(image))[:, None] for image in images]
    assert_each_equal(submission.flatten_image, expected, [(image,) for image in images])


@pytest.mark.points(0.25)
@pytest.mark.hint("Also a single row, and a single pixel, become a column.")
@pytest.mark.idea("Flattening")
def test_flattening_thin_images(submission, draw):
    """An image of a single row, column or pixel becomes a column like any other."""
    images = [draw.normal(height, width) for height, width in [(1, 5), (4, 1), (1, 1)]]
    expected = [torch.cat(list(image))[:, None] for image in images]
    assert_each_equal(submission.flatten_image, expected, [(image,) for image in images])


@pytest.mark.points(0.5)
@pytest.mark.hint("Such an image does not lie in memory row by row. Which operations need that?")
@pytest.mark.idea("Views and copies")
def test_flattening_a_transposed_image(submission, library, draw):
    """A transposed image is flattened by its rows, however it lies in memory."""
    image = draw.normal(6, 8)
    view = kept(library.define(VIEWS).transposed)(image)
    assert_equal(submission.flatten_image(view), torch.cat(list(image.T))[:, None])


@pytest.mark.points(0.25)
@pytest.mark.hint("In memory there are other pixels between the rows of such an image.")
@pytest.mark.idea("Views and copies")
def test_flattening_a_part_of_an_image(submission, library, draw):
    """A part cut out of an image is flattened by its rows, without what lies between them."""
    image, views = draw.normal(6, 8), library.define(VIEWS)
    for view, part in [(views.cut_out, image[1:5, 2:6]), (views.every_second_column, image[:, ::2])]:
        assert_equal(submission.flatten_image(kept(view)(image)), torch.cat(list(part))[:, None])


@pytest.mark.points(0.25)
@pytest.mark.hint("An image may be a part or a transpose of a larger tensor. Do you rely on how it lies in memory?")
@pytest.mark.idea("Views and copies")
def test_other_functions_take_transposed_images(submission, library, draw):
    """A transposed or cut-out image gets its channel axis, or its channels first, like any other."""
    views = library.define(VIEWS)
    board, photo = draw.normal(6, 8), draw.normal(6, 7, 3)
    for view, cut in [
        (views.transposed, (board.T, photo.transpose(0, 1))),
        (views.cut_out, (board[1:5, 2:6], photo[1:5, 2:6])),
    ]:
        assert_equal(submission.add_channel_axis(kept(view)(board)), torch.stack([cut[0]]))
        assert_equal(submission.channels_first(kept(view)(photo)), torch.stack(cut[1].unbind(2)))


@pytest.mark.points(0.25)
@pytest.mark.hint("Methods whose name ends in an underscore change the tensor that the caller still holds.")
@pytest.mark.idea("Views and copies")
def test_images_are_left_as_they_are(submission, reference, library, draw):
    """The image that is handed in is not changed, so the same question gets the same answer again."""
    for name, size in [
        ("add_channel_axis", (3, 5)),
        ("channels_first", (3, 5, 3)),
        ("flatten_image", (3, 5)),
    ]:
        image = draw.normal(*size)
        handle = library.put(image)
        expected = getattr(reference, name)(image)
        function = getattr(submission, name)
        assert_equal(function(handle), expected)
        assert_equal(function(handle), expected)
        assert_equal(fetch(handle), image)


@pytest.mark.points(0.25)
@pytest.mark.hint("Where do the numbers of an answer lie while the function works on the next image?")
@pytest.mark.idea("Views and copies")
def test_answers_are_independent(submission, reference, draw):
    """An answer stays as it is while other images of the same size are asked about."""
    for name, size in [
        ("add_channel_axis", (3, 5)),
        ("channels_first", (3, 5, 3)),
        ("flatten_image", (3, 5)),
    ]:
        images = [draw.normal(*size) for _ in range(2)]
        answers = [kept(getattr(submission, name))(image) for image in images]
        for answer, image in zip(answers, images, strict=True):
            assert_equal(fetch(answer), getattr(reference, name)(image))
