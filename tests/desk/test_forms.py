"""Forms: what a browser sends becomes a type, and nothing else of it is read."""

from __future__ import annotations

import re

import msgspec
import pytest

from grader.desk.forms import AdjustForm, ExportForm, Form, PartForm, Uploaded, read_form
from grader.errors import UsageError
from tests.conftest import ROOT

SHEET = Uploaded("grades.csv", b"Identifier,Grade\n")

READ = {
    "nothing": (AdjustForm, {}, AdjustForm()),
    "texts": (AdjustForm, {"number": ["+1"], "check": ["a::b"]}, AdjustForm(number="+1", check="a::b")),
    "the-last-of-several": (AdjustForm, {"by": ["Ann", "Bob"]}, AdjustForm(by="Bob")),
    "all-lines-of-a-rubric": (PartForm, {"rubric": ["1", "3"]}, PartForm(rubric=(1, 3))),
    "a-file": (ExportForm, {"template": [SHEET], "anonymous": ["true"]}, ExportForm(template=SHEET, anonymous=True)),
    "another-form's-field": (Form, {"back": ["notices"], "number": ["1"]}, Form(back="notices")),
}


@pytest.mark.parametrize(("kind", "sent", "form"), READ.values(), ids=READ)
def test_what_is_sent_becomes_a_form(kind: type[Form], sent: dict[str, list[str | Uploaded]], form: Form) -> None:
    assert read_form(kind, sent) == form


REFUSED = {
    "a-file-for-a-text": (AdjustForm, {"because": [SHEET]}, "because"),
    "a-text-for-a-file": (ExportForm, {"template": ["grades.csv"]}, "template"),
    "another-word": (AdjustForm, {"change": ["undo"]}, "change"),
    "a-word-for-a-number": (PartForm, {"rubric": ["1", "all"]}, "rubric"),
    "neither-yes-nor-no": (ExportForm, {"anonymous": ["perhaps"]}, "anonymous"),
}


@pytest.mark.parametrize(("kind", "sent", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_of_a_fields_type_ends_the_change(
    kind: type[Form], sent: dict[str, list[str | Uploaded]], field: str
) -> None:
    with pytest.raises(UsageError, match=rf"^{field}.*nothing was changed"):
        read_form(kind, sent)


def test_every_field_that_a_page_sends_belongs_to_a_form() -> None:
    kinds: tuple[type[Form], ...] = (Form, *Form.__subclasses__())
    fields = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    for page in (ROOT / "templates" / "desk").glob("*.html"):
        for form in re.findall(r'<form[^>]* method="post".*?</form>', page.read_text(encoding="utf-8"), re.DOTALL):
            assert set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form)) <= fields, page.name
