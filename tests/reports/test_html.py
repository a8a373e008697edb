"""The page of one submission: complete, self-contained, and deaf to whatever a student writes."""

import base64
import hashlib
import re

import pytest

from grader.model import Grade, Outcome, Status, Visibility
from grader.reports.html import student_page

from . import samples
from .hostile import HARMLESS, HOSTILE, filled
from .parsed import Parsed

EVERYTHING = [samples.typical, samples.everything, samples.perfect, samples.figures, samples.exemplified]


def page(grade: Grade, statement: str | None = samples.STATEMENT, **options: bool) -> str:
    return student_page(grade, samples.problem(), statement, **options)


@pytest.mark.parametrize("make", EVERYTHING)
def test_text_of_a_student_cannot_change_the_page(make) -> None:
    """The same elements and attributes, whatever the strings hold."""
    hostile, harmless = Parsed(page(filled(make(), HOSTILE))), Parsed(page(filled(make(), HARMLESS)))
    assert hostile.skeleton == harmless.skeleton
    assert not hostile.comments
    assert not hostile.all("script")
    assert not [a for _, attributes in hostile.tags for a in attributes if a.startswith("on")]
    assert "<script>alert(1)</script>" in hostile.text
    assert "{{7*7}}" in hostile.text
    assert not set(hostile.content) & set("\x1b\x07\x00\x9b\u202e\u2066")


@pytest.mark.parametrize("make", EVERYTHING)
def test_nothing_is_asked_of_the_network(make) -> None:
    source = page(make())
    parsed = Parsed(source)
    assert not parsed.all("link")
    assert not parsed.all("iframe")
    for _, attributes in parsed.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            if name in attributes:
                assert (attributes[name] or "").startswith(("#", "data:image/png;base64,"))
    assert "url(" not in source
    assert "@import" not in source


def test_the_policy_names_the_style_sheet_by_its_hash() -> None:
    source = page(samples.typical())
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = Parsed(source).policy
    assert policy is not None
    assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy
    assert "script-src" not in policy


def test_a_statement_s_own_styles_are_allowed_by_hash() -> None:
    policy = Parsed(page(samples.typical())).policy
    digest = base64.b64encode(hashlib.sha256(b"stroke-width:2px").digest()).decode()
    assert policy is not None
    assert f"'unsafe-hashes' 'sha256-{digest}'" in policy
    assert "unsafe-hashes" not in page(samples.typical(), None)


def test_of_a_hidden_check_only_title_outcome_points_and_hint() -> None:
    secret = samples.check(
        "Sizes of one",
        Outcome.FAILED,
        3,
        id="test_secret_id.py::test_secret_id",
        visibility=Visibility.HIDDEN,
        message="SECRET message",
        traceback="SECRET traceback",
        mismatch=samples.POOLING,
        hint="Think small.",
        duration_s=123.456,
    )
    source = page(samples.grade(secret))
    for text in ("SECRET", "max_pool2d", "secret_id", "instead of 8", "123"):
        assert text not in source
    assert "Sizes of one" in source
    assert "Think small." in source
    revealed = page(samples.grade(secret), reveal=True)
    assert "SECRET traceback" in revealed
    assert "max_pool2d(x, 2)" in revealed


def test_every_check_once_in_the_order_of_the_files() -> None:
    grade = samples.everything()
    source = page(grade, None)
    ids = re.findall(r'id="(check-\d+)"', source)
    assert ids == [f"check-{i}" for i in range(1, 14)]
    outcomes = re.findall(r'id="check-\d+".*?<svg class="mark (\w+)"', source, re.DOTALL)
    assert outcomes == [check.outcome for check in grade.checks]
    text = Parsed(source).text
    assert all(text.count(check.title) >= 1 for check in grade.checks)


def test_checks_stand_under_their_ideas() -> None:
    source = page(samples.typical(), None)
    groups = re.findall(r'<section class="group".*?</section>', source, re.DOTALL)
    told = [" ".join(Parsed(group).text.split()) for group in groups]
    assert [said.split(" / ")[0] for said in told] == [
        "What the layer holds 4",
        "What the bias adds 0",
        "Axes 1",
        "Other checks 1",
    ]
    assert "The layer's weight and bias are learnable 1" in told[0]
    assert "The lecture's image, sharpened shown above" in told[1]
    assert "Every filter has a bias of its own hidden" in told[1]
    links = [a["href"] for a in Parsed(source).all("a")]
    assert all(f"#idea-{i}" in links for i in range(1, 5))


def test_which_checks_are_hidden_is_marked() -> None:
    for make in EVERYTHING:
        grade = make()
        hidden = sum(check.visibility is Visibility.HIDDEN for check in grade.checks)
        shown = re.findall(r'<section class="group".*?</section>', page(grade, None), re.DOTALL)
        assert "".join(shown).count('<span class="hidden">') == hidden


def test_what_can_be_told_comes_first() -> None:
    """A failed hidden check has less to say than a public one behind it."""
    secret = samples.check("Sizes of one", Outcome.FAILED, visibility=Visibility.HIDDEN, idea="Sizes")
    picture = samples.check("The lecture's image", Outcome.FAILED, mismatch=samples.POOLING, idea="Values")
    source = page(samples.grade(secret, picture), None)
    first, _, rest = source.partition('<h2 id="checks">')
    assert "<table" in first
    assert "<table" not in rest


def test_of_what_cannot_be_told_the_dearest_comes_first() -> None:
    checks = [
        samples.check(f"worth {points}", Outcome.FAILED, points, visibility=Visibility.HIDDEN) for points in (1, 3, 2)
    ]
    first, _, _ = page(samples.grade(*checks), None).partition('<h2 id="checks">')
    assert re.findall(r"worth \d</h3>", first) == ["worth 3</h3>"]


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    for make in EVERYTHING:
        parsed = Parsed(page(make()))
        ids = [a["id"] for _, a in parsed.tags if "id" in a]
        assert len(ids) == len(set(ids))
        targets = {(a["href"] or "")[1:] for a in parsed.all("a") + parsed.all("use")}
        assert targets <= set(ids)


def test_a_counterexample_stands_with_what_it_shows() -> None:
    shown = page(samples.exemplified())
    parsed = Parsed(shown)
    order = ["Negative numbers are lost", "A small input on which it shows", "f(tensor([[-1.]]))", "yours − expected"]
    order += ["A hidden one.", "A small input on which your answer is wrong", "raised ValueError: no", "line 3, in g"]
    places = [parsed.text.index(words) for words in order]
    assert places == sorted(places)
    assert sum("example" in (each.get("class") or "") for each in parsed.all("article")) == 2


def test_the_advice_leads_to_its_heading() -> None:
    source = page(samples.typical())
    assert '<a href="#task-what-the-bias-does">“What the bias does”</a>' in source
    assert '<h4 id="task-what-the-bias-does">' in source
    assert "See “What the bias does”." in Parsed(page(samples.typical(), None)).text


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.GRADED])
def test_work_that_could_not_be_graded_says_where_and_why(status: Status) -> None:
    grade = samples.grade(samples.check("never run", Outcome.NOT_RUN), status=status, message="02.py, line 3: <fault>")
    text = Parsed(page(grade)).text
    assert "02.py, line 3: <fault>" in text
    assert "Look at this first" in text


def test_full_marks() -> None:
    text = Parsed(page(samples.perfect())).text
    assert "Full marks" in text
    assert "Look at this first" not in text


@pytest.mark.parametrize(("data", "phrase"), [("mnist", "genuine MNIST"), ("drawn", "drawn by torchgrade"), (None, "")])
def test_where_the_data_came_from(data, phrase: str) -> None:
    assert phrase in page(samples.grade(data=data))


def worst() -> Grade:
    """As large as a submission can make its report: all of it text that triples when escaped."""
    flood = "<&\">'" * 20_000
    checks = [
        samples.check(
            f"check {i}",
            Outcome.FAILED,
            message=flood,
            traceback=flood,
            mismatch=samples.huge_mismatch(),
            hint="A hint of one line.",
        )
        for i in range(40)
    ]
    return samples.grade(*checks, stdout=flood, message=flood, student=flood, submission=flood)


@pytest.mark.parametrize("make", [*EVERYTHING, worst])
def test_a_page_weighs_less_than_150_kb(make) -> None:
    assert len(page(make()).encode()) < 150_000


def test_no_grade_at_all() -> None:
    assert "0" in page(samples.grade(max_score=10.0), None)
