"""One string with everything that a student might try, and a grade that holds it everywhere."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.model import Grade

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raise %}{# x #}]]>--><!--</style>"
    "</title></textarea></pre></details>\"' autofocus onfocus='alert(3)' [bold red]markup[/] &lt;b&gt;"
    " javascript:alert(4) \x1b[31mred\x1b]0;title\x07\x00\u202egnp.exe\u2066\x9b2J"
)
HARMLESS = "harmless"

_KEPT = {"visibility", "outcome", "status", "kind", "role", "schema", "data", "type", "pixels", "verb"}


def filled(grade: Grade, text: str) -> Grade:
    """The grade with `text` in place of every string that is not an enum."""
    return msgspec.convert(_filled(msgspec.to_builtins(grade), text), Grade)


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return text if value else value
    if isinstance(value, list | tuple):
        return [_filled(item, text) for item in value]
    if isinstance(value, dict):
        return {k: item if k in _KEPT else _filled(item, text) for k, item in value.items()}
    return value
