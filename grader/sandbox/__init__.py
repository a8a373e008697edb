"""The locked room in which student code answers questions.

Theory of operation
===================

Processes, from the outside in. Arrows are sockets; each process was forked by the one above it.

    driver                     the `grade` command; light, never imports torch
      │  launch.Stem
      ▼
    stem                       exec'ed with a clean environment; imports torch once, knows nothing
      ├─▶ checker              trusted; loads checks and solutions *after* the fork, so that nothing
      │     │                  below the zygote ever had them in its memory
      │     │ control: open a room, close it
      │     ▼
      └─▶ zygote               confined once: ordinary uid, namespaces, private root, shared by its rooms
            ├─▶ init           process 1 of a room's process namespace: it only waits, and when it goes, the
            │                  kernel ends all that is in there with it
            └─▶ room           process 2: limits, Landlock, seccomp; then, and only then, the student's code

A room serves one submission. Two descriptors reach it: the *wire*, on which the checker asks and the room replies
(`wire`, `questions`, `replies`), and a pipe for what it prints, drained by the checker. Both ends of everything else
are closed.

Who may do what
---------------
- The checker reads the wire through a closed codec and forms every verdict. It never unpickles, evaluates or opens
  anything that came out of a room, and never parses student source.
- The zygote does what the checker says, never what a room says: it does not listen to rooms at all.
- The room may compute, read the interpreter's libraries, and write to its scratch folder. Syntax, notebooks and
  forbidden operators are looked at here, by our code, before the student's first line runs.

This package imports neither problems nor checking: that is what keeps secrets out of the zygote. The checker's entry
point is given to the stem as a name, and imported in the checker alone.
"""
