"""results.svg: how much of what its target allows each row takes."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.rows import Row

_WIDTH, _NAMES, _LINE, _TOP = 900, 290, 24, 44
_TARGET_AT = 300
"""Pixels from the start of a bar to the line of the target."""
_LONGEST = 420
_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"
 font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Each row, against its target">
<style>
text {{ fill: #1f2328 }} .bar {{ fill: #2f6fb0 }} .missed {{ fill: #c2410c }} .target {{ stroke: #1f2328 }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e6edf3 }} .bar {{ fill: #6aa5e0 }} .missed {{ fill: #f0883e }} .target {{ stroke: #e6edf3 }}
}}
</style>"""


def plot(rows: Sequence[Row]) -> str:
    """The picture: a bar a row, which ends before the line of the target where that is reached."""
    height = _TOP + _LINE * len(rows) + 8
    at = _NAMES + _TARGET_AT
    parts = [
        _HEAD.format(width=_WIDTH, height=height),
        f'<text x="{at}" y="16" text-anchor="middle">target</text>',
        f'<text x="{_NAMES}" y="16">shorter is better</text>',
    ]
    for number, row in enumerate(rows):
        y = _TOP + _LINE * number
        length = min(max(used(row), 0.0) * _TARGET_AT, _LONGEST)
        kind = "bar" if row.reached else "missed"
        parts.append(f'<text x="{_NAMES - 8}" y="{y + 12}" text-anchor="end">{escape(row.name)}</text>')
        parts.append(f'<rect class="{kind}" x="{_NAMES}" y="{y}" width="{max(length, 1):.1f}" height="16" rx="2"/>')
        parts.append(
            f'<text x="{_NAMES + max(length, _TARGET_AT) + 10:.1f}" y="{y + 12}">{escape(row.measured)}</text>'
        )
    parts.append(f'<line class="target" x1="{at}" x2="{at}" y1="24" y2="{height - 8}" stroke-dasharray="4 3"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def used(row: Row) -> float:
    """The part of what its target allows that a row takes: 1 at the target, less where it does better."""
    if row.higher_is_better:
        return row.target / row.value if row.value > 0 else float("inf")
    return row.value / row.target
