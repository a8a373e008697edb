"""What the functions of this problem may be given."""

from hypothesis import strategies as st

from grader.checking import call, pairs, tensors

few = st.integers(1, 4)


@st.composite
def pixels(draw):
    shape = [draw(st.integers(1, 3)) for _ in range(4)]
    return draw(tensors(*shape)), *(draw(st.integers(0, size - 1)) for size in shape)


@st.composite
def dense_layers(draw):
    return (draw(few), draw(few), draw(few)), draw(few)


@st.composite
def savings(draw):
    """A kernel no larger than the image."""
    kernel = draw(pairs(st.integers(1, 3)))
    kernel_h, kernel_w = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    shape = draw(few), draw(st.integers(kernel_h, 5)), draw(st.integers(kernel_w, 5))
    return call(shape, draw(few), kernel)


@st.composite
def lines(draw):
    return 2 * draw(st.integers(0, 5)) + 1, draw(st.sampled_from(["vertical", "horizontal", "falling", "rising"]))


@st.composite
def filters_on_images(draw):
    side = draw(st.integers(1, 3))
    image = draw(tensors(draw(st.integers(side, 4)), draw(st.integers(side, 4)), least=-4, most=4))
    return image, draw(tensors(draw(st.integers(1, 3)), side, side, least=-2, most=2))


@st.composite
def features(draw):
    """Zeros and ones alone, and a one at least in the filter."""
    side = draw(st.integers(1, 3))
    image = draw(tensors(draw(st.integers(side, 4)), draw(st.integers(side, 4)), least=0, most=1))
    filter_ = draw(tensors(side, side, least=0, most=1))
    filter_[draw(st.integers(0, side - 1)), draw(st.integers(0, side - 1))] = 1
    return image, filter_


INPUTS = {
    "pixel": pixels(),
    "dense_parameters": dense_layers(),
    "parameters_saved": savings(),
    "line_filter": lines(),
    "feature_maps": filters_on_images(),
    "strongest_response": filters_on_images(),
    "feature_present": features(),
}
