"""JUnit XML, as viewers of continuous integration read it: a suite per student and problem, a case per check.

There is no one specification: this module keeps to what the schemas of Jenkins and of the Ant task have in common. XML
1.0 has no way to write most control characters, and a student may print any; so they are replaced.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from grader.exports.model import ExportedCheck, ExportFormat, ExportRequest, Filled, Gradebook, Person, Result
from grader.model import Outcome, PartGrade, Status
from grader.reports.shown import part_sentence, ruling_sentence
from grader.reports.wording import signed

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_OUTPUT = 4_000


def to_xml(gradebook: Gradebook) -> bytes:
    """The class's results as one document."""
    suites = [
        _suite(person, person.results[problem.slug]) if problem.slug in person.results else _empty(person, problem.slug)
        for person in gradebook.people
        for problem in gradebook.problems
    ]
    root = ElementTree.Element("testsuites", {"name": "torchgrade"})
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    root.extend(suites)
    ElementTree.indent(root, " ")
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(person: Person, result: Result) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", {"name": _xml(f"{person.student.id} {result.problem}")})
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (
        ("student", person.student.id),
        ("name", person.student.name),
        ("problem", result.problem),
        ("submission", result.submission),
        ("score", f"{result.score:g}"),
        ("max_score", f"{result.max_score:g}"),
        ("status", result.status),
        *(("ruling", f"{signed(ruling.points)}: {ruling_sentence(ruling)}") for ruling in result.rulings),
    ):
        ElementTree.SubElement(properties, "property", {"name": name, "value": _xml(value)})
    classname = _xml(f"{result.problem}.{person.student.id}".replace(" ", "_"))
    cases = [_case(classname, check) for check in result.checks]
    cases += [_part(classname, part) for part in result.manual]
    if result.status is not Status.GRADED:
        case = ElementTree.Element("testcase", {"classname": classname, "name": "the submission can be graded"})
        case.set("time", "0.000")
        _outcome(case, "error", result.status, result.message or result.status.replace("_", " "))
        cases.insert(0, case)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{result.duration_s:.3f}")
    if result.stdout:
        ElementTree.SubElement(suite, "system-out").text = _xml(result.stdout[:_MAX_OUTPUT])
    return suite


def _empty(person: Person, problem: str) -> ElementTree.Element:
    """The suite of a student without a result: one case that was skipped, and why."""
    suite = ElementTree.Element("testsuite", {"name": _xml(f"{person.student.id} {problem}")})
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("student", person.student.id), ("name", person.student.name), ("problem", problem)):
        ElementTree.SubElement(properties, "property", {"name": name, "value": _xml(value)})
    classname = _xml(f"{problem}.{person.student.id}".replace(" ", "_"))
    case = ElementTree.SubElement(suite, "testcase", {"classname": classname, "name": "the submission can be graded"})
    case.set("time", "0.000")
    ElementTree.SubElement(case, "skipped", {"message": _xml(person.why_not(problem))})
    for attribute, count in (("tests", 1), ("failures", 0), ("errors", 0), ("skipped", 1)):
        suite.set(attribute, str(count))
    suite.set("time", "0.000")
    return suite


def _case(classname: str, check: ExportedCheck) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"classname": classname, "name": _xml(check.title)})
    case.set("time", f"{check.duration_s:.3f}")
    text = "\n\n".join(part for part in (check.message, check.hint) if part)
    if check.outcome is Outcome.NOT_RUN:
        ElementTree.SubElement(case, "skipped").text = _xml(text)
    elif check.outcome is Outcome.FAILED:
        _outcome(case, "failure", check.outcome, text)
    elif check.outcome is not Outcome.PASSED:
        _outcome(case, "error", check.outcome, text)
    return case


def _part(classname: str, part: PartGrade) -> ElementTree.Element:
    """A manual part: skipped while it waits, failed where it has less than all its points."""
    case = ElementTree.Element("testcase", {"classname": classname, "name": _xml(part.title), "time": "0.000"})
    if part.points is None:
        ElementTree.SubElement(case, "skipped", {"message": "waits to be graded by hand"})
    elif part.points < part.max_points:
        _outcome(case, "failure", "by hand", f"{part.points:g} of {part.max_points:g} points: {part_sentence(part)}")
    return case


def _outcome(case: ElementTree.Element, tag: str, kind: str, text: str) -> None:
    first = text.strip().split("\n", 1)[0] or kind
    element = ElementTree.SubElement(case, tag, {"type": _xml(kind), "message": _xml(first)})
    element.text = _xml(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _make(request: ExportRequest) -> Filled:
    return Filled({(): to_xml(request.gradebook)}, request.gradebook.grades)


FORMAT = ExportFormat("junit", "junit.xml", _make)
