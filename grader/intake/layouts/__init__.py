"""How platforms arrange a class's submissions: one module each, with `recognises` and `sort`."""
