class Tokenizer:
    def __init__(self, merges=None):
        self.merges = dict(merges or {})

    def words(self):
        table = [bytes([b]) for b in range(256)]
        names = dict(enumerate(table))
        for pair in sorted(self.merges, key=self.merges.get):
            names[self.merges[pair]] = names[pair[0]] + names[pair[1]]
        return names

    @staticmethod
    def best(ids):
        counts, first = {}, {}
        for i in range(len(ids) - 1):
            p = (ids[i], ids[i + 1])
            counts[p] = counts.get(p, 0) + 1
            first.setdefault(p, i)
        return min(counts, key=lambda p: (-counts[p], first[p])) if counts else None

    @staticmethod
    def replace(ids, pair, new):
        result, skip = [], False
        for a, b in zip(ids, list(ids[1:]) + [None]):
            if skip:
                skip = False
                continue
            skip = (a, b) == pair
            result.append(new if skip else a)
        return result


def most_frequent_pair(ids):
    return Tokenizer.best(ids)

def merge(ids, pair, new_id):
    return Tokenizer.replace(ids, pair, new_id)

def train(text, vocabulary_size):
    t, ids = Tokenizer(), list(bytearray(text, "utf8"))
    for n in range(vocabulary_size - 256):
        pair = t.best(ids)
        if pair is None:
            break
        t.merges[pair] = 256 + n
        ids = t.replace(ids, pair, 256 + n)
    return t.merges

def encode(text, merges):
    ids = list(bytearray(text, "utf8"))
    for pair in sorted(merges, key=merges.get):
        ids = Tokenizer.replace(ids, pair, merges[pair])
    return ids

def decode(ids, merges):
    names = Tokenizer(merges).words()
    return bytes().join([names[i] for i in ids]).decode("utf8", "replace")
