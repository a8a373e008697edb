"""The instructor's desk: a batch's results as pages on this machine.

    browser ── http, loopback ──▶ guard ──▶ app ──▶ classroom    what the store holds, read again when it has changed
                                             ├────▶ drawing      code, passages, pages: in processes that may die of it
                                             ├────▶ asking       hidden checks asked again, for staff to read
                                             └────▶ commands     whatever changes anything is the `grade` command itself

The desk holds nothing of its own: what is on it is in the batch's directory, and what it does any terminal can do.
"""
