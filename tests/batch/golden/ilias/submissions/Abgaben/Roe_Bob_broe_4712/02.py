def total(values):
    return 0
