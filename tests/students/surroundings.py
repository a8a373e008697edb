"""What students leave around their answers: a table of lines above, between and below the functions.

None of it is the answer's fault, so none of it may cost or earn a point.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tests.notebook.build import cells_of

HEAD = 3
"""Statements that every answer of these tests begins with: a docstring and the imports of torch."""


@dataclass(frozen=True)
class Around:
    """Lines around an answer, and a phrase that the report must hold because of them."""

    before: str = ""
    between: str = ""
    after: str = ""
    says: str = ""
    quiet: bool = False
    """Whether the report must not say anything."""
    waits: bool = False
    """Whether it is stopped, which takes a second."""

    def script(self, answer: str) -> str:
        """The answer as a .py. What is above stands behind the imports of torch."""
        return "\n".join(self._parts(answer)) + "\n"

    def cells(self, answer: str) -> list[str]:
        """The same as the cells of a notebook."""
        return self._parts(answer)

    def _parts(self, answer: str) -> list[str]:
        cells = cells_of(answer)
        middle = _first_function(cells) + 1
        parts = [*cells[:HEAD], self.before, *cells[HEAD:middle], self.between, *cells[middle:], self.after]
        return [part for part in parts if part.strip()]


def _first_function(cells: list[str]) -> int:
    kinds = (ast.FunctionDef, ast.ClassDef)
    return next(
        index for index, cell in enumerate(cells) if any(isinstance(node, kinds) for node in ast.parse(cell).body)
    )


TRAINING = """
from torch.utils.data import DataLoader, TensorDataset
def __fit():
    while True:
        torch.ones(8, 8).sum().item()
"""

AROUND: dict[str, Around] = {
    # -- libraries that are not there
    "torchvision": Around("import torchvision\nfrom torchvision import datasets, transforms", says="torchvision is neither"),
    "a data set": Around(
        "from torchvision import datasets, transforms\n"
        "t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])\n"
        "train_set = datasets.MNIST('./data', train=True, download=True, transform=t)\n"
        "images, labels = next(iter(train_set))\nprint(images.shape, len(train_set), train_set[0][1] + 1)",
        says="torchvision is neither",
    ),
    "pandas and sklearn": Around(
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split as split\n"
        "df = pd.read_csv('train.csv')\ndf['x'] = df['y'] / 255.0\nX, y = df.iloc[:, 1:].values, df['label']\n"
        "a, b, *c = split(X, y, test_size=0.2)\nprint(df.shape[0] > 3, df[df.x == 1].mean(), f'{df.x.sum():.2f}')\n"
        "assert len(df) and int(df.size) and bool(df.any())\ndel df['x']",
        says="pandas is neither",
    ),
    "plots above": Around(
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt\nimport seaborn as sns\nsns.set()\n"
        "plt.rcParams['figure.figsize'] = (3, 3)\nfig, ((a, b), (c, d)) = plt.subplots(2, 2)\na.plot([1, 2])\n"
        "with plt.style.context('dark'):\n    for ax in fig.axes:\n        ax.axis('off')\nn, bins, patches = plt.hist([1])",
        quiet=True,
    ),
    "plots below": Around(
        after="import matplotlib.pyplot as plt\nplt.imshow(torch.ones(2, 2))\nplt.colorbar()\nplt.show()", quiet=True
    ),
    "annotations": Around(
        "import matplotlib.pyplot as plt\nfrom PIL import Image\nfrom typing import Optional, Union, Callable",
        "def show(img: Image.Image | None, ax: plt.Axes | None = None, f: Callable[[plt.Axes], None] = print\n"
        ") -> Optional[plt.Figure]:\n    return None\ndef other(x: Union[int, 'Image.Image']) -> dict[str, Image.Image]: ...",
        says="PIL is neither",
    ),
    "base classes": Around(
        "import pytorch_lightning as pl\nfrom transformers import PreTrainedModel",
        "class Lit(pl.LightningModule):\n    def __init__(self):\n        super().__init__()\n        self.save_hyperparameters()\n"
        "    def training_step(self, batch): return self(batch)\n"
        "class Both(PreTrainedModel, nn.Module, metaclass=type(nn.Module)): ...\n"
        "class Kw(pl.Callback, some='option'): ...\nlit = Lit()\npl.Trainer(max_epochs=3).fit(lit)",
        says="pytorch_lightning is neither",
    ),
    "decorators": Around(
        "import numba\nimport hydra\nfrom typeguard import typechecked",
        "@numba.njit\ndef fast(x):\n    return x + 1\n@numba.njit(parallel=True)\ndef faster(x):\n    return x + 2\n"
        "@hydra.main(\n    config_path='conf',\n)\n@typechecked\ndef main(cfg):\n    return 3\n"
        "assert (fast(1), faster(1), main(1)) == (2, 3, 3)",
        says="hydra is neither",
    ),
    "everything of a library": Around("from fastai.vision.all import *\nlearn = cnn_learner(dls, resnet18)\nlearn.fit(1)",
                                      says="fastai is neither"),
    "a deeper import": Around(
        "import a_b.c.d as e\nimport x_y.z\nfrom a_b.c import f as g, h\nx_y.z.w(e.k, g, h)[0] @ 2 ** x_y.q", says="a_b is neither"
    ),
    "tensorboard": Around(
        "from torch.utils.tensorboard import SummaryWriter\nwriter = SummaryWriter('runs/1')", says="tensorboard"
    ),
    "wandb": Around(
        "import wandb\nrun = wandb.init(project='cnn', config={'lr': 0.1})\nwandb.config['x'] = run.id\nwandb.watch(nn.Linear(1, 1))",
        after="wandb.log({'a': 1})\nwandb.finish()",
        quiet=True,
    ),
    "progress bars": Around(
        "from tqdm import tqdm, trange\nimport tqdm.notebook as tn\nfrom tqdm.auto import tqdm as auto\nimport tqdm as whole",
        after="assert [i for i in tqdm(range(3), desc='x')] == [0, 1, 2]\nassert list(trange(2)) == [0, 1]\n"
        "assert list(tn.tqdm([5])) == [5] and list(auto([6])) == [6] and list(whole.tqdm('ab')) == ['a', 'b']\n"
        "with tqdm(total=9) as bar:\n    bar.update(3)\n    bar.set_postfix(loss=1)\n    bar.set_description('d')\n"
        "for i, x in enumerate(tqdm('xy')): pass\nassert (i, x) == (1, 'y')\ntqdm.write('hello')",
        quiet=True,
    ),
    "a fallback is taken": Around(
        "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp\nassert xp.ones(2).sum() == 2\n"
        "try:\n    import google.colab\n    COLAB = True\nexcept:\n    COLAB = False\nassert not COLAB\n"
        "import importlib.util\nassert importlib.util.find_spec('torchvision') is None",
        quiet=True,
    ),
    "no fallback": Around("import sys\ntry:\n    import einops\nexcept ImportError:\n    print('install it')\n    sys.exit(1)",
                          says="ends the program"),
    "await of installers": Around("import micropip\nawait micropip.install(['torch', 'numpy'])", says="micropip is neither"),
    "autograders of others": Around(
        "import otter\ngrader = otter.Notebook('hw.ipynb')", after="grader.check('q1')\ngrader.export(pdf=False)", says="otter"
    ),
    "context managers of libraries": Around(
        "import mlflow, codecarbon\nwith mlflow.start_run(run_name='x') as run, codecarbon.EmissionsTracker():\n    inside = 1\n"
        "assert inside == 1", says="codecarbon is neither",
    ),
    "base classes with a metaclass": Around(
        "import lightning as L, pydantic\nfrom abc import ABC, ABCMeta",
        "class A(L.LightningModule, metaclass=ABCMeta): pass\nclass B(pydantic.BaseModel):\n    x: int = 3\n"
        "    @pydantic.validator('x')\n    def v(cls, x): return x\nclass E(L.Error, Exception): pass\n"
        "class G(L.Generic[int], nn.Module): pass\nclass D(ABC, L.X): pass\nassert B(x=3).x == 3\n"
        "class M(metaclass=L.Meta): z = 4\nclass R:\n    def __init_subclass__(cls, k=0): cls.k = k\nclass K(L.X, R, k=5): pass\nK().check(3)\n"
        "class N(nn.Module, L.Mixin):\n    def __init__(self):\n        super().__init__()\n        L.Mixin.__init__(self)\n"
        "assert (M.z, K.k, N().training) == (4, 5, True)", says="pydantic is neither",
    ),
    "questions of kind": Around(
        "import pandas as pd, PIL.Image",
        "assert not isinstance(3, pd.DataFrame) and not isinstance(3, (PIL.Image.Image, pd.Series))\n"
        "assert not issubclass(int, pd.DataFrame) and type(3) is not pd.Series", says="pandas is neither",
    ),
    "exceptions of libraries": Around(
        "import comet_ml, cv2\ntry:\n    answer = comet_ml.get('https://x').raise_for_status()\nexcept comet_ml.RequestException as e:\n"
        "    print(e)\nraise cv2.error('no')", says="the line uses cv2, which is not installed",
    ),
    "exceptions that come": Around("import comet_ml\ntry:\n    raise ValueError(1)\nexcept comet_ml.Timeout:\n    x = 1",
                                   says="ValueError: 1"),
    "exceptions of the file's own": Around(
        "import comet_ml\nclass Mine(comet_ml.CometError): pass\nclass Ours(RuntimeError, comet_ml.Mixin): pass\n"
        "def raised(kind):\n    try:\n        raise kind('x')\n    except Mine as error:\n        return str(error)\n"
        "    except Ours:\n        return 'y'\nassert raised(Mine) + raised(Ours) == 'xy'",
        after="assert raised(Mine) + raised(Ours) == 'xy'", quiet=True,
    ),
    "a fallback below": Around(
        "import einops", "try:\n    import einops\n    found = True\nexcept ImportError:\n    found = False\nassert not found\n"
        "import importlib.util, sys\nassert importlib.util.find_spec('einops') is None and 'einops' not in sys.modules",
        says="einops is neither",
    ),
    "exceptions of two kinds": Around(
        "import comet_ml\ndef read(name):\n    try:\n        return open(name)\n    except (comet_ml.Error, comet_ml.Timeout):\n"
        "        return 1\n    except (comet_ml.Error, OSError) as error:\n        return 2\nassert read('nowhere') == 2",
        after="assert read('nowhere') == 2", quiet=True,
    ),
    "a match": Around(
        between="import pandas as pd\ndef kind(x):\n    match x:\n        case {'a': v}: return v\n        case pd.DataFrame() | [pd.Series(name='x'), *_]: return 1\n"
        "        case [torch.Tensor(shape=s), str()] if len(s): return s[0]\n        case [str(a)]: return a\n"
        "assert (kind({'a': 7}), kind([torch.ones(4), 'a']), kind(['b']), kind(3)) == (7, 4, 'b', None)", says="pandas is neither",
    ),
    "types of libraries": Around(
        "from typing import Annotated, Callable, NamedTuple, NewType, Optional, TypedDict, TypeVar, Union, cast\nimport pandas as pd\n"
        "from jaxtyping import Float\nA = Union[pd.DataFrame, torch.Tensor]\nT = TypeVar('T', bound=pd.DataFrame)\n"
        "S = TypeVar('S', pd.DataFrame, torch.Tensor)\nU = NewType('U', pd.DataFrame)\nX = Optional[pd.Series] | None\n"
        "Y = list[pd.Series] | dict[str, pd.Series]\nZ = Annotated[pd.DataFrame, 'x']\nF = Callable[[pd.Series], pd.DataFrame]\n"
        "class N(NamedTuple):\n    a: pd.Series\nclass TD(TypedDict):\n    a: pd.Series\nassert cast(pd.DataFrame, 3) + N(1).a == 4",
        "def typed(x: Float[torch.Tensor, 'b c'], y: pd.Series | int | None, *z: 'pd.Q') -> Float[torch.Tensor, 'b'] | None: return x",
        says="jaxtyping is neither",
    ),
    "fields of libraries": Around(
        "from dataclasses import dataclass, field\nfrom enum import Enum\nimport attrs_x, pandas as pd",
        "@dataclass\nclass Cfg:\n    df: pd.DataFrame\n    s: pd.Series = field(default_factory=pd.Series)\n"
        "    t: pd.Timestamp = pd.Timestamp('2020')\n@attrs_x.define\nclass At:\n    x: int = attrs_x.field(default=3)\n"
        "class E(Enum):\n    A = pd.NA\n    B = 2\nassert Cfg(3).df == 3 and E.B.value == 2", says="attrs_x is neither",
    ),
    "decorators with arguments": Around(
        "import cachetools, kornia, ray, tenacity, typer\napp = typer.Typer()",
        "@tenacity.retry(stop=tenacity.stop_after_attempt(3))\n@ray.remote\ndef one(): return 1\n@cachetools.cached(dict)\ndef two(): return 2\n"
        "@app.command('x', help='y')\n@ray.remote(num_gpus=1)\nclass Three:\n    @cachetools.cachedmethod(lambda self: self.cache)\n"
        "    def get(self): return 3\n    @cachetools.cached({})\n    @staticmethod\n    def four(): return 4\n"
        "    @kornia.x.setter\n    def s(self, v): return 3\nassert (one(), two(), Three().get(), Three.four()) == (1, 2, 3, 4)",
        "app()", says="tenacity is neither",
    ),
    "keys in the environment": Around(
        "import os\nfrom google.colab import userdata\nos.environ['A_KEY'] = userdata.get('A_KEY')\n"
        "os.environ.setdefault('B_KEY', userdata.get('B'))\nos.environ.update(C_KEY=userdata.get('C'))\nassert 'A_KEY' in os.environ",
        quiet=True,
    ),
    "Kaggle": Around(
        "import os\nfor folder, _, names in os.walk('/kaggle/input'):\n    for name in names:\n        print(os.path.join(folder, name))\n"
        "import pandas as pd\ntrain = pd.read_csv('/kaggle/input/digit-recognizer/train.csv')\n"
        "X = train.drop('label', axis=1).values.reshape(-1, 1, 28, 28) / 255.0\nfrom kaggle_secrets import UserSecretsClient\n"
        "key = UserSecretsClient().get_secret('x')\nX = torch.from_numpy(X).float()",
        after="sub = pd.read_csv('../input/sample.csv'); sub['Label'] = 1; sub.to_csv('submission.csv', index=False)",
        says="the line uses pandas, which is not installed where this is graded",
    ),
    "pictures": Around(
        "from PIL import Image, ImageFilter\nimport cv2, imageio.v3 as iio, skimage.data\nimg = Image.open('lena.png').convert('L').resize((28, 28))\n"
        "m = cv2.cvtColor(cv2.imread('x.jpg'), cv2.COLOR_BGR2GRAY)\nif m is None: raise FileNotFoundError('x')\nh, w = m.shape[:2]\n"
        "for i in range(h):\n    for j in range(w): m[i, j] = 255 - m[i, j]\ncv2.imshow('w', m); cv2.waitKey(0)\n"
        "image = torch.tensor(skimage.data.camera(), dtype=torch.float32)", says="the line uses skimage, which is not installed",
    ),
    "scores": Around(
        after="import seaborn as sns\nfrom sklearn.metrics import accuracy_score as acc, confusion_matrix\nfrom sklearn.datasets import load_digits\n"
        "X, y = load_digits(return_X_y=True)\nsns.heatmap(confusion_matrix([1], [1]), annot=True, fmt='d')\n"
        "print(f'{acc([1], [1]):.3f}', round(acc([1], [1]), 2), '%.2f' % acc([1], [1]), '{:>10.2f}'.format(acc([1], [1])))\n"
        "sorted(X), max(y), sum(y), list(zip(X, y)), [*X], set(y)", says="sklearn is neither",
    ),
    "models of libraries": Around(
        "import timm, torchmetrics\nfrom einops.layers.torch import Rearrange\nfrom torchinfo import summary\n"
        "net = nn.Sequential(nn.Conv2d(1, 2, 3), Rearrange('b c h w -> b (c h w)'))\nsummary(net, (1, 1, 28, 28))\n"
        "metric = torchmetrics.Accuracy(task='multiclass', num_classes=10).to('cpu')\nmodel = timm.create_model('resnet')\n"
        "loss = nn.CrossEntropyLoss()(model(torch.ones(1, 1, 28, 28)), torch.tensor([1]))\nloss.backward()\nprint(loss.item())",
        says="the line uses einops, which is not installed",
    ),
    "an app": Around(
        "import streamlit as st, gradio as gr\nst.title('x')\nk = st.slider('k', 1, 10)\nif st.button('go'): st.write(k)\n"
        "@st.cache_data(ttl=3)\ndef load(): return 3\nassert load() == 3",
        after="gr.Interface(fn=print, inputs='image').launch(share=True)\nwith gr.Blocks() as app:\n    box = gr.Textbox()\n    box.change(print, box)",
        says="gradio is neither",
    ),
    "other frameworks": Around(
        "import jax, jax.numpy as jnp, tensorflow as tf\nfrom tensorflow.keras import layers\nfrom numba import cuda, prange",
        "@jax.jit\ndef f(x): return x * 2\nassert f(2) == 4\nclass Net(tf.keras.Model):\n    def call(self, x): return x\n"
        "@cuda.jit('void(float32[:])')\ndef kernel(x): i = cuda.grid(1)\nkernel[32, 32](1)",
        "(x, y), (a, b) = tf.keras.datasets.mnist.load_data()\nx = x.astype('float32') / 255\nt = torch.tensor(x)\nprint(jax.grad(f)(3.0))",
        says="the line uses tensorflow, which is not installed",
    ),
    "keys of services": Around(
        "import openai, os\nfrom dotenv import load_dotenv\nload_dotenv()\nclient = openai.OpenAI(api_key=os.environ['OPENAI_API_KEY'])\n"
        "print(client.chat.completions.create(model='x').choices[0].message.content)", says="KeyError: 'OPENAI_API_KEY'",
    ),
    "Spyder": Around(
        "from IPython import get_ipython\nget_ipython().magic('reset -sf')\nget_ipython().run_line_magic('clear', '')\n"
        "import torch\nfrom torch import nn", quiet=True,
    ),
    # -- lines that fail
    "a missing file": Around(after="import csv\nrows = list(csv.reader(open('data/train.csv')))\nprint(rows[0])",
                             says="(`rows = list"),
    "a drive": Around("from google.colab import drive\ndrive.mount('/content/drive')\nimport os\n"
                      "os.chdir('/content/drive/MyDrive')", says="os.chdir"),
    "a checkpoint": Around(after="model = nn.Linear(1, 1)\nmodel.load_state_dict(torch.load('best.pt'))", says="best.pt"),
    "arguments": Around(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', required=True)\nargs = p.parse_args()\n"
        "print(args.data)\nEPOCHS = args.epochs", says="ends the program",
    ),
    "sys.argv": Around("import sys\npath = sys.argv[1]", says="IndexError"),
    "input": Around("name = input('Your name? ')\nage = int(input('Age? '))", says="ValueError"),
    "locale": Around("import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')", says="locale"),
    "a name that is not there": Around(after="print(undefined_name)\nprint(undefined_name + 1)", says="undefined_name"),
    "an assertion": Around(after="assert 1 + 1 == 3, 'sum'", says="AssertionError: sum"),
    "a division": Around("x = 1 / 0", "y = x + 1", "z = y", says="ZeroDivisionError"),
    "out of order": Around("print(later)", after="later = 3", says="only defined further down"),
    "unfinished": Around(after="def extra():\n    raise NotImplementedError\nextra()", says="NotImplementedError"),
    "unittest": Around(
        after="import unittest\nclass T(unittest.TestCase):\n    def test_it(self): self.assertEqual(1, 2)\n"
        "if __name__ == '__main__':\n    unittest.main()\nunittest.main()", says="ends the program",
    ),
    "an unknown decorator": Around(between="@timer\ndef slow():\n    return 1\nassert slow() == 1", says="without its decorator"),
    "an unknown annotation": Around(between="def typed(x: NoSuchType) -> Other:\n    return x\nassert typed(1) == 1",
                                    says="without that annotation"),
    "a base that fails": Around(between="class Mine(unknown.Base):\n    pass\nmine = Mine()", says="failed for want of it"),
    "a subprocess": Around("import subprocess\nsubprocess.run(['nvidia-smi'], check=True)\n"
                           "subprocess.check_call(['pip', 'install', 'x'])", says="subprocess"),
    "the network": Around("import urllib.request\nurllib.request.urlretrieve('https://example.org/a.zip', 'a.zip')", says="urlretrieve"),
    "worker processes": Around(after="import multiprocessing as mp\np = mp.Process(target=print)\np.start()\np.join()"),
    "a helper that is not there": Around("from my_utils import plot_it", after="plot_it(3)", says="my_utils is neither"),
    "a log file": Around("import logging\nlogging.basicConfig(filename='/var/log/x.log', level=10)\nlogging.info('hi')"),
    "calls without end": Around(
        "import sys\nsys.setrecursionlimit(10**7)\ndef deeper(n): return deeper(n + 1)\ndeeper(0)", says="RecursionError"
    ),
    "calls without end, in C": Around(
        "import sys\nsys.setrecursionlimit(10**8)\nclass Loop:\n    def __repr__(self): return str([self])\n"
        "    def __getattr__(self, name): return getattr(self, name + 'x')\nprint(Loop())\nLoop().a\nsorted([1], key=lambda x: repr(Loop()))",
        says="RecursionError",
    ),
    "lists in lists": Around("import json\nx = []\nfor i in range(200_000): x = [x]\njson.dumps(x)", says="RecursionError"),
    "breakpoints": Around("import pdb\nfrom pdb import set_trace",
                          after="breakpoint()\npdb.set_trace()\nset_trace(header='here')", quiet=True),
    "names of a newer Python": Around(
        "from typing import Any, from_tomorrow, Callable\ndef typed(f: Callable[[Any], int]) -> Any: return f",
        after="assert typed(3) == 3", says="ImportError: cannot import name 'from_tomorrow' from 'typing'. No check",
    ),
    "logging to files": Around(
        "import logging, logging.config\nfrom loguru import logger\nlogging.config.fileConfig('logging.ini')\nlogger.add('f_{time}.log')",
        says="logging.ini",
    ),
    "pools of workers": Around(
        "import torch.multiprocessing as mp\nmp.set_start_method('spawn', force=True)\ndef work(x): return x * 2",
        after="from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool: assert list(pool.map(work, [1, 2])) == [2, 4]\n"
        "with mp.Pool(4) as pool:\n    print(pool.map(work, range(4)))", says="mp.Pool(4)",
    ),
    # -- ends of the program
    "exit": Around(after="exit()", says="ends the program"),
    "quit above": Around("quit()", says="ends the program"),
    "sys.exit in a block": Around(between="import sys\nif not torch.cuda.is_available():\n    sys.exit('needs a GPU')",
                                  says="ends the program"),
    "os._exit": Around(after="import os\nos._exit(0)", says="ends the program"),
    "raise SystemExit": Around("raise SystemExit(3)", says="ends the program"),
    "a card is wanted": Around("import sys\nif not torch.cuda.is_available():\n    print('no GPU')\n    sys.exit(1)",
                              says="ends the program"),
    "a card is wanted, aloud": Around("if not torch.cuda.is_available():\n    raise RuntimeError('Turn on the GPU')",
                                     says="RuntimeError: Turn on the GPU"),
    "a card is asserted": Around("assert torch.cuda.is_available(), 'GPU'\nprint(torch.cuda.get_device_name(0))",
                                says="this machine grades on the CPU"),
    # -- what takes long
    "an endless loop": Around(after="while True:\n    pass", says="was stopped after", waits=True),
    "an endless loop above": Around("while True:\n    pass", says="was stopped after", waits=True),
    "training in a block": Around(
        TRAINING, after="with torch.enable_grad():\n    for epoch in range(3):\n        __fit()", says="was stopped after", waits=True
    ),
    "training that catches everything": Around(
        after="while True:\n    try:\n        torch.ones(3).sum()\n    except:\n        pass", says="was stopped after", waits=True
    ),
    "sleeping": Around("import time\ntime.sleep(1000)", says="was stopped after", waits=True),
    "training as a program": Around(TRAINING, after="if __name__ == '__main__':\n    BATCH = 64\n    for _ in range(3):\n        pass"),
    # -- harmless
    "settings": Around(
        "import warnings, logging, os, random, sys\nwarnings.filterwarnings('ignore')\nlogging.getLogger().setLevel(40)\n"
        "os.environ['KMP_DUPLICATE_LIB_OK'] = 'TRUE'\nsys.path.append('..')\nsys.setrecursionlimit(3000)\n"
        "random.seed(1)\ntorch.manual_seed(1)\ntorch.set_printoptions(precision=2)\ntorch.backends.cudnn.benchmark = True",
        quiet=True,
    ),
    "threads": Around("torch.set_num_threads(64)\ntorch.set_num_interop_threads(8)\n(torch.ones(512, 512) @ torch.ones(512, 512)).exp()",
                      quiet=True),
    "printing": Around(after="for i in range(3000):\n    print('line', i)", quiet=True),
    "strings as comments": Around("'''\nold code\n'''", '"""more"""', "'the end'", quiet=True),
    "functions in blocks": Around(
        between="if True:\n    def in_if(): return 1\nelse:\n    def in_else(): return 2\ntry:\n    def in_try(): return 3\n"
        "finally:\n    pass\nwith torch.no_grad():\n    def in_with(): return 4\nfor _ in range(1):\n    def in_for(): return 5",
        after="assert (in_if(), in_try(), in_with(), in_for()) == (1, 3, 4, 5)",
        quiet=True,
    ),
    "definitions in a block that fails": Around(
        between="with torch.no_grad():\n    1 / 0\n    def saved(): return 4\ntry:\n    import no_such\n    open('nowhere')\n"
        "    def too(): return 5\nfinally:\n    pass", after="assert saved() + too() == 9", says="ZeroDivisionError",
    ),
    "state that changes": Around("n = 1\nn += 1\ndel n\nn = 5", "n *= 2", "assert n == 10\nglobals()['n'] = 3\nassert n == 3", quiet=True),
    "the main guard": Around(after="if __name__ == '__main__':\n    print('demo')", quiet=True),
    "a loader with workers": Around(
        after="from torch.utils.data import DataLoader, TensorDataset\n"
        "for (x,) in DataLoader(TensorDataset(torch.ones(4)), batch_size=2, num_workers=2, persistent_workers=True): pass",
        quiet=True,
    ),
    # -- torch elsewhere
    "a graphics card": Around(
        "device = 'cuda'\nmodel = nn.Linear(2, 2).to(device)\nx = torch.ones(2, device='cuda:0').cuda()\nmodel.cuda()(x)\n"
        "torch.cuda.synchronize()", says="grades on the CPU",
    ),
    "a Mac's": Around("dev = torch.device('mps')\nx = torch.zeros(3).to(dev)\ny = torch.randn(2, 3, device=dev)", says="grades on the CPU"),
    "the default device": Around("torch.set_default_device('cuda')\nx = torch.ones(3)", says="grades on the CPU"),
    "a card if there is one": Around(
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nif torch.backends.mps.is_available():\n"
        "    device = 'mps'\nx = torch.ones(2).to(device)", quiet=True,
    ),
    "compiled": Around(after="net = torch.compile(nn.Linear(2, 2))\nnet(torch.ones(1, 2))\nnet.compile()", says="uncompiled"),
    # -- notebooks
    "shell commands": Around("!pip install torchsummary\n%matplotlib inline\n%load_ext autoreload\nfiles = !ls",
                             says="nothing is installed"),
    "an installation without a sign": Around("pip install torchsummary\nconda install -y x\nimport torch", says="nothing is installed"),
    "a question": Around(after="torch.nn.Conv2d?\nx = 3", quiet=True),
    "nbconvert's": Around(
        "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('pip install x')\n"
        "get_ipython().run_cell_magic('time', '', 'timed = 3\\n')\nget_ipython().run_line_magic('time', 'again = 4')\n"
        "assert timed + again == 7", says="nothing is installed",
    ),
    "widgets": Around(
        "import ipywidgets as widgets\nfrom IPython.display import display, clear_output",
        after="@widgets.interact(x=(0, 3))\ndef draw(x=1):\n    return x\ndisplay(widgets.IntSlider(value=3))\nassert draw(2) == 2",
        quiet=True,
    ),
    "Databricks": Around(
        "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Title\n# COMMAND ----------\ndbutils.library.restartPython()\n"
        "df = spark.read.csv('x')\ndisplay(df)", says="dbutils",
    ),
}  # fmt: skip
