"""``python -m grader``: the `grade` command, where the folder of commands is not on the search path."""

from grader.cli import main

if __name__ == "__main__":
    main()
