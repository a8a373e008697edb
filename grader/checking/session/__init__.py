"""One submission before the checks: its rooms, what it may cost, what it printed, what it replied.

examination   what a check's proxies talk to: it puts questions and judges replies
exchange      a question and the reply to it, and who asks
batching      several questions in one go
lodging       the submission's rooms, one after another
budget        the time, bytes and deaths that the submission may cost
output        what it printed
transcript    the questions of a check, and the replies to them
claims        what a room says besides values, made harmless
"""
