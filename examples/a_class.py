"""A class of two dozen to try things on: what Moodle's "Download all submissions" would hold, and a class list.

    python examples/a_class.py            writes my-class/submissions.zip and my-class/roster.csv

The students' answers are those that solutions/ knows, right and wrong, with the troubles of any class: a syntax error,
a printout instead of code, two who hand in the same with other names, and one who hands in nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROBLEMS = ("02-conv-bias", "06-images-as-tensors")
NAMES = [
    "Ada Lovelace",
    "Ben Ode",
    "Cem Ak",
    "Dora Li",
    "Eli Roth",
    "Fatou Diop",
    "Gil Sand",
    "Hana Ito",
    "Ivo Rus",
    "Jane Doe",
    "Kofi Mensah",
    "Lea Blum",
    "Mia Sol",
    "Nils Berg",
    "Omar Said",
    "Pia Kern",
    "Quin Fox",
    "Rosa Vega",
    "Sami Aho",
    "Tess Ray",
    "Uma Rao",
    "Vito Neri",
    "Wen Xu",
    "Yara Haddad",
]
_RIGHT, _KNOWN = 0.4, 0.45
"""Shares of answers that are the solution or an alternative, and of known mistakes; the others hand in nothing."""
_COPIED = """

def padded(values, width):
    lines = []
    for value in values:
        lines.append(str(value).rjust(width))
        if len(lines) > 100:
            break
    return "\\n".join(lines)
"""


def answers(problem: str, kind: str) -> list[Path]:
    """The files of solutions/ that answer a problem rightly, or by a known mistake."""
    folder = ROOT / "solutions" / problem
    if kind == "right":
        return [folder / "solution.py", *sorted((folder / "alternatives").glob("*.py"))]
    return sorted((folder / "misconceptions").glob("*.py"))


def the_class() -> dict[tuple[str, str], str]:
    """(name, file) -> content."""
    draw = random.Random(7)
    pools = {(problem, kind): answers(problem, kind)[:12] for problem in PROBLEMS for kind in ("right", "wrong")}
    files = {}
    for name in NAMES[:-1]:
        for problem in PROBLEMS:
            luck = draw.random()
            if luck < _RIGHT + _KNOWN:
                kind = "right" if luck < _RIGHT and pools[problem, "right"] else "wrong"
                known = pools[problem, kind]
                # Right answers are all different; of the mistakes some are made twice.
                place = draw.randrange(len(known))
                chosen = known.pop(place) if kind == "right" else known[place]
                files[name, f"{problem[:2]}.py"] = chosen.read_text(encoding="utf-8")
    files["Cem Ak", "02.py"] = "def build_conv(kernel, bias:\n    pass\n"
    files["Dora Li", "06.pdf"] = "%PDF-1.7"
    files.pop(("Dora Li", "06.py"), None)
    solution = answers("06-images-as-tensors", "right")[0].read_text(encoding="utf-8")
    files["Hana Ito", "06.py"] = solution + _COPIED
    files["Ivo Rus", "06.py"] = solution + _COPIED.replace("lines", "rows").replace("value", "x")
    return files


def main(folder: Path) -> None:
    """Write both files; what is there already is left alone."""
    if folder.exists():
        sys.exit(f"{folder} exists already and is left as it is: name another folder")
    folder.mkdir(parents=True)
    numbers = {name: 1000 + place for place, name in enumerate(NAMES, 1)}
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for (name, file), content in the_class().items():
            archive.writestr(f"{name}_{numbers[name]}_assignsubmission_file/{file}", content)
    tutors = ("Tia", "Tom")
    lines = [f"{number},{name},{number % 3 + 1},{tutors[number % 3 == 2]}" for name, number in numbers.items()]
    (folder / "roster.csv").write_text("\n".join(["id,name,section,tutor", *lines, ""]), encoding="utf-8")
    print(f"{folder}/submissions.zip and {folder}/roster.csv: {len(NAMES)} students")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("my-class"))
    main(parser.parse_args().folder)
