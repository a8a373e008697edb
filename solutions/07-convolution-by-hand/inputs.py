"""What the functions of this problem may be given."""

from hypothesis import strategies as st

from grader.checking import call, sliding_window, tensors


@st.composite
def sizes(draw):
    kernel, padding = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    size = draw(st.integers(max(1, kernel - 2 * padding), 9))
    return call(size, kernel, draw(st.integers(1, 4)), padding)


@st.composite
def paddings(draw):
    return draw(tensors(draw(st.integers(1, 3)), draw(st.integers(1, 3)))), draw(st.integers(0, 2))


@st.composite
def correlations(draw):
    """A kernel no larger than the padded image."""
    kernel_h, kernel_w = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, 2))
    least_h, least_w = max(1, kernel_h - 2 * padding), max(1, kernel_w - 2 * padding)
    image = draw(tensors(draw(st.integers(least_h, 5)), draw(st.integers(least_w, 5))))
    kernel = draw(tensors(kernel_h, kernel_w, least=-3, most=3))
    return call(image, kernel, draw(st.integers(1, 3)), padding)


@st.composite
def filters_on_images(draw):
    filters, channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel_h, kernel_w = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    image = draw(tensors(channels, draw(st.integers(kernel_h, 3)), draw(st.integers(kernel_w, 3))))
    kernels = draw(tensors(filters, channels, kernel_h, kernel_w, least=-3, most=3))
    return call(image, kernels, draw(tensors(filters)) if draw(st.booleans()) else None)


def correlated(image, kernel, stride=1, padding=0):
    say = "adds up the products of the kernel with"
    return sliding_window(image, tuple(kernel.shape), stride=stride, padding=padding, say=say, weights=kernel)


INPUTS = {
    "conv_output_size": sizes(),
    "zero_pad": paddings(),
    "cross_correlate": correlations(),
    "conv2d_by_hand": filters_on_images(),
}
WINDOWS = {"cross_correlate": correlated}
