"""The smallest counterexample: an input on which an answer is wrong, for who is told of hidden checks alone.

A problem's ``solutions/NN-slug/inputs.py`` says what its functions may be given, as hypothesis strategies. When a
submission fails nothing but hidden checks, inputs are made of these, the small ones first, and put to the submission;
the first that it answers wrongly is shrunk, and shown like a public check.

What is shown has nothing of a hidden check in it. The inputs are made from a fixed seed and the strategies alone, and
what a hidden check asks is left out. They are put to a room of their own, which never saw a check: in the room of the
checks a submission could have kept what it was asked, and say it here.

A recognised misconception that no failed public check shows has its own example, the witness: an input on which the
misconception's file is wrong, and the submission in just that way. Witnesses are found once, by `grade verify`, and
kept beside the solution.

inputs      inputs.py as data, and calls in the form in which they are made and told
generating  values of a strategy, small first, and shrunk: the one module that drives hypothesis
own_room    a submission in a room of its own, asked within a second
differing   whether an answer is another than the reference's, beyond any rounding
search      from a submission to its smallest counterexample
asked       what hidden checks ask, to be left out
witnesses   those of the misconceptions, and the file that keeps them
agreement   what `grade verify` finds out by the same strategies
"""
