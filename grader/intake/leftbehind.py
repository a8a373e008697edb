"""What tools leave beside people's files: environments of libraries, trash, caches. Nobody hands it in on purpose.

An environment is known by its shape: a ``pyvenv.cfg``, a folder ``site-packages`` or ``node_modules``. One notice
stands for everything in it. Caches and a repository's own files get none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.intake.folding import words

_SILENT = words(
    "__pycache__ .git .github .ipynb_checkpoints .idea .vscode .mypy_cache .pytest_cache .ruff_cache .svn .hg "
    ".virtual_documents .cache"
)
_TOLD = {
    **dict.fromkeys(words("__MACOSX @eaDir .AppleDouble"), "holds what a computer adds of its own to files"),
    **dict.fromkeys(words("$RECYCLE.BIN .Trash .Trashes RECYCLER .Trash-1000"), "is a trash folder"),
    **dict.fromkeys(words(".venv node_modules .tox .conda"), "is an environment of libraries"),
}
_SILENT_FILES = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitattributes", ".gitkeep"))
_PACKAGES = frozenset(("site-packages", "dist-packages"))
_WITHIN = words("lib lib64 Lib")
ENVIRONMENT = "is an environment of libraries"
_OF_ENVIRONMENTS = words("lib lib64 Lib bin Scripts include Include share etc conda-meta pkgs")
_MARKS = frozenset(("pyvenv.cfg", "conda-meta"))


def is_silent(parts: Iterable[str]) -> bool:
    """Whether a path needs no notice."""
    *folders, name = parts
    return (
        any(folder in _SILENT for folder in folders)
        or name in _SILENT
        or name in _SILENT_FILES
        or name.startswith("._")
    )


def told_root(parts: Sequence[str]) -> tuple[tuple[str, ...], str] | None:
    """The outermost folder on a path that nobody handed in on purpose, and what it is."""
    for index, part in enumerate(parts):
        if part in _TOLD:
            return tuple(parts[: index + 1]), _TOLD[part]
        if part in _PACKAGES:
            root = index
            while root and (parts[root - 1] in _WITHIN or parts[root - 1].startswith("python")):
                root -= 1
            return tuple(parts[: root + 1]), ENVIRONMENT
    return None


def marked_root(parts: Sequence[str]) -> tuple[str, ...] | None:
    """The folder that a file says to be an environment."""
    return next((tuple(parts[:index]) for index, part in enumerate(parts) if part in _MARKS), None)


def is_of_environment(parts: Sequence[str]) -> bool:
    """Whether a path below an environment's root lies in one of its own folders."""
    return len(parts) > 1 and parts[0] in _OF_ENVIRONMENTS


def parts_of_environment(root: tuple[str, ...], alone: bool) -> set[tuple[str, ...]]:
    """The folders to leave out: all of an environment, or its own folders where somebody's code lies beside them."""
    return {root} if alone else {(*root, folder) for folder in _OF_ENVIRONMENTS}
