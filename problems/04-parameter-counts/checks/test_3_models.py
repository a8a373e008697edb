"""Asking a whole model what it learns."""

from collections import OrderedDict

import pytest
from torch import nn

from grader.checking import assert_equal

# Models with a class of their own are built where the submission runs. What is returned for them is the
# submission's own answer about a model that the check chose, so it is scored like any other value.
MODELS = """
class Scaled(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width, 1))
        self.mix = nn.Linear(width, 2, bias=False)

class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.temperature = nn.Parameter(torch.ones(1))
        self.stem = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Sequential(Scaled(5), nn.Linear(2, 7)))
        self.branches = nn.ModuleDict({"wide": Scaled(6), "narrow": Scaled(3)})

class Buffered(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3))
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.plain = torch.zeros(11)

class PartlyFrozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Conv2d(1, 6, 5).requires_grad_(False)
        self.middle = nn.Linear(6, 4)
        self.middle.weight.requires_grad_(False)
        self.head = nn.Linear(4, 3)

class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(9, 5)
        self.first = nn.Linear(5, 5)
        self.second = nn.Linear(5, 5)
        self.second.load_state_dict(self.first.state_dict())
        self.scores = nn.Linear(5, 9, bias=False)
        self.scores.weight = self.words.weight

class Single(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(2.0))
        self.mix = nn.Linear(3, 1)
        self.offset = nn.Parameter(torch.zeros(1, 1, 1))

class Twice(nn.Sequential):
    def __init__(self):
        layer = nn.Linear(4, 4)
        super().__init__(layer, nn.ReLU(), layer)

class Repeated(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.Linear(4, 4)
        self.steps = nn.Sequential(layer, nn.ReLU(), layer, nn.ReLU(), layer)
        self.head = nn.Linear(4, 2)
"""


def digit_classifier():
    """The lecture's network for 28 x 28 digits."""
    net = nn.Sequential(
        nn.Conv2d(1, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(128, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
    )  # fmt: skip
    head = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10))
    return nn.Sequential(OrderedDict(net=net, classification_head=head))


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Every nn.Module can list its parameters, with their names.")
@pytest.mark.idea("Parameter table")
def test_table_of_the_digit_classifier(submission):
    """The table of the lecture's digit classifier has its ten parameters, in order."""
    # Here by name, elsewhere by position: a public check tells who has renamed the parameter.
    table = submission.parameter_table(model=digit_classifier())
    assert_equal(
        table,
        {
            "net.0.weight": 576,
            "net.0.bias": 64,
            "net.3.weight": 73728,
            "net.3.bias": 128,
            "net.6.weight": 73728,
            "net.6.bias": 64,
            "classification_head.0.weight": 1280,
            "classification_head.0.bias": 20,
            "classification_head.2.weight": 200,
            "classification_head.2.bias": 10,
        },
    )
    assert list(table)[:3] == ["net.0.weight", "net.0.bias", "net.3.weight"], "the order is not the model's"


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.hint("Add up the numbers of elements, not the number of tensors.")
@pytest.mark.idea("Total")
def test_total_of_the_digit_classifier(submission):
    """The lecture's digit classifier learns 149798 numbers."""
    assert_equal(submission.total_parameters(digit_classifier()), 149798)
    assert_equal(submission.total_parameters(model=nn.Linear(4, 3)), 15)


def small_network():
    """The statement's."""
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("A ReLU and a Flatten have nothing to learn; the names hold the layers' positions.")
@pytest.mark.idea("Parameter table")
def test_table_of_a_small_network(submission):
    """A network of a convolution and a fully connected layer learns 18 + 2 and 24 + 3 numbers, 47 in all."""
    expected = {"0.weight": 18, "0.bias": 2, "3.weight": 24, "3.bias": 3}
    assert_equal(submission.parameter_table(small_network()), expected)
    assert_equal(submission.total_parameters(small_network()), 47)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("Ask each parameter whether it requires a gradient.")
@pytest.mark.idea("What is learned")
def test_one_frozen_weight(submission):
    """Once the weight of its convolution is frozen, the same network learns 29 numbers."""
    model = small_network()
    model[0].weight.requires_grad_(False)
    assert_equal(submission.parameter_table(model), {"0.bias": 2, "3.weight": 24, "3.bias": 3})
    assert_equal(submission.total_parameters(model), 29)


@pytest.mark.public
@pytest.mark.points(0.25)
@pytest.mark.hint("The layer stands there twice, and is one and the same: its 16 + 4 numbers are learned once.")
@pytest.mark.idea("What is learned")
def test_one_layer_used_twice(submission, library):
    """A network that uses one layer of 16 + 4 parameters twice learns 20 numbers."""
    assert_equal(submission.total_parameters(library.define(MODELS).Twice()), 20)


@pytest.mark.points(0.25)
@pytest.mark.hint("Can you ask a model for its parameters without naming any kind of layer?")
@pytest.mark.idea("Parameter table")
def test_every_kind_of_layer(submission, reference, library):
    """Whatever the layer, its learnable parameters are listed."""
    for model in [
        nn.Sequential(nn.Embedding(10, 4), nn.Conv1d(4, 6, 3), nn.PReLU(6), nn.LayerNorm(5)),
        nn.Sequential(nn.ConvTranspose2d(2, 3, (2, 5)), nn.ReLU(), nn.Conv3d(3, 2, (1, 2, 3))),
        nn.Conv2d(4, 8, 3, groups=2),
    ]:
        assert_equal(submission.parameter_table(model), reference.parameter_table(model))
    assert_equal(
        submission.parameter_table(library.torch.nn.LSTM(3, 4)),
        {"weight_ih_l0": 48, "weight_hh_l0": 64, "bias_ih_l0": 16, "bias_hh_l0": 16},
    )


@pytest.mark.points(0.25)
@pytest.mark.hint("Layers may sit at any depth, and a model may own parameters that belong to no layer.")
@pytest.mark.idea("Parameter table")
def test_nested_models(submission, library):
    """Parameters at every depth are listed, under their full names and in registration order."""
    table = submission.parameter_table(library.define(MODELS).Nested())
    expected = {
        "temperature": 1,
        "stem.0.weight": 18,
        "stem.0.bias": 2,
        "stem.2.0.gain": 5,
        "stem.2.0.mix.weight": 10,
        "stem.2.1.weight": 14,
        "stem.2.1.bias": 7,
        "branches.wide.gain": 6,
        "branches.wide.mix.weight": 12,
        "branches.narrow.gain": 3,
        "branches.narrow.mix.weight": 6,
    }
    assert_equal(table, expected)
    assert list(table) == list(expected), "the order is not the model's"


@pytest.mark.points(0.25)
@pytest.mark.hint("How many numbers does a tensor hold whose shape is ()?")
@pytest.mark.idea("Parameter table")
def test_single_numbers(submission, library):
    """A parameter that is one single number, without any axis, counts as one."""
    table = submission.parameter_table(library.define(MODELS).Single())
    expected = {"gain": 1, "offset": 1, "mix.weight": 3, "mix.bias": 1}
    # The empty product that numpy.prod makes of the shape () is 1.0: the right number, so no point is lost for it.
    assert table == expected, "each parameter must be listed with its number of elements"
    assert list(table) == list(expected), "the order is not the model's"


@pytest.mark.points(0.25)
@pytest.mark.hint("A state dict also holds what is stored but never trained.")
@pytest.mark.idea("What is learned")
def test_buffers(submission, library):
    """Tensors that a model only stores are no parameters."""
    model = library.define(MODELS).Buffered()
    expected = {"conv.weight": 108, "conv.bias": 4, "norm.weight": 4, "norm.bias": 4}
    assert_equal(submission.parameter_table(model), expected)


@pytest.mark.points(0.25)
@pytest.mark.hint("Which flag of a parameter decides whether it gets a gradient?")
@pytest.mark.idea("What is learned")
def test_frozen_parameters(submission, library):
    """A frozen parameter is not learned, so it is not listed; evaluation mode freezes none."""
    model = library.define(MODELS).PartlyFrozen()
    for mode in (True, False):
        model.train(mode)
        assert_equal(submission.parameter_table(model), {"middle.bias": 4, "head.weight": 12, "head.bias": 3})
    model.requires_grad_(False)
    assert_equal(submission.parameter_table(model), {})


@pytest.mark.points(0.25)
@pytest.mark.hint("Two names can stand for one and the same tensor; two equal tensors are still two.")
@pytest.mark.idea("What is learned")
def test_shared_parameters(submission, library):
    """A shared parameter is listed once; parameters that merely look alike are all listed."""
    models = library.define(MODELS)
    alike = {"first.weight": 25, "first.bias": 5, "second.weight": 25, "second.bias": 5}
    for model, shared, others in [
        (models.Tied(), [45], alike),
        (models.Repeated(), [4, 16], {"head.weight": 8, "head.bias": 2}),
    ]:
        table = submission.parameter_table(model)
        assert isinstance(table, dict), "the table must be a dict"
        assert_equal({name: count for name, count in table.items() if name in others}, others)
        # Under which of its names a shared parameter is listed is left open.
        assert_equal(sorted(count for name, count in table.items() if name not in others), shared)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "The total counts what the table lists at that moment: no buffer, nothing frozen or twice, maybe nothing at all."
)
@pytest.mark.idea("Total")
def test_total_is_the_sum_of_the_table(submission, library):
    """The total counts exactly what the table lists."""
    models = library.define(MODELS)
    for model, total in [(models.Nested(), 84), (models.Buffered(), 120), (models.PartlyFrozen(), 19)]:
        assert_equal(submission.total_parameters(model), total)
    for model, total in [(models.Tied(), 105), (models.Repeated(), 30)]:
        assert_equal(submission.total_parameters(model), total)
    assert_equal(submission.total_parameters(nn.MaxPool2d(2)), 0)
    # Frozen between two calls: what was counted before is no answer now.
    model = models.Scaled(4)
    assert_equal(submission.total_parameters(model), 12)
    model.mix.requires_grad_(False)
    assert_equal(submission.total_parameters(model), 4)


@pytest.mark.points(0.25)
@pytest.mark.hint("Does anything from an earlier call survive into the next one?")
@pytest.mark.idea("Parameter table")
def test_calls_are_independent(submission, library):
    """Each model gets a table of its own, and asking again gives the same answer."""
    first, second = nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(4, 5, bias=False))
    assert_equal(submission.parameter_table(first), {"weight": 6, "bias": 3})
    assert_equal(submission.parameter_table(second), {"1.weight": 20})
    assert_equal(submission.parameter_table(first), {"weight": 6, "bias": 3})
    nested = library.define(MODELS).Nested()
    assert [submission.total_parameters(nested) for _ in range(2)] == [84, 84]
