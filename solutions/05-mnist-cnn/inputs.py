"""No function of this problem has an input that is told in a line.

What is asked of the network, and of the functions that train and read it, is 149,798 parameters or a training run; a
loader is an object that is read in the room, batch by batch. Its checks show what can be shown: losses, accuracies,
confusions.
"""

WITHOUT = {
    "CNNClassifier": "its answer depends on 149,798 random parameters",
    "make_loader": "what it returns is no value, and is read batch by batch",
    "train": "takes a network and a loader",
    "predict": "takes a network",
    "evaluate": "takes a network and a loader",
}
