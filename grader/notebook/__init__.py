"""Notebooks, from both ends: written from a problem, and graded from inside.

    from_problem.py  a problem as a notebook: `grade start --notebook`
    extension.py     `%load_ext grader`, then `%grade 02`
    history.py       the cells that a kernel has run so far, as a submission
    inline.py        a report's page in the output of a cell

How a notebook becomes code is the room's business: see grader/sandbox/loading.
"""
