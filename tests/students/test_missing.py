"""What a function is told that needs what is not here: a library, a graphics card. It never gets a value for it."""

from __future__ import annotations

import pytest

from grader.model import Grade, Visibility
from tests.conftest import ROOT
from tests.notebook.build import notebook
from tests.students.conftest import GradeFile

pytestmark = pytest.mark.slow

SOLUTION = (ROOT / "solutions" / "02-conv-bias" / "solution.py").read_text(encoding="utf-8")
SLUG = "02-conv-bias"


def with_apply(*body: str, above: str = "") -> str:
    """The right answer, with another `conv_with_bias`."""
    lines = "".join(f"    {line}\n" for line in body)
    return (
        f"{SOLUTION}\nimport torch\nright = conv_with_bias\n{above}\ndef conv_with_bias(image, kernel, bias):\n{lines}"
    )


def public(grade: Grade) -> str:
    """What public checks say."""
    return "\n".join(check.message for check in grade.checks if check.visibility is Visibility.PUBLIC)


NEEDED = {
    "a call": (["return tv.conv(image, kernel, bias)"], "import torchvision.ops as tv"),
    "a call in between": (["x = tv.pad(image)", "return right(x, kernel, bias)"], "import torchvision.ops as tv"),
    "imported there": (["import torchvision", "return torchvision.conv(image)"], ""),
    "a number": (["return right(image, kernel, bias) * float(tv.scale)"], "import torchvision as tv"),
    "a number of the file's": (["return right(image, kernel, bias) * n"], "import torchvision as tv\nn = len(tv.data)"),
    "numbers of the file's": (
        ["return right(image, kernel, bias) * mean"],
        "import torchvision as tv\nmean = 0.0\nfor x in tv.data:\n    mean += float(x)",
    ),
    "a truth": (["if tv.flag: pass", "return right(image, kernel, bias)"], "import torchvision as tv"),
    "a comparison": (["if tv.flag == 3: pass", "return right(image, kernel, bias)"], "import torchvision as tv"),
    "an order": (["if tv.flag > 3: pass", "return right(image, kernel, bias)"], "import torchvision as tv"),
    "a loop": (["for x in tv.data: pass", "return right(image, kernel, bias)"], "import torchvision as tv"),
    "in a sum": (["return right(image, kernel, bias) + tv.zero"], "import torchvision as tv"),
    "in torch": (["return torch.add(right(image, kernel, bias), tv.zero)"], "import torchvision as tv"),
    "in numpy": (["import numpy", "return torch.tensor(numpy.array(tv.x))"], "import torchvision as tv"),
    "in a list": (["return [right(image, kernel, bias), tv.x]"], "import torchvision as tv"),
    "a plain call of a wrapper": (["return fast(image, kernel, bias)"], "import torchvision\nfast = torchvision.jit(right)"),
    "a model": (["return model(image)"], "from torchvision.models import resnet18\nmodel = resnet18(pretrained=True)"),
    "a base class": (["return Mine()(image)"], "import torchvision as tv\nclass Mine(tv.Net): ..."),
    "a module of an installed library": (
        ["from torch.utils.tensorboard import SummaryWriter", "return right(image, kernel, bias)"],
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "above"), NEEDED.values(), ids=NEEDED)
def test_a_function_that_needs_a_library_fails_with_its_name(
    body: list[str], above: str, grade_file: GradeFile, request: pytest.FixtureRequest
) -> None:
    library = "tensorboard" if "tensorboard" in body[0] else "torchvision"
    found = grade_file(SLUG, "submission.py", with_apply(*body, above=above))
    says = f"`conv_with_bias` uses {library}, which is not installed where it is graded; besides Python's own modules,"
    assert says in public(found)
    alone = grade_file(SLUG, "submission.py", with_apply("raise ValueError"))
    assert found.score == alone.score, "nothing is earned by it"


UNNEEDED = {
    "a log": (["wandb.log({'x': image.mean()})", "return right(image, kernel, bias)"], "import wandb"),
    "a plot": (
        ["import matplotlib.pyplot as plt", "fig, (a, b) = plt.subplots(1, 2)", "for ax in fig.axes: ax.axis('off')",
         "plt.imshow(image)", "plt.show()", "return right(image, kernel, bias)"], ""),
    "a summary": (["torchsummary.summary(None, (1, 2))", "return right(image, kernel, bias)"], "import torchsummary"),
    "a timer": (["with codetiming.Timer('x') as t: out = right(image, kernel, bias)", "return out"], "import codetiming"),
    "a question of kind": (["if isinstance(image, Image.Image): return None", "return right(image, kernel, bias)"],
                           "from PIL import Image"),
    "a case": (["match image:", "    case np.ndarray() | Image.Image(): return None", "    case torch.Tensor(): pass",
                "return right(image, kernel, bias)"], "import numpy as np\nfrom PIL import Image"),
    "annotations": (["from typing import Optional, Union", "Kind = Optional[Union[Image.Image, int]]",
                     "def inner(x: Kind, y: Image.Image | None = None) -> Image.Image: return x",
                     "assert type(inner(image)) not in (Image.Image, int)", "return right(image, kernel, bias)"],
                    "from PIL import Image"),
    "a progress bar": (["for _ in tqdm(range(2)): out = right(image, kernel, bias)", "return out"], "from tqdm import tqdm"),
    "a fallback": (["try:", "    import cupy as xp", "except ImportError:", "    xp = torch", "xp.ones(1)",
                    "return right(image, kernel, bias)"], ""),
    "a decorator": (["return right(image, kernel, bias)"], "import numba\n@numba.njit"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "above"), UNNEEDED.values(), ids=UNNEEDED)
@pytest.mark.parametrize("form", ["py", "ipynb"])
def test_a_function_that_only_shows_something_keeps_its_marks(
    body: list[str], above: str, form: str, grade_file: GradeFile
) -> None:
    source = with_apply(*body, above=above)
    found = grade_file(SLUG, f"submission.{form}", source if form == "py" else notebook(source))
    assert found.percent == 100, [found.notes, public(found)]


ELSEWHERE = {
    "moved": ["return right(image.to('cuda'), kernel.cuda(), bias.to(torch.device('cuda:0'))).cpu()"],
    "made there": ["x = torch.zeros(1, device='cuda')", "return right(image + x, kernel, bias)"],
    "a model": ["layer = build_conv(kernel, bias).to('mps')",
                "x = image.to('mps')", "return layer(x[None, None] if x.dim() == 2 else x[None])"],
}  # fmt: skip


@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE)
def test_another_device_is_the_cpu_and_that_is_said(body: list[str], grade_file: GradeFile) -> None:
    found = grade_file(SLUG, "submission.py", with_apply(*body))
    assert found.percent == 100, public(found)
    assert any("This machine grades on the CPU; line " in note for note in found.notes)


@pytest.mark.parametrize("how", ["@torch.compile", "@torch.compile(mode='max-autotune')", "@torch.jit.script",
                                 "@torch.no_grad()", "@torch.jit.ignore",
                                 "@torch.compiler.disable"])  # fmt: skip
def test_a_compiled_function_runs(how: str, grade_file: GradeFile) -> None:
    source = SOLUTION.replace("def conv_with_bias", f"{how}\ndef conv_with_bias")
    found = grade_file(SLUG, "submission.py", source)
    assert found.percent == 100, [found.notes, public(found)]
    assert any("uncompiled" in note for note in found.notes) == (how.partition("(")[0] == "@torch.compile")


NO_GRADIENTS = "torch.set_grad_enabled(False)"
OWN_COPY = "nn.Parameter(kernel.detach().clone())"
SETTINGS: dict[str, tuple[str, str, str, float]] = {
    # The line, what takes the place of OWN_COPY, words of the report, the percentage.
    "no gradients": (NO_GRADIENTS, OWN_COPY, "switches gradients off", 100),
    "another dtype": ("torch.set_default_dtype(torch.float64)", OWN_COPY, "makes torch.float64 the dtype", 100),
    "deterministic algorithms": ("torch.use_deterministic_algorithms(True)", OWN_COPY, "", 100),
    "no gradients, and a frozen weight": (NO_GRADIENTS, "nn.Parameter(kernel.clone(), False)", "gradients off", 85),
    # As its student has seen it work.
    "what needs them off": (NO_GRADIENTS, "conv.weight.copy_(kernel)", "switches gradients off", 100),
}


@pytest.mark.parametrize(("line", "weight", "words", "percent"), SETTINGS.values(), ids=SETTINGS)
def test_what_the_file_sets_costs_and_earns_nothing_in_what_a_check_does_by_itself(
    line: str, weight: str, words: str, percent: float, grade_file: GradeFile
) -> None:
    source = SOLUTION.replace(OWN_COPY, weight).replace("conv.weight = conv.weight.", "conv.weight.")
    found = grade_file(SLUG, "submission.py", f"{source}\n{line}\n")
    assert found.percent == percent, public(found)
    assert any(words in note for note in found.notes) if words else not found.notes


def test_a_default_type_is_the_submissions_own(grade_file: GradeFile) -> None:
    before = grade_file(SLUG, "submission.py", SOLUTION)
    grade_file(SLUG, "submission.py", f"{SOLUTION}\ntorch.set_default_dtype(torch.float64)\n")
    assert grade_file(SLUG, "submission.py", SOLUTION).checks[0].outcome == before.checks[0].outcome


WITHIN = {"a class": "class Solution", "a function": "def main()"}


@pytest.mark.parametrize("head", WITHIN.values(), ids=WITHIN)
@pytest.mark.parametrize("form", ["py", "ipynb"])
def test_what_is_asked_for_and_stands_inside_of_something_is_found(head: str, form: str, grade_file: GradeFile) -> None:
    source = f"{head}:\n" + "".join(f"    {line}\n" for line in SOLUTION.split("\n"))
    found = grade_file(SLUG, f"submission.{form}", source if form == "py" else notebook(source))
    place, outer = "line 1" if form == "py" else "cell 1, line 1", head.split()[1].partition("(")[0]
    says = f"{place} holds build_conv and conv_with_bias inside of {outer}; what is asked for must stand outside of it"
    assert found.score == 0
    assert f"the submission defines no `conv_with_bias`; {says}" in public(found)
    assert says[1:] in found.notes[0]
