"""torchgrade: grade deep-learning exercises without ever letting a student's code meet an answer."""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """What `%load_ext grader` calls; see grader.notebook.extension."""
    from grader.notebook import extension

    extension.load(shell)


def unload_ipython_extension(shell: object) -> None:
    """What `%unload_ext grader` calls."""
    from grader.notebook import extension

    extension.unload(shell)
