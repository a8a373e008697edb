import numpy as np


def read_table(path):
    table = np.genfromtxt(path, delimiter=",", names=True)
    return {name: table[name].copy() for name in table.dtype.names}


def show_means(table):
    print("\n".join("%s: %.2f" % (name, np.mean(column)) for name, column in table.items()))


_table = read_table("data/days.csv")
WARMEST_DAY = int(_table["day"][_table["temperature"].argmax()])
