"""What the functions of this problem may be given."""

from hypothesis import strategies as st
from torch import nn

from grader.checking import call, pairs

few = st.integers(1, 4)


@st.composite
def convolutions(draw):
    return call(draw(few), draw(few), draw(pairs(few)), draw(st.sampled_from([True, False])))


@st.composite
def fully_connected(draw):
    return call(draw(few), draw(few), draw(st.sampled_from([True, False])))


@st.composite
def shapes(draw):
    """A window no larger than the padded image."""
    kernel, padding = draw(pairs(st.integers(1, 3))), draw(pairs(st.integers(0, 2)))
    across = [
        draw(st.integers(max(1, size - 2 * margin), 7))
        for size, margin in zip(paired(kernel), paired(padding), strict=True)
    ]
    return call((draw(few), *across), draw(few), kernel, draw(pairs(st.integers(1, 3))), padding)


def paired(value):
    return value if isinstance(value, tuple) else (value, value)


@st.composite
def layers(draw):
    """One layer, with parameters or without, some of them frozen, some only buffers."""
    kind = draw(st.sampled_from(["linear", "convolution", "norm", "activation"]))
    if kind == "linear":
        layer = nn.Linear(draw(few), draw(few), bias=draw(st.sampled_from([True, False])))
    elif kind == "convolution":
        layer = nn.Conv2d(draw(few), draw(few), draw(pairs(st.integers(1, 2))))
    elif kind == "norm":
        layer = nn.BatchNorm2d(draw(few))
    else:
        layer = nn.ReLU()
    return layer


@st.composite
def models(draw):
    """Layers one after another, perhaps inside another block."""
    model = nn.Sequential(*draw(st.lists(layers(), min_size=1, max_size=3)))
    return nn.Sequential(model) if draw(st.booleans()) else model


@st.composite
def models_that_share(draw):
    """The same; the last layer may be the first one again."""
    model = draw(models())
    if draw(st.booleans()):
        model.append(model[0])
    return (model,)


INPUTS = {
    "conv2d_parameters": convolutions(),
    "linear_parameters": fully_connected(),
    "conv2d_output_shape": shapes(),
    # Under which of its names a shared parameter is listed is free; so none is shared here.
    "parameter_table": st.tuples(models()),
    "total_parameters": models_that_share(),
}
