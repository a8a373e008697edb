"""What the functions of this problem may be given."""

from hypothesis import strategies as st

from grader.checking import call, tensors

sides = st.integers(1, 4)
axes = st.integers(1, 6)


@st.composite
def grey_images(draw):
    return (draw(tensors(draw(sides), draw(sides))),)


@st.composite
def colour_images(draw):
    return (draw(tensors(draw(sides), draw(sides), 3)),)


@st.composite
def epochs(draw):
    # No batch is larger than what it is taken from, or the training set is smaller than one batch: both are legal.
    return call(draw(st.integers(1, 12)), draw(st.integers(1, 6)), draw(st.booleans()))


INPUTS = {
    "add_channel_axis": grey_images(),
    "channels_first": colour_images(),
    "flatten_image": grey_images(),
    "describe_batch": st.tuples(st.tuples(axes, axes, axes, axes)),
    "batches_in_epoch": epochs(),
}
