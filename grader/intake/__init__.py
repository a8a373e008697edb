"""Submissions from wherever they come: a file, a folder, a platform's download. Nothing in them is trusted.

`single.read_submission` reads one, `collect.collect_one` finds one student's answers, `collect.collect` a class's. None
of them parses what a student wrote: that happens in the room. Nothing is imported here: most commands need the model
alone, and to import all layouts takes a third of the time that `grade export` has.
"""
