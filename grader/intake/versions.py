"""Which of several files is the newer, by what their names say: ``v2``, ``final``, ``old``, dates, copies.

A name is split into its core and its marks. Files with one core are versions of each other; the marks rank them. Words
for old, new and copy are those that people, and the desktops that copy files for them, write in many languages. A word
that is in no list but stands beside a name that is there without it is taken for the mark of a later copy, because that
is how copies come about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from grader.intake.dates import Habit, found
from grader.intake.folding import words

OLD = words(
    "old older oldest previous prev draft drafts backup backups bak archive archived archives deprecated wip "
    "unfinished incomplete broken before outdated obsolete original orig trash recycled "
    "vorher kaputt alt alte alter altes veraltet entwurf sicherung sicherungskopie archiv papierkorb "
    "ancien ancienne vieux vieille brouillon sauvegarde corbeille "
    "viejo vieja antiguo antigua anterior borrador respaldo papelera vecchio vecchia bozza cestino "
    "velho velha antigo antiga rascunho lixeira oud oude concept reservekopie prullenbak gammal gamla utkast gammel "
    "gamle kladde vanha luonnos stary stara stare szkic kosz starý stará koncept régi piszkozat eski taslak yedek "
    "старый старая старое черновик бэкап корзина старий чернетка παλιό πρόχειρο 旧 旧版 古い 下書き 草稿 备份 備份 舊 "
    "이전 초안 백업 구버전"
)
"""Words of a version that was left behind."""
NEW = words(
    "new newer after final finalised finalized finished fixed last corrected updated current definitive "
    "neu neue neuer neues nachher endgültig endversion finale fertig korrigiert verbessert aktuell "
    "nouveau nouvelle corrigé corrigée dernier dernière définitif définitive "
    "nuevo nueva definitivo definitiva último última corregido corregida nuovo nuova corretto "
    "novo nova corrigido nieuw nieuwe definitief laatste ny nya nytt sista uusi nowy nowa ostateczny ostateczna "
    "nový nová új végleges yeni son новый новая новое финал финальный итог новий νέο τελικό "
    "新 新版 最終 最終版 最终 最终版 修正版 최종 최종본 새"
)
"""Words of a version that came later."""
NEWEST = words("newest latest neueste neuster neuste neuestes neuesten nieuwste senaste nyeste najnowszy новейший 最新")
"""Words of a version than which none is newer."""
COPY = words(
    "copy copies kopie kopien copie copia copias cópia kopia kópia kopi kopya kopio kopija kópía másolat duplicate "
    "копия копія копие αντίγραφο コピー 副本 複本 拷贝 拷貝 복사본 사본 salinan نسخة עותק"
)
"""What desktops and browsers call a second one."""
_OF = words("of von vom de di do da av af van z od от из")
_NUMBERED = words(
    "v ver vers version versions attempt try take rev revision round resubmission draft versuch fassung runde "
    "tentative essai versión intento versione tentativo versão tentativa versie poging wersja verze версия "
    "вариант попытка versjon deneme sürüm 版 バージョン 버전"
)
"""Words that make the number behind them a version's."""

_IN_BRACKETS = re.compile(r"\s*[(\[\uFF08](?P<number>[0-9]{1,3})[)\]\uFF09]\s*\Z")
_LAST_NUMBER = re.compile(r"(?P<word>[^\W_]*)\s+(?P<number>[2-9]|[1-9][0-9])\Z")
_CHUNK = re.compile(r"[^\W\d_]+|[0-9]+(?:\.[0-9]+)*")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})*")
_CJK = r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_IDEOGRAPHS = re.compile(rf"(?<={_CJK})(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?={_CJK})")
_PARTICLE = re.compile(r"(?<=[\W0-9A-Za-z_])の|の(?=コピー)")


@dataclass(frozen=True, slots=True)
class Version:
    """What a name says of its version."""

    core: tuple[str, ...]
    """The words that are left; the same for versions of each other."""
    standing: int = 0
    """Below zero for drafts and backups, above for final ones."""
    date: str = ""
    number: tuple[int, ...] = ()
    copy: int = 0

    @property
    def rank(self) -> tuple[int, str, tuple[int, ...], int]:
        """Larger is newer."""
        return self.standing, self.date, self.number, self.copy

    @property
    def marked(self) -> bool:
        return self.rank != (0, "", (), 0)


@lru_cache(maxsize=16_384)
def version_of(text: str, habit: Habit | None = None) -> Version:
    """The version that `text`, a stem or a folder's name, speaks of; with a `habit` dates may have no year."""
    date, text = found(unicodedata.normalize("NFKC", text).casefold(), habit)
    copy = 0
    if match := _IN_BRACKETS.search(text):
        copy, text = int(match["number"]), text[: match.start()]
    elif (match := _LAST_NUMBER.search(text)) and match["word"] not in _NUMBERED:
        copy, text = int(match["number"]), text[: match.end("word")]
    read = _read(text)
    return Version(read.core, read.standing, date, read.number, max(copy, read.copy))


def unmarked(text: str) -> tuple[str, ...]:
    """The words of `text` that are no mark of a version; a number at its end is a word like others."""
    return _read(found(unicodedata.normalize("NFKC", text).casefold(), None)[1]).core


def _read(text: str) -> Version:
    """What the words of `text` say."""
    standing, numbers, core, copy = 0, list[int](), list[str](), 0
    chunks = _CHUNK.findall(spaced(text))
    index = 0
    while index < len(chunks):
        chunk = chunks[index]
        following = chunks[index + 1] if index + 1 < len(chunks) else ""
        if chunk in _NUMBERED and _NUMBER.fullmatch(following):
            numbers += map(int, following.split("."))
            standing -= chunk in OLD
            index += 1
        elif chunk in OLD:
            standing -= 1
        elif chunk in NEW:
            standing += 1
        elif chunk in NEWEST:
            standing += 2
        elif chunk in COPY:
            copy = 1
            if following in _OF:
                index += 1
        else:
            core.append(chunk)
        index += 1
    return Version(tuple(core), standing, "", tuple(numbers), copy)


def spaced(text: str) -> str:
    """`text` with spaces where ideographs meet letters and numbers, which are words of their own there."""
    return _IDEOGRAPHS.sub(" ", _PARTICLE.sub(" ", text))


def joined(versions: Iterable[Version]) -> Version:
    """What the folders around a file and the file itself say together; an old folder makes all in it old."""
    parts = list(versions)
    oldest = min((part.standing for part in parts), default=0)
    return Version(
        tuple(word for part in parts for word in part.core),
        oldest if oldest < 0 else sum(part.standing for part in parts),
        next((part.date for part in reversed(parts) if part.date), ""),
        tuple(number for part in parts for number in part.number),
        max((part.copy for part in parts), default=0),
    )


def says_only_version(text: str) -> bool:
    """Whether a name is nothing but the mark of a version: ``old``, ``v2``, ``2026-03-01``."""
    version = version_of(text)
    return version.marked and not version.core
