"""The tables of a batch's memory, and what a directory of an earlier schema lacks."""

from __future__ import annotations

SCHEMA = 2
TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- What was handed in, as of the last intake.
-- A round is one download; of the works of several rounds, those that count are chosen.
CREATE TABLE IF NOT EXISTS rounds (round INTEGER PRIMARY KEY, source TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS students (
    place INTEGER PRIMARY KEY, record BLOB NOT NULL, round INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS notices (
    place INTEGER PRIMARY KEY, record BLOB NOT NULL, round INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS work (
    place INTEGER PRIMARY KEY, student TEXT NOT NULL, problem TEXT NOT NULL, path TEXT NOT NULL,
    content TEXT NOT NULL, grade TEXT NOT NULL, late INTEGER NOT NULL DEFAULT 0, handed_in TEXT NOT NULL DEFAULT '',
    round INTEGER NOT NULL DEFAULT 1, chosen INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS work_by_grade ON work (grade);
-- Without it, what looks for a student's other answers grows with the square of the class.
CREATE INDEX IF NOT EXISTS work_by_student ON work (student, problem);
CREATE TABLE IF NOT EXISTS contents (name TEXT PRIMARY KEY, files BLOB NOT NULL, shape BLOB NOT NULL);
-- What came of it, whether or not it is still asked for.
CREATE TABLE IF NOT EXISTS grades (key TEXT PRIMARY KEY, status TEXT NOT NULL, grade BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS faults (key TEXT PRIMARY KEY, message TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, problem TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS undrawn (path TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
"""
# Columns that a directory of the first schema lacks.
FROM_1 = (
    *(f"ALTER TABLE {table} ADD COLUMN round INTEGER NOT NULL DEFAULT 1" for table in ("students", "notices", "work")),
    "ALTER TABLE work ADD COLUMN late INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE work ADD COLUMN handed_in TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE work ADD COLUMN chosen INTEGER NOT NULL DEFAULT 1",
)
