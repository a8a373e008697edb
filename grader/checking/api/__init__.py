"""What a check may import: comparisons, the words for what lives in the room, and a picture of a window.

Authors write ``from grader.checking import …``, which looks each name up here.

compare     answers against what is expected
handles     what stands for an object in the room, or for a name of the student's
proxy       what a check holds in place of the student's module and of the room's library
expecting   the exceptions that a check expects
plots       what is drawn with matplotlib
operators   Python's own, on what stays in the room
windows     which cells of the input stand behind a wrong cell of the output
texts       where two texts part
strategies  words for inputs.py, and for it alone: they need hypothesis
"""
