"""What every page shares: the template engine, the style sheet, the content security policy.

A page is one file that asks for nothing: its policy forbids every request, and names its own style sheet and
script by their hashes, so that text which slipped through escaping could neither run nor restyle the page.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup, escape

from grader.reports.shown import OUTCOME_WORDS, labels
from grader.reports.wording import counted, number, one_line, seconds, signed
from grader.text import plain


@cache
def environment() -> jinja2.Environment:
    """The engine: it escapes always, after making every value `plain`, and knows no undefined names."""
    engine = jinja2.Environment(
        loader=jinja2.FunctionLoader(source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.filters.update(
        number=number,
        seconds=seconds,
        one_line=one_line,
        signed=signed,
        code=code,
        outcome=OUTCOME_WORDS.__getitem__,
        labels=labels,
    )
    engine.globals["counted"] = counted
    return engine


def code(text: str) -> Markup:
    """An author's sentence as HTML; words in backticks are set as code."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(plain(text)))))


@cache
def source(name: str) -> str:
    """A file of ``templates/report``."""
    return resources.files("grader.templates").joinpath("report", name).read_text("utf-8")


@cache
def style_sheet(*names: str) -> Markup:
    """Style sheets as one, without comments and indentation."""
    text = "\n".join(map(source, names))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return Markup(re.sub(r"\s*\n\s*", "\n", text).strip())


@cache
def script(name: str) -> Markup:
    """A script of ``templates/report``, as it stands there."""
    return Markup(source(name).strip())


def policy(styles: Iterable[str], scripts: Iterable[str] = (), attributes: Iterable[str] = ()) -> str:
    """A content security policy that allows exactly these style sheets, scripts and style attributes."""
    allowed = [sha256(text) for text in styles]
    if hashes := [sha256(text) for text in attributes]:
        allowed += ["'unsafe-hashes'", *hashes]
    rules = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    rules.append("style-src " + " ".join(allowed))
    if hashes := [sha256(text) for text in scripts]:
        rules.append("script-src " + " ".join(hashes))
    return "; ".join(rules)


@cache
def sha256(text: str) -> str:
    """The hash by which a policy names an inline style sheet or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _finalize(value: object) -> object:
    return plain(value) if type(value) is str else value
