"""Random classes, laid out as each platform and habit does it, with what is true of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from .conftest import BY_NUMBER, code, zipped

Files = dict[str, bytes | str]

_FIRST = [
    "Anna", "Bob", "Jörg", "Zoë", "José", "François", "Łukasz", "Søren", "Çağla", "Đorđe", "Ίρις", "Иван", "Ольга",
    "张伟",     "李娜",
    "田中", "김철수", "أحمد", "דוד", "Nguyễn", "Jean-Luc", "O'Neil", "María", "Ann", "Al", "Li", "Jo",
    "Max", "New", "Mai",
]  # fmt: skip
_LAST = [
    "Müller", "Doe", "Smith", "Nguyễn", "Петров", "王", "佐藤", "이", "Øst", "van-Dyk", "d'Arc", "Lee", "Ünal", "Ng",
    "Test",     "Page", "Final-Day", "Stone", "Roe", "Kim",
]  # fmt: skip
_WORDS = [
    "Copy", "Main", "New", "Old", "Task", "Lab", "Final", "Solution", "Attempt", "Blatt", "Week", "Submission",
    "Homework", "Answer", "Notebook", "Work", "Ex", "Neu", "Alt", "Part", "Sheet", "Version", "Draft", "Maxpool",
    "Übung", "V2",
]  # fmt: skip
"""Surnames, or words for what is handed in, for versions and for problems."""


@dataclass
class Class:
    """Who handed in what."""

    students: list[str]
    work: dict[tuple[str, str], str]
    """(student, problem's number) -> the content that counts."""
    older: dict[tuple[str, str], str] = field(default_factory=dict)
    """Versions that must not be taken."""


def a_class(rng: random.Random) -> Class:
    """A class of people, near-twins, teams or ids; or of people whose names are words for files."""
    students = _names(rng)
    numbers = rng.sample(sorted(BY_NUMBER), rng.randint(1, len(BY_NUMBER)))
    work, older = {}, {}
    for student in students:
        own = [number for number in numbers if rng.random() < 0.9] or numbers[:1]
        for number in own:
            work[student, number] = code(number, f"{student!r} {number} new")
            if rng.random() < 0.15:
                older[student, number] = code(number, f"{student!r} {number} old")
    return Class(students, work, older)


def _names(rng: random.Random) -> list[str]:
    kind = rng.choice(["people", "people", "twins", "team", "ids", "logins", "numbered", "words", "marked"])
    count = rng.randint(3, 9)
    if kind == "team":
        word = rng.choice(["team_", "Group ", "Gruppe-", "team"])
        return [f"{word}{number}" for number in rng.sample(range(1, 15), count)]
    if kind == "ids":
        form = rng.choice(["s{:02}", "a{:02}", "s{:07}", "{:06}", "u{}"])
        return [form.format(number) for number in rng.sample(range(1, 40), count)]
    if kind == "logins":
        return [f"{rng.choice('abcdefg')}{rng.choice(['doe', 'smith', 'lee'])}{n}" for n in range(count)]
    people = {f"{rng.choice(_FIRST)} {rng.choice(_LAST)}" for _ in range(count)}
    if kind == "words":
        gap = rng.choice(" _-.")
        people = {_with_a_word(rng, gap) if rng.random() < 0.6 else name.replace(" ", gap) for name in people}
    if kind == "marked":
        for name in list(people)[:2]:
            word = rng.choice(_WORDS).lower()
            people.add(rng.choice([f"{name}_{word}", f"{word}_{name}", f"{name} - {word}", f"{name} {word}"]))
    if kind == "twins":
        for name in list(people)[:2]:
            people.add(
                rng.choice([name.lower(), name.replace(" ", "_"), name.replace(" ", "."), name.replace(" ", "-")])
            )
    if kind == "numbered":
        for name in list(people)[:2]:
            people.add(f"{name} {rng.randint(2, 9)}")
    return sorted(people)


def _with_a_word(rng: random.Random, gap: str) -> str:
    first, last, word = rng.choice(_FIRST), rng.choice(_LAST), rng.choice(_WORDS)
    forms = [(first, word), (word, last), (first, word, last), (word.lower(), "under", "no", last), (word,), (first,)]
    return gap.join(rng.choice(forms))


def _file(rng: random.Random, number: str) -> str:
    slug = BY_NUMBER[number].slug
    return rng.choice(
        [f"{number}.py", f"{slug}.py", f"hw{int(number)}.py", f"{slug[3:].replace('-', '_')}.py", f"ex_{number}.py"]
    )


def _own_files(rng: random.Random, given: Class, student: str) -> Files:
    """A student's folder."""
    files: Files = {}
    deep = rng.random() < 0.2
    for (who, number), content in given.work.items():
        if who != student:
            continue
        name = _file(rng, number)
        place = f"{BY_NUMBER[number].slug}/" if deep else ""
        stem = name.removesuffix(".py")
        if (who, number) in given.older:
            new, old = rng.choice([
                (f"{stem}.py", f"{stem}_old.py"), (f"{stem}_v2.py", f"{stem}_v1.py"), (f"{stem} (1).py", f"{stem}.py"),
                (f"{stem}_final.py", f"draft_{stem}.py"), (f"{stem} - Kopie.py", f"{stem}.py"),
                (f"new/{stem}.py", f"old/{stem}.py"), (f"{stem}_2026-03-02.py", f"{stem}_2026-02-28.py"),
            ])  # fmt: skip
            files[place + new], files[place + old] = content, given.older[who, number]
        else:
            files[place + name] = content
    return files


def folders(rng: random.Random, given: Class) -> Files:
    around = rng.choice(["", "submissions/", "Abgaben/"])
    return {f"{around}{s}/{name}": text for s in given.students for name, text in _own_files(rng, given, s).items()}


def zips(rng: random.Random, given: Class) -> Files:
    return {f"{student}.zip": zipped(_own_files(rng, given, student)) for student in given.students}


def plain(rng: random.Random, given: Class) -> Files:
    form = rng.choice(
        ["{s}_{slug}", "{s}_{n}", "{n}_{s}", "{slug}_{s}", "{s} {slug}", "{s}-hw{i}", "{s}_{under}", "{s}_{wide}"]
    )
    files: Files = {}
    for (student, number), content in given.work.items():
        slug = BY_NUMBER[number].slug
        wide = number.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        name = form.format(s=student, n=number, i=int(number), slug=slug, under=slug[3:].replace("-", "_"), wide=wide)
        files[f"{name}.py"] = content
    return files


def problem_folders(rng: random.Random, given: Class) -> Files:
    as_files = rng.random() < 0.5
    files: Files = {}
    for (student, number), content in given.work.items():
        place = f"{BY_NUMBER[number].slug}/{student}"
        files[f"{place}.py" if as_files else f"{place}/answer.py"] = content
    if rng.random() < 0.2:
        files["old/somebody/answer.py"] = "x = 1"
    return files


def sections(rng: random.Random, given: Class) -> Files:
    names = rng.choice([("Tutorial A", "Tutorial B"), ("Section 1", "Section 2"), ("Mon 10am", "Tue 2pm")])
    where = {student: names[index % 2] for index, student in enumerate(given.students)}
    return {
        f"{where[student]}/{student}/{name}": text
        for student in given.students
        for name, text in _own_files(rng, given, student).items()
    }


def _per_problem(given: Class) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for (student, number), content in given.work.items():
        found.setdefault(number, []).append((student, content))
    return found


def moodle(rng: random.Random, given: Class) -> Files:
    flat = rng.random() < 0.3
    files: Files = {}
    for number, own in _per_problem(given).items():
        ids = rng.sample(range(1000, 9999), len(own))
        for (student, content), uid in zip(own, ids, strict=True):
            place = f"DL101-{BY_NUMBER[number].title}-{4700 + int(number)}/{student}_{uid}_assignsubmission_file"
            files[f"{place}_a.py" if flat else f"{place}/a.py"] = content
    return files


def canvas(rng: random.Random, given: Class) -> Files:
    ids = dict(zip(given.students, rng.sample(range(100, 99_999), len(given.students)), strict=True))
    names = {s: "".join(c for c in s.lower() if c.isalnum()) or "x" for s in given.students}
    numbers = iter(rng.sample(range(100_000, 999_999), len(given.work) + len(given.older)))
    files: Files = {}
    for (student, number), content in given.work.items():
        begin = f"{names[student]}_{rng.choice(['', 'LATE_'])}{ids[student]}"
        if (student, number) in given.older:
            first, second = sorted((next(numbers), next(numbers)))
            files[f"{begin}_{first}_{number}.py"] = given.older[student, number]
            files[f"{begin}_{second}_{number}-1.py"] = content
        else:
            files[f"{begin}_{next(numbers)}_{number}.py"] = content
    return files


def canvas_quiz(rng: random.Random, given: Class) -> Files:
    ids = dict(zip(given.students, rng.sample(range(10_000, 99_999), len(given.students)), strict=True))
    numbers = iter(rng.sample(range(100_000, 999_999), len(given.work)))
    return {
        f"doe_jane{ids[student]}_question_{int(number)}_{next(numbers)}_{_file(rng, number)}": content
        for (student, number), content in given.work.items()
    }


def gradescope(rng: random.Random, given: Class) -> Files:
    import yaml

    files: Files = {}
    metadata = {}
    for index, student in enumerate(given.students):
        folder = f"submission_{1000 + index}"
        people = [{":name": student, ":sid": f"00{index}", ":email": f"{index}@x.edu"}]
        metadata[folder] = {":submitters": people, ":created_at": "2026-02-20 10:11:12 Z"}
        own = _own_files(rng, given, student)
        files |= {f"assignment_8_export/{folder}/{name}": text for name, text in own.items()}
    files["assignment_8_export/submission_metadata.yml"] = yaml.safe_dump(metadata, allow_unicode=True)
    return files


def blackboard(rng: random.Random, given: Class) -> Files:
    users = {student: f"user{index}" for index, student in enumerate(given.students)}
    files: Files = {}
    for number, own in _per_problem(given).items():
        title = rng.choice([f"Homework {number}", f"HW_{number}", BY_NUMBER[number].title])
        for student, content in own:
            begin = f"gradebook_{number}/{title}_{users[student]}_attempt_2026-03-0"
            whose = f"Name: {student} ({users[student]})\nAssignment: {title}\n"
            files |= {f"{begin}3-08-00-00.txt": whose, f"{begin}3-08-00-00_a b_{number}.py": content}
            if (student, number) in given.older:
                old = given.older[student, number]
                files |= {f"{begin}1-08-00-00.txt": whose, f"{begin}1-08-00-00_z.py": old}
    return files


def brightspace(rng: random.Random, given: Class) -> Files:
    ids = dict(zip(given.students, rng.sample(range(100_000, 999_999), len(given.students)), strict=True))
    flat = rng.random() < 0.3
    files: Files = {}
    for number, own in _per_problem(given).items():
        for student, content in own:
            begin = f"HW {number} Download Mar 5, 2026 912 AM/{ids[student]}-7890{number} - {student} - Mar "
            gap = " - " if flat else "/"
            files[f"{begin}3, 2026 1212 AM{gap}x.py"] = content
            if (student, number) in given.older:
                files[f"{begin}2, 2026 1159 PM{gap}x.py"] = given.older[student, number]
        files[f"HW {number} Download Mar 5, 2026 912 AM/index.html"] = "<html></html>"
    return files


def sakai(rng: random.Random, given: Class) -> Files:
    users = {student: f"eid{index}" for index, student in enumerate(given.students)}
    files: Files = {}
    for number, own in _per_problem(given).items():
        for student, content in own:
            folder = f"{BY_NUMBER[number].title}/{student.replace(' ', ', ', 1)}({users[student]})"
            files[f"{folder}/Submission attachment(s)/x.py"] = content
            files[f"{folder}/timestamp.txt"] = "20260301123000000"
        files[f"{BY_NUMBER[number].title}/grades.csv"] = "Display ID,ID\n"
    return files


def teams(rng: random.Random, given: Class) -> Files:
    files: Files = {}
    for (student, number), content in given.work.items():
        folder = f"Submitted files/{student}/HW {number}"
        old = given.older.get((student, number))
        files[f"{folder}/Version {2 if old else 1}/x.py"] = content
        if old:
            files[f"{folder}/Version 1/x.py"] = old
    return files


def ilias(rng: random.Random, given: Class) -> Files:
    files: Files = {}
    for index, student in enumerate(given.students):
        folder = f"Abgaben/{student.replace('_', '-').replace(' ', '_')}_x_login{index}_{4000 + index}"
        files |= {f"{folder}/{name}": text for name, text in _own_files(rng, given, student).items()}
    return files


def classroom(rng: random.Random, given: Class) -> Files:
    logins = {student: f"user-{index}" for index, student in enumerate(given.students)}
    files: Files = {}
    for number, own in _per_problem(given).items():
        tail = BY_NUMBER[number].slug[3:]
        for student, content in own:
            files[f"{tail}-submissions/{tail}-{logins[student]}/x.py"] = content
            files[f"{tail}-submissions/{tail}-{logins[student]}/.git/HEAD"] = "ref"
    return files


def github_zips(rng: random.Random, given: Class) -> Files:
    end = rng.choice(["main", "master", "0123456789abcdef0123456789abcdef01234567"])
    return {
        f"hw-user{index}-{end}.zip": zipped(
            {f"hw-user{index}-{end}/{n}": t for n, t in _own_files(rng, given, s).items()}
        )
        for index, s in enumerate(given.students)
    }


def rounds(rng: random.Random, given: Class) -> Files:
    files: Files = {}
    for (student, number), content in given.work.items():
        old = given.older.get((student, number))
        files[f"Round 2/{student}/{number}.py"] = content
        if old:
            files[f"Round 1/{student}/{number}.py"] = old
        else:
            files[f"Round 1/{student}/notes.txt"] = "x"
    return files


WAYS: dict[str, Callable[[random.Random, Class], Files]] = {
    "blackboard": blackboard,
    "brightspace": brightspace,
    "canvas": canvas,
    "canvas-quiz": canvas_quiz,
    "classroom": classroom,
    "folders": folders,
    "github-zips": github_zips,
    "gradescope": gradescope,
    "ilias": ilias,
    "moodle": moodle,
    "plain": plain,
    "problem-folders": problem_folders,
    "rounds": rounds,
    "sakai": sakai,
    "sections": sections,
    "teams": teams,
    "zips": zips,
}

BY_FOLDER = ("folders", "problem-folders", "rounds", "sections", "zips")
"""Where a folder's or an archive's name is the student's, whole."""
