"""A generated class: mostly honest students, one in twenty broken or hostile.

All of it is bounded: where a wall were missing, it would do no harm.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.batch.conftest import RIGHT, SQUARE, SUM, hand_in

# What students honestly write for 01, by name; each is graded alone for comparison.
HONEST = {
    "sum": RIGHT,
    "product": "def double(x):\n    return x * 2\n",
    "lambda": "double = lambda x: 2 * x\n",
    "loop": "def double(x):\n    y = x\n    for _ in range(1):\n        y = y + x\n    return y\n",
    "torch": "import torch\n\n\ndef double(x):\n    return torch.add(x, x) if torch.is_tensor(x) else x + x\n",
    "square": SQUARE,
    "positive": "def double(x):\n    return abs(x) * 2\n",
    "prints": "print('hello')\n\n\ndef double(x):\n    print(x)\n    return 2 * x\n",
    "float": "def double(x):\n    return 2.0 * x\n",
    "unfinished": "def double(x):\n    raise NotImplementedError\n",
    "numbers-only": "def double(x):\n    return int(x) * 2\n",
    "random": "import random\n\n\ndef double(x):\n    return 2 * x if random.random() < 2 else 0\n",
    "global": "seen = []\n\n\ndef double(x):\n    seen.append(x)\n    return 2 * x\n",
    "helper": "from helper import twice\n\n\ndef double(x):\n    return twice(x)\n",
}
HELPER = "def twice(x):\n    return 2 * x\n"

BROKEN = {
    "syntax": "def double(x:\n",
    "wrong-name": "def dobule(x):\n    return 2 * x\n",
    "raises": "raise RuntimeError('no')\n",
    "binary": "\x01\x02",
    "loop": "while True:\n    pass\n",
    "loop-in-call": "def double(x):\n    while True:\n        pass\n",
    "exit": "import os\nos._exit(0)\n",
    "exit-in-call": "import os\n\n\ndef double(x):\n    os._exit(0)\n",
    "signals": "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "os.kill(os.getpid(), signal.SIGTERM)\nos.kill(os.getpid(), signal.SIGINT)\n",
    "kill-init": "import os\ntry:\n    os.kill(1, 9)\nexcept OSError:\n    pass\n",
    "flood": "for _ in range(200):\n    print('x' * 10_000)\n" + RIGHT,
    "memory": "def double(x):\n    return len(bytearray(2_000_000_000))\n",
    "large": "def double(x):\n    return list(range(3_000_000))\n",
    "forged-frame": "import os\ntry:\n    os.write(3, b'\\xff' * 64)\nexcept OSError:\n    pass\n" + RIGHT,
    "forks": "import os, time\nfor _ in range(8):\n    try:\n        if os.fork() == 0:\n            time.sleep(20)\n"
    "            os._exit(0)\n    except OSError:\n        pass\n" + RIGHT,
    "reads": "def double(x):\n    return open('/etc/passwd').read()\n",
    "lies": "class Six(int):\n    def __eq__(self, other):\n        return True\n\n\n"
    "def double(x):\n    return Six(0)\n",
    "deep": "def double(x):\n    y = []\n    for _ in range(100_000):\n        y = [y]\n    return y\n",
}
EVERY = 20


def write_class(folder: Path, students: int, seed: int = 0) -> dict[str, str]:
    """Write submissions of that many students for problem 01, and for some 02 too; student -> kind of submission.

    Kinds of broken ones begin with ``!``. Nearly all contents are distinct: a remark at the end differs.
    """
    rng = random.Random(seed)
    kinds: dict[str, str] = {}
    files: dict[str, str | bytes] = {}
    broken = sorted(BROKEN)
    for number in range(students):
        student = f"s{number:04}"
        if number % EVERY == EVERY // 2:
            name = broken[number // EVERY % len(broken)]
            source, kinds[student] = BROKEN[name], f"!{name}"
        else:
            name = rng.choice(sorted(HONEST))
            source, kinds[student] = HONEST[name], name
        files[f"{student}/01.py"] = f"{source}# {number if rng.random() < 0.95 else 'the same'}\n"
        if name == "helper":
            files[f"{student}/helper.py"] = HELPER
        if rng.random() < 0.1:
            files[f"{student}/02.py"] = f"{SUM}# {number}\n"
    hand_in(folder, files)
    return kinds
