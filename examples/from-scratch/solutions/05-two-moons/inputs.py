"""What the functions of this problem may be given, but for what stays in the room."""

from hypothesis import strategies as st

from grader.checking import tensors

INPUTS = {"column_statistics": st.integers(1, 5).flatmap(lambda rows: st.tuples(tensors(rows, 2)))}
WITHOUT = {
    "read_points": "takes a file",
    "Classifier": "its weights begin at random",
    "fit": "takes a model",
    "predict": "takes a model",
}
