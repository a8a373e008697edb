"""A statement as HTML. Its author is trusted: inline SVG and HTML pass. No text of a student comes here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

HEADING_SHIFT = 2
"""A statement's own title is an h3 of the page."""


class Statement(msgspec.Struct, frozen=True):
    """A rendered statement."""

    html: str
    headings: dict[str, str]
    """Heading in lower case -> its id in the page."""
    style_sheets: tuple[str, ...] = ()
    style_attributes: tuple[str, ...] = ()
    """What the author styled by hand; the page's policy must name it."""

    def link(self, advice: str) -> tuple[str, str] | None:
        """(id, heading) of the place that an advice points to with See “Heading”, if there is one."""
        for heading in re.findall(r"[“\"]([^”\"]+)[”\"]", advice):
            target = self.headings.get(_key(heading))
            if target:
                return target, heading
        return None


@lru_cache(maxsize=32)
def render(markdown: str) -> Statement:
    """Markdown (CommonMark with tables) to HTML, its headings given ids and shifted below the page's own."""
    engine = MarkdownIt("commonmark", {"html": True, "highlight": _highlight}).enable(["table", "strikethrough"])
    tokens = engine.parse(markdown)
    headings = _anchor(tokens)
    for token in tokens:
        _align_by_class(token)
    html = engine.renderer.render(tokens, engine.options, {})
    html = re.sub(r"<table>", '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>', html)
    html = html.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')
    styles = _Styles()
    styles.feed(html)
    return Statement(html, headings, tuple(styles.sheets), tuple(styles.attributes))


def without_title(markdown: str, title: str) -> str:
    """The statement without a first heading that only repeats the problem's title."""
    first, _, rest = markdown.lstrip().partition("\n")
    return rest if first.startswith("# ") and _key(first[2:]) == _key(title) else markdown


def _anchor(tokens: Sequence[Token]) -> dict[str, str]:
    headings: dict[str, str] = {}
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            title = "".join(child.content for child in inline.children or ())
            slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
            name, copy = f"task-{slug}", 2
            while name in headings.values():
                name, copy = f"task-{slug}-{copy}", copy + 1
            headings.setdefault(_key(title), name)
            opening.attrSet("id", name)
        if opening.type in ("heading_open", "heading_close"):
            opening.tag = f"h{min(int(opening.tag[1]) + HEADING_SHIFT, 6)}"
    return headings


def _key(heading: str) -> str:
    return " ".join(heading.replace("`", "").lower().split())


def _align_by_class(token: Token) -> None:
    style = token.attrs.pop("style", None) if token.type in ("th_open", "td_open") else None
    if style:
        token.attrJoin("class", str(style).replace("text-align:", ""))


def _highlight(code: str, language: str, _attributes: str) -> str:
    if not language:
        return ""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if language == "python" and code.lstrip().startswith(">>>"):
        language = "pycon"
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return str(escape(code))
    return str(Markup(highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="t-"))))


class _Styles(HTMLParser):
    """Collects the style sheets and style attributes in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.attributes: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "style"
        self.attributes += [value for name, value in attrs if name == "style" and value]

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.sheets.append(data)
            self._inside = False
