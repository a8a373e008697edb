"""What the functions of this problem may be given, but for what stays in the room."""

INPUTS = {}
WITHOUT = {
    "Value": "its operators take other values",
    "value_and_gradients": "takes a function",
}
