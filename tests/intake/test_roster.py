"""The class list: names for numbers, and who handed in nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake.collect import collect
from grader.intake.model import Student
from grader.intake.roster import RosterRow, read_roster

from .conftest import COURSE, code, reasons, said, write_tree

HEADINGS = {
    "plain": ("id,name\n7,Ann Lee\n", RosterRow("7", "Ann Lee")),
    "byte-order-mark": ("\ufeffid,name\n7,Ann Lee\n", RosterRow("7", "Ann Lee")),
    "semicolons": ("Student ID;Full Name\r\n7;Ann Lee\r\n", RosterRow("7", "Ann Lee")),
    "tabs": ("ID\tNAME\n7\tAnn Lee", RosterRow("7", "Ann Lee")),
    "extra-columns": ("group,name,id\nA,Ann Lee,7\n", RosterRow("7", "Ann Lee")),
    "first-and-last": ("id,First Name,Last Name\n7,Ann,Lee\n", RosterRow("7", "Ann Lee")),
    "german": (
        "Matrikelnummer;Vorname;Nachname;E-Mail-Adresse\n7;Ann;Lee;a@x.de\n",
        RosterRow("7", "Ann Lee", "a@x.de"),
    ),
    "no-heading": ("7,Ann Lee\n8,Bob\n", RosterRow("7", "Ann Lee")),
    "one-column": ("7\n8\n", RosterRow("7", "")),
    "last-name-first": ('id,name\n7,"Lee, Ann"\n', RosterRow("7", "Ann Lee")),
    "student-is-the-id": ("student,email\nann,a@x.de\n", RosterRow("a@x.de", "ann", "a@x.de")),
    "canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n"
        "    Points Possible,,,,,10\n"
        '"Lee, Ann",7,S7,alee,A,\n',
        RosterRow("7", "Ann Lee", "", "alee", "S7", "A"),
    ),
    "moodle": (
        "Identifier,Full name,Email address,Status\nParticipant 7,Ann Lee,a@x.de,No submission\n",
        RosterRow("Participant 7", "Ann Lee", "a@x.de"),
    ),
    "moodle-spanish": (
        "\ufeffNombre,Apellido(s),Nombre de usuario,Dirección de correo\nJane,Doe,jdoe,jane@x.es\n",
        RosterRow("jdoe", "Jane Doe", "jane@x.es", "jdoe"),
    ),
    "moodle-french": (
        "Prénom,Nom de famille,Nom d'utilisateur,Numéro d'identification,Adresse de courriel\n"
        "Jane,Doe,jdoe,04711,jane@x.fr\n",
        RosterRow("jdoe", "Jane Doe", "jane@x.fr", "jdoe", "04711"),
    ),
    "moodle-french-short": (
        "Prénom,Nom,Adresse de courriel\nJane,Doe,j@x.fr\n",
        RosterRow("j@x.fr", "Jane Doe", "j@x.fr"),
    ),
    "moodle-catalan": (
        "Nom,Cognoms,Adreça electrònica\nJane,Doe,j@x.cat\n",
        RosterRow("j@x.cat", "Jane Doe", "j@x.cat"),
    ),
    "moodle-slovene": (
        "Ime,Priimek,Naslov e-pošte\nJane,Doe,j@x.si\n",
        RosterRow("j@x.si", "Jane Doe", "j@x.si"),
    ),
    "moodle-vietnamese": (
        "Tên đệm và tên,Họ,Thư điện tử\nThị Mai,Nguyễn,m@x.vn\n",
        RosterRow("m@x.vn", "Thị Mai Nguyễn", "m@x.vn"),
    ),
    "moodle-italian": (
        "Nome,Cognome,Codice identificativo,Indirizzo email\nJane,Doe,007,j@x.it\n",
        RosterRow("j@x.it", "Jane Doe", "j@x.it", "", "007"),
    ),
    "moodle-dutch": (
        "Voornaam;Achternaam;Gebruikersnaam;E-mailadres\nJane;Doe;jdoe;j@x.nl\n",
        RosterRow("jdoe", "Jane Doe", "j@x.nl", "jdoe"),
    ),
    "moodle-bulgarian": (
        "Име,Фамилия,Имейл адрес\nЯна,Дое,j@x.bg\n",
        RosterRow("j@x.bg", "Яна Дое", "j@x.bg"),
    ),
    "moodle-serbian": (
        "Име,Презиме,Адреса е-поште\nЈана,Дое,j@x.rs\n",
        RosterRow("j@x.rs", "Јана Дое", "j@x.rs"),
    ),
    "moodle-lithuanian-worksheet": (
        "Identifikatorius,Vardas,Pavardė,El. pašto adresas\nDalyvis7,Jana,Doe,j@x.lt\n",
        RosterRow("Dalyvis7", "Jana Doe", "j@x.lt"),
    ),
    "moodle-persian": (
        "نام,نام خانوادگی,آدرس پست الکترونیک\nAnn,Lee,a@x.ir\n",
        RosterRow("a@x.ir", "Ann Lee", "a@x.ir"),
    ),
    "moodle-galician": (
        "Nome,Apelido,Número ID,Enderezo de correo\nAnn,Lee,007,a@x.gal\n",
        RosterRow("a@x.gal", "Ann Lee", "a@x.gal", "", "007"),
    ),
    "moodle-romanian-number": (
        "Prenume,Nume,Număr identificare,Adresă email\nAnn,Lee,007,a@x.ro\n",
        RosterRow("a@x.ro", "Ann Lee", "a@x.ro", "", "007"),
    ),
    "moodle-portuguese-number": (
        "Nome,Apelido,Número de identificação (ID),Endereço de e-mail\nAnn,Lee,007,a@x.pt\n",
        RosterRow("a@x.pt", "Ann Lee", "a@x.pt", "", "007"),
    ),
    "moodle-german-worksheet": (
        "ID;Vollständiger Name;E-Mail-Adresse;Status\nTeilnehmer/in7;Ann Lee;a@x.de;\n",
        RosterRow("Teilnehmer/in7", "Ann Lee", "a@x.de"),
    ),
    "canvas-two-names": (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section\nLee,Ann,7,S7,alee,A\n",
        RosterRow("7", "Ann Lee", "", "alee", "S7", "A"),
    ),
    "moodle-ukrainian": (
        "Ім’я,Прізвище,ID номер,Електронна пошта\nОлена,Шевченко,0042,o@x.ua\n",
        RosterRow("o@x.ua", "Олена Шевченко", "o@x.ua", "", "0042"),
    ),
    "moodle-polish": (
        "Imię,Nazwisko,Numer ID,Adres e-mail\nZofia,Żak,12,z@x.pl\n",
        RosterRow("z@x.pl", "Zofia Żak", "z@x.pl", "", "12"),
    ),
    "moodle-portuguese": (
        "Nome,Sobrenome,Número de identificação,Endereço de email\nJoão,Sá,9,j@x.br\n",
        RosterRow("j@x.br", "João Sá", "j@x.br", "", "9"),
    ),
    "moodle-japanese": (
        "姓,名,IDナンバー,メールアドレス\n山田,花子,010,h@x.jp\n",
        RosterRow("h@x.jp", "花子 山田", "h@x.jp", "", "010"),
    ),
    "moodle-chinese": ("学号,姓名,电子邮件地址\n0101,王伟,w@x.cn\n", RosterRow("0101", "王伟", "w@x.cn")),
    "moodle-turkish": (
        "Adı,Soyadı,Kullanıcı adı,E-posta adresi\nIşıl,Çelik,icelik,i@x.tr\n",
        RosterRow("icelik", "Işıl Çelik", "i@x.tr", "icelik"),
    ),
    "moodle-russian": (
        "Фамилия,Имя,Логин,Адрес электронной почты\nЛебедев,Пётр,plebed,p@x.ru\n",
        RosterRow("plebed", "Пётр Лебедев", "p@x.ru", "plebed"),
    ),
    "moodle-worksheet-german": (
        "ID,Vollständiger Name,E-Mail-Adresse,Status\nTeilnehmer/in77,Ann Lee,a@x.de,x\n",
        RosterRow("Teilnehmer/in77", "Ann Lee", "a@x.de"),
    ),
    "german-name-is-the-last-name": ("Name;Vorname;Matrikelnummer\nLee;Ann;0815\n", RosterRow("0815", "Ann Lee")),
    "headings-without-accents": ("Prenom,Nom,Courriel\nZoe,Roe,z@x.fr\n", RosterRow("z@x.fr", "Zoe Roe", "z@x.fr")),
    "canvas-spanish": (
        "Estudiante,ID,ID de usuario del SIS,ID de inicio de sesión del SIS,Sección,HW (1)\n"
        "    Puntos posibles,,,,,10\n"
        '"Lee, Ann",7,S7,alee,A,\n',
        RosterRow("7", "Ann Lee", "", "alee", "S7", "A"),
    ),
    "gradescope": (
        "First Name,Last Name,SID,Email,Role\nAnn,Lee,007,a@x.edu,Student\n",
        RosterRow("007", "Ann Lee", "a@x.edu"),
    ),
    "one-name-column-of-the-platform": ("Nombre,Correo\nAnn Lee,a@x.es\n", RosterRow("a@x.es", "Ann Lee", "a@x.es")),
    "addresses-under-an-unknown-heading": ("id,name,Qq\n7,Ann,a@x.edu\n", RosterRow("7", "Ann", "a@x.edu")),
    "unknown-headings": ("Qq,Ww,Ee\n07,Ann Lee,a@x.edu\n08,Bob Ray,b@x.edu\n", RosterRow("a@x.edu", "", "a@x.edu")),
    "unknown-headings-without-addresses": ("Qq,Ww\n07,Ann Lee\n08,Bob Ray\n", RosterRow("07", "Ann Lee")),
    "sections-and-tutors": (
        "Matrikelnummer;Name;Übungsgruppe;Tutorin\n7;Ann Lee;3;Tia\n",
        RosterRow("7", "Ann Lee", section="3", tutor="Tia"),
    ),
    "id-kept-as-text": ('id,name\n"=""007""",Ann Lee\n', RosterRow("007", "Ann Lee")),
    "classroom": (
        '"identifier","github_username","github_id","name"\n"S7","ann-lee","99",""\n',
        RosterRow("S7", "", "", "ann-lee"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "row"), HEADINGS.values(), ids=HEADINGS)
def test_headings_are_read_tolerantly(text: str, row: RosterRow) -> None:
    assert read_roster(text.encode(), "roster.csv")[0] == row


NOBODY = {
    "english": '"Student, Test",99,,3f785d53ba2c4d2cb3b2e4d2f4cdd3ad12f45a10,A\n',
    "translated": '"de prueba, Estudiante",99,,3f785d53ba2c4d2cb3b2e4d2f4cdd3ad12f45a10,A\n',
    "name-alone": "Test Student,99,,,A\n",
}


@pytest.mark.parametrize("line", NOBODY.values(), ids=NOBODY)
def test_the_test_student_of_canvas_is_nobody(line: str) -> None:
    text = f'Student,ID,SIS User ID,SIS Login ID,Section\n"Lee, Ann",7,S7,alee,A\n{line}'
    assert [row.id for row in read_roster(text.encode(), "roster.csv")] == ["7"]


def test_the_classs_own_ids_make_a_column_of_ids(tmp_path: Path) -> None:
    tree: dict[str, str | bytes] = {f"{login}/02.py": code("02") for login in ("jdoe", "asmith")}
    roster = "Qq,Ww,Ee\n3,Jane Doe,jdoe\n2,Al Smith,asmith\n1,Zoe Roe,zroe\n"
    intake = collect(write_tree(tmp_path / "class", {**tree, "roster.csv": roster}), COURSE)
    assert [(one.id, one.name) for one in intake.students] == [
        ("1", "Zoe Roe"),
        ("asmith", "Al Smith"),
        ("jdoe", "Jane Doe"),
    ]


def test_worksheets_that_were_joined_name_each_person_once(tmp_path: Path) -> None:
    tree: dict[str, str | bytes] = {f"Jane Doe_{number}_assignsubmission_file/02.py": code("02") for number in (1002,)}
    lines = [f"Participant {number},Jane Doe,j@x.de\n" for number in (2002, 3002, 1002)]
    others = [f"Participant {number},Al Smith,a@x.de\n" for number in (2001, 1001)]
    roster = "".join(["Identifier,Full name,Email address\n", *lines, *others])
    intake = collect(write_tree(tmp_path / "class", {**tree, "roster.csv": roster}), COURSE)
    assert [(one.name, one.email) for one in intake.students] == [("Jane Doe", "j@x.de"), ("Al Smith", "a@x.de")]
    assert reasons(intake) == {"roster.csv": "Al Smith handed in nothing"}


def test_a_numbering_is_no_column_of_ids(tmp_path: Path) -> None:
    tree: dict[str, str | bytes] = {f"{number}/02.py": code("02") for number in ("21", "22")}
    roster = "No,Nombre,Correo\n1,Jane,j@x.es\n2,Al,a@x.es\n"
    intake = collect(write_tree(tmp_path / "class", {**tree, "roster.csv": roster}), COURSE)
    assert [one.id for one in intake.students] == ["21", "22", "a@x.es", "j@x.es"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b'id,name\n"7,Ann'], ids=["empty", "blank", "unclosed"])
def test_no_roster_at_all(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"roster\.csv"):
        read_roster(content, "roster.csv")


MATCHES = {
    "by-id": ("7,Ann Lee", "7", Student("7", "Ann Lee")),
    "by-id-of-any-case": ("ALEE,Ann Lee", "alee", Student("alee", "Ann Lee", sis_id="ALEE")),
    "by-moodle-number": ("Participant 7,Ann Lee", "7", Student("7", "Ann Lee", sis_id="Participant 7")),
    "by-id-with-its-zeros": ("007,Ann Lee", "007", Student("007", "Ann Lee")),
    "by-name": ("7,Ann Lee", "Lee_Ann", Student("Lee_Ann", "Ann Lee", sis_id="7")),
    "by-squashed-name": ("7,Ann Mary Lee", "leeannmary", Student("leeannmary", "Ann Mary Lee", sis_id="7")),
}


@pytest.mark.parametrize(("line", "folder", "student"), MATCHES.values(), ids=MATCHES)
def test_row_is_a_students(tmp_path: Path, line: str, folder: str, student: Student) -> None:
    tree = {
        f"{folder}/02.py": code("02"),
        "zoe/02.py": code("02"),
        "roster.csv": f"id,name\n{line}\nzoe,Zoe\n",
    }
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert intake.students[0] == student
    assert intake.notices == ()


def test_sections_are_those_of_who_handed_in_and_who_did_not(tmp_path: Path) -> None:
    tree = {"ann/02.py": code("02"), "roster.csv": "id,name,section,tutor\nann,Ann Lee,A 2,Tia\nzoe,Zoe Roe,A 10,\n"}
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert [(one.section, one.tutor) for one in intake.students] == [("A 2", "Tia"), ("A 10", "")]


def test_who_handed_in_nothing_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id,name\nann,Ann Lee\nbob,Bob Ray\nbob,Bob Ray\n")
    root = write_tree(tmp_path / "class", {"ann/02.py": code("02"), "eve/02.py": code("02")})
    intake = collect(root, COURSE, roster=tmp_path / "list.csv")
    assert [(student.id, student.name) for student in intake.students] == [
        ("ann", "Ann Lee"),
        ("bob", "Bob Ray"),
        ("eve", "eve"),
    ]
    assert [(notice.kind, notice.student, notice.reason) for notice in intake.notices] == [
        ("missing", "bob", "Bob Ray handed in nothing"),
        ("note", "bob", "Bob Ray is on it twice, or could be several students"),
        ("note", "eve", "eve handed in but is not on it"),
    ]


def test_two_students_of_one_name_are_not_guessed_apart(tmp_path: Path) -> None:
    tree = {
        "leeann_7_70_02.py": code("02"),
        "leeann_8_80_02.py": code("02"),
        "roster.csv": "name,email\nAnn Lee,a@x.de\n",
    }
    intake = collect(write_tree(tmp_path / "class", tree), COURSE)
    assert [student.name for student in intake.students] == ["leeann", "leeann"]
    assert ("roster.csv", "note") in said(intake)


def test_a_namesake_who_handed_in_nothing_takes_nobodys_place(tmp_path: Path) -> None:
    tree = {"doejane_11_1001_01.py": code("01"), "roebob_12_1002_01.py": code("01")}
    (tmp_path / "roster.csv").write_text(
        "Student,ID,SIS User ID\nJane Doe,10,S10\nJane Doe,11,S11\nBob Roe,12,S12\n", encoding="utf-8"
    )
    intake = collect(write_tree(tmp_path / "class", tree), COURSE, roster=tmp_path / "roster.csv")
    assert [(student.id, student.sis_id) for student in intake.students] == [
        ("10", "S10"), ("11", "S11"), ("12", "S12")
    ]  # fmt: skip
    assert [(notice.student, str(notice.kind)) for notice in intake.notices] == [("10", "missing")]


@pytest.mark.parametrize("shared", ["1,Anna Roe,x,jane\n2,Arno Roe,x,jane\n", "1,jane,x,\n2,jane,y,\n"])
def test_what_several_rows_have_proves_nothing(shared: str, tmp_path: Path) -> None:
    tree = {"jane/01.py": code("01"), "bob/01.py": code("01")}
    (tmp_path / "roster.csv").write_text(f"id,name,section,login\n{shared}bob,Bob Ray,x,\n", encoding="utf-8")
    intake = collect(write_tree(tmp_path / "class", tree), COURSE, roster=tmp_path / "roster.csv")
    assert [(student.id, student.name) for student in intake.students] == [("bob", "Bob Ray"), ("jane", "jane")]
    assert sum("could be several" in notice.reason for notice in intake.notices) == 2


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\n")
    root = write_tree(tmp_path / "class", {"ann/02.py": code("02")})
    with pytest.raises(UsageError, match="there is no roster") as error:
        collect(root, COURSE, roster=tmp_path / "rooster.csv")
    assert "roster.csv?" in (error.value.hint or "")


def test_every_student_is_missing(tmp_path: Path) -> None:
    intake = collect(write_tree(tmp_path / "class", {"roster.csv": "id,name\n7,Ann\n8,Bob\n"}), COURSE)
    assert [student.name for student in intake.students] == ["Ann", "Bob"]
    assert reasons(intake) == {"roster.csv": "Bob handed in nothing"}
