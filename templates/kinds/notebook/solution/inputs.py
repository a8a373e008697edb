"""What the functions of this problem may be given. What is printed is no answer, so only reading has inputs."""

from hypothesis import strategies as st

INPUTS = {"read_table": st.just(("data/days.csv",))}
WITHOUT = {"show_means": "prints, and returns nothing"}
