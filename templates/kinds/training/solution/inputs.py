"""What the functions of this problem may be given, but for what stays in the room."""

INPUTS = {}
WITHOUT = {"read_table": "takes a file", "fit": "takes a model"}
