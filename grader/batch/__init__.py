"""A class of a thousand, graded in one command that may be killed at any moment and goes on where it was.

Theory of operation
===================

    collect      intake, in a process of its own: what was handed in, matched to problems, into the store
    grade        what the store lacks, by an executor (`executors`): threads of the driver, one for each bench. Torch is
                 imported once, or not at all where there is nothing to do
    publish      results.jsonl, scores.csv, pages, the class page: in a process of its own, from the store alone

What a student made is read, drawn and compared item by item, in a process that may die over it (`contained`): a
student's files, the shape of an answer, a page, a row (`outlines`), a problem's likenesses. What such a process hands
on is bounded. Where nothing comes of an item, its student has a notice, and the others have their turn.

The driver is the process of the command. It never holds more than the submissions that are under way, whatever the
size of the class: what needs a whole class in memory runs aside, in a forked process that ends with its task (`aside`).

Who writes what
---------------
- The store (`store`) is one SQLite file in the batch's directory, written by one process at a time. A grade is in it or
  not; there is no third state that a kill could leave. Files beside it are made from it, each replaced in one step.
- A lock file (`lock`) keeps a second command out of the same directory. The kernel lets go of it when its holder dies.
- Workers write nothing. A worker that dies is replaced and its submission tried once more; after that the store notes a
  fault of the grader's, which is no grade, is listed, and is tried again by the next run.

A grade's key (`keys`) is everything that the grade depends on: the submission's content, the problem's files,
the grader's own sources, the libraries, and the images. So a changed submission or check regrades what it touches,
and two students who handed in the same file have the same grade.
"""

from grader.batch.model import Attempts, Batch, Graded, Planned, Summary, Watcher
from grader.batch.run import run_batch

__all__ = ["Attempts", "Batch", "Graded", "Planned", "Summary", "Watcher", "run_batch"]
