"""Whose a name is: a statement's own, an inner function's, or from around."""

from __future__ import annotations

import ast

import pytest

from grader.porting.scopes import made_by, names_from_around

CASES = {
    "an assignment": ("a = b", {"a"}, ["a", "b"]),
    "an argument": ("def f(x, y=z):\n    w = x\n    return w + v", {"f"}, ["v", "z"]),
    "a lambda": ("key = lambda x: x + y", {"key"}, ["key", "y"]),
    "a loop in brackets": ("n = [x * k for x in xs if x]", {"n"}, ["k", "n", "xs"]),
    "a loop": ("for i in xs:\n    t = i", {"i", "t"}, ["i", "i", "t", "xs"]),
    "a class": ("class A(B):\n    c = d\n    def m(self): return self, e", {"A"}, ["B", "d", "e"]),
    "an import": ("import a.b, c as d\nfrom e import f", {"a", "d", "f"}, []),
    "an exception": ("try:\n    f()\nexcept E as e:\n    print(e)", {"e"}, ["E", "e", "f", "print"]),
}


@pytest.mark.parametrize(("code", "made", "around"), CASES.values(), ids=CASES)
def test_names(code: str, made: set[str], around: list[str]) -> None:
    tree = ast.parse(code)
    assert made_by(tree) == made
    assert sorted(each.id for each in names_from_around(tree)) == around
