"""What the functions of this problem may be given."""

from hypothesis import strategies as st

from grader.checking import call, sliding_window, tensors


@st.composite
def images(draw):
    return (draw(tensors(draw(st.integers(1, 4)), draw(st.integers(1, 4)))),)


@st.composite
def convolutions(draw):
    """A kernel no larger than the padded image."""
    kernel_h, kernel_w = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, 2))
    least_h, least_w = max(1, kernel_h - 2 * padding), max(1, kernel_w - 2 * padding)
    image = draw(tensors(draw(st.integers(least_h, 5)), draw(st.integers(least_w, 5))))
    kernel = draw(tensors(kernel_h, kernel_w, least=-3, most=3))
    return call(image, kernel, draw(st.integers(1, 3)), padding)


@st.composite
def comparisons(draw):
    """The same; one image in three has a pixel that is no number, with which nothing agrees."""
    made = draw(convolutions())
    image, kernel, stride, padding = made.args
    if draw(st.sampled_from([False, False, True])):
        image = image.clone()
        image[draw(st.integers(0, image.shape[0] - 1)), draw(st.integers(0, image.shape[1] - 1))] = float("nan")
    return call(image, kernel, stride, padding)


def convolved(image, kernel, stride=1, padding=0):
    say = "adds up the products of the kernel with"
    return sliding_window(image, tuple(kernel.shape), stride=stride, padding=padding, say=say, weights=kernel)


INPUTS = {
    "to_nchw": images(),
    "conv_functional": convolutions(),
    "conv_module": convolutions(),
    "outputs_match": comparisons(),
}
WINDOWS = {"conv_functional": convolved, "conv_module": convolved}
