"""Names of any code page, as archives hold them without saying which."""

from __future__ import annotations

import pytest

from grader.intake.zipnames import likely_encoding

PACKED = {
    "gb18030": ["张伟/02.py", "李娜/02.py", "王芳/作业.py"],
    "cp932": ["田中太郎/02.py", "佐藤花子/課題1.py", "山田/コピー.py"],
    "cp949": ["김철수/02.py", "이영희/과제.py", "박민준/1.py"],
    "big5": ["陳大文/02.py", "黃小明/作業.py"],
    "cp437": ["Müller_Anna/02.py", "Jürgen Groß/01.py", "René/x.py", "Åsa/1.py"],
    "cp850": ["João/02.py", "Françoise/1.py", "São/1.py"],
    "cp866": ["Иван Петров/02.py", "Ольга Смирнова/задача.py"],
    "cp1251": ["Иван Петров/02.py", "Ольга Смирнова/задача.py"],
    "cp1252": ["Müller_Anna/02.py", "João/1.py", "René/2.py"],
    "utf-8": ["Müller/1.py", "张伟/2.py"],
}


@pytest.mark.parametrize("encoding", PACKED)
def test_the_encoding_of_an_archive_is_found(encoding: str) -> None:
    for names in (PACKED[encoding], PACKED[encoding][:1], PACKED[encoding][1:]):
        packed = [name.encode(encoding) for name in names]
        found = likely_encoding(packed)
        assert [name.decode(found) for name in packed] == names
