"""Ends the process with success while it is loaded.

stopped_by = ["process-boundary"]
status = "crashed"
at_most = 0
says = ["the process ended while it was loaded"]
"""

import os

os._exit(0)
