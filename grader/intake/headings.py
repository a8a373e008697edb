"""The headings of class lists, in the languages in which Canvas, Moodle and Gradescope write them.

A heading's meaning depends on its language: *Nom* is the last name in French and the first in Catalan, *Nome* the first
name in Italian. So a list's language is the one that knows most of its headings, and English helps out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from grader.intake.folding import folded
from grader.intake.headingwords import LANGUAGES, ROLES

# In lists from Canvas that were translated the words around "SIS" differ and the abbreviation does not: the login's
# column says so, the other is the user's number.
_SIS = "sis"
_LOGIN_WORDS = (
    *("login", "log in", "sign in", "logg", "sesion", "sessio", "connexion", "conexao", "iniciar", "acesso", "accesso"),
    *("anmelde", "aanmeld", "inlog", "logowania", "вход", "вхід", "вход", "oturum", "giris", "kirjaut", "innlogg"),
    *("bejelentkez", "prihlas", "đang nhap", "συνδεση", "ログイン", "登录", "登入", "로그인", "تسجيل", "כניסה"),
)


def normal(heading: str) -> str:
    """A heading without case, accents, separators and marks of width."""
    decomposed = unicodedata.normalize("NFKD", folded(heading).replace("ı", "i"))
    return folded("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


_WORDS: dict[str, dict[str, str]] = {
    language: {normal(word): role for role in ROLES for word in roles.get(role, "").split("|") if word}
    for language, roles in LANGUAGES.items()
}


def roles(headings: Sequence[str]) -> dict[int, str]:
    """Column -> what it holds, of the columns whose headings are known; each role once, the first column's."""
    cells = [normal(heading) for heading in headings]
    language = max(_WORDS, key=lambda each: len({_WORDS[each][cell] for cell in cells if cell in _WORDS[each]}))
    known = _WORDS["en"] | _WORDS[language]
    found: dict[int, str] = {}
    for column, cell in enumerate(cells):
        role = _of_canvas(cell) or known.get(cell)
        if role is not None and role not in found.values():
            found[column] = role
    return _family_names(found)


def _family_names(found: dict[int, str]) -> dict[int, str]:
    """A name beside a first name is the last name; a first name without a last one is the whole name."""
    have = set(found.values())
    if "first" in have and "last" not in have:
        change = {"name": "last"} if "name" in have else {"first": "name"}
        return {column: change.get(role, role) for column, role in found.items()}
    return found


def _of_canvas(cell: str) -> str | None:
    if _SIS not in cell.split() and not cell.startswith(_SIS):
        return None
    return "login" if any(normal(word) in cell for word in _LOGIN_WORDS) else "sis_id"
