"""A class of distinct submissions for one problem: half of them right, half with a known mistake."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rows import ROOT


def write_class(folder: Path, slug: str, students: int) -> list[Path]:
    """One folder a student; every file differs from all others, by a remark at its end."""
    solutions = ROOT / "solutions" / slug
    right = [solutions / "solution.py", *sorted((solutions / "alternatives").glob("*.py"))]
    wrong = sorted((solutions / "misconceptions").glob("*.py"))
    written = []
    for number in range(students):
        kind = wrong if number % 2 else right
        source = kind[number // 2 % len(kind)].read_text(encoding="utf-8")
        path = folder / f"student{number:04}" / f"{slug}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{source}\n# Handed in by student {number}.\n", encoding="utf-8")
        written.append(path)
    return written
