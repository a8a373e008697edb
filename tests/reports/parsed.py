"""A page as a browser's parser would take it apart."""

from __future__ import annotations

from html.parser import HTMLParser


class Parsed(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """What text must not be able to change: elements and names of attributes, in order."""
        return [(tag, tuple(sorted(attributes))) for tag, attributes in self.tags]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def content(self) -> str:
        """Everything a page tells: text and attributes."""
        values = [value for _, attributes in self.tags for value in attributes.values() if value]
        return "\n".join([*self.texts, *values])

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def policy(self) -> str:
        (found,) = [meta for meta in self.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        return found["content"] or ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)
