"""What hypothesis makes of a student's files: archives of any entries, bytes changed afterwards, code of any text."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile

from hypothesis import strategies as st

from tests.intake.conftest import code, notebook

NAMES = [
    "02.py",
    "01.ipynb",
    "a/02.py",
    "../02.py",
    "/etc/x.py",
    "C:\\x.py",
    ".git/config",
    "x.zip",
    "__MACOSX/._02.py",
]
NAMES += [
    "02 (1).py",
    "02-1.py",
    "d/" * 40 + "x.py",
    "n" * 300 + ".py",
    "CON",
    "x\0y.py",
    "é.py",
    "stub.py",
    "data.csv",
    "x/",
]
names = st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=20))
PIECES = [
    "def build_conv(",
    "import helper\n",
    "'",
    '"',
    '"""',
    "#",
    "\\",
    "\n",
    "\r",
    "f'",
    "%%writefile x.py\n",
    "!pip\n",
]
PIECES += [
    '{"cells":[{"cell_type":"code","source":',
    '["x\\n"]',
    "}]}",
    '"text":"' + "x" * 300 + '"',
    "\x00",
    "\ufeff",
    "-" * 99,
]
sources = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12).map(
    lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")
)
WHOLE = [code("02").encode(), notebook("01", "02").encode(), b"#" * 300_000]
contents = st.one_of(sources, st.binary(max_size=60), st.sampled_from(WHOLE))
modes = st.sampled_from([0, stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFDIR])


@st.composite
def archives(draw: st.DrawFn, depth: int = 2) -> bytes:
    """A zip archive, whole or damaged."""
    file = io.BytesIO()
    inner = st.one_of(contents, archives(depth - 1)) if depth else contents
    with zipfile.ZipFile(file, "w") as packed:
        for _ in range(draw(st.integers(0, 5))):
            info = zipfile.ZipInfo(draw(names))
            info.external_attr = draw(modes) << 16
            info.compress_type = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # zipfile's own, of a name that is there twice
                packed.writestr(info, draw(inner))
    content = bytearray(file.getvalue())
    for _ in range(draw(st.integers(0, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.sampled_from([len(content), len(content), len(content) // 2]))])


@st.composite
def handins(draw: st.DrawFn) -> dict[str, bytes]:
    """Name -> content of what one student handed in."""
    found = {}
    for _ in range(draw(st.integers(1, 4))):
        name = draw(names)
        found[name] = draw(archives()) if name.endswith(".zip") or draw(st.booleans()) else draw(contents)
    return found
