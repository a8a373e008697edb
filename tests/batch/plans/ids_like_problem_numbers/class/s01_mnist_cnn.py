class CNNClassifier:
    pass


def make_loader(*args):
    return None


def train(*args):
    return None


def predict(*args):
    return None


def evaluate(*args):
    return None


def evaluation_mode(*args):
    return None
