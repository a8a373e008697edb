"""Files of templates/ with their blanks filled in."""

from __future__ import annotations

from importlib import resources


def filled(path: str, **words: str) -> str:
    """The template at `path`, with each ``@WORD@`` replaced."""
    text = resources.files("grader.templates").joinpath(path).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word.upper()}@", value)
    return text
