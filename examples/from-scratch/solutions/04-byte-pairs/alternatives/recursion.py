def most_frequent_pair(ids):
    pairs = [(ids[i], ids[i + 1]) for i in range(len(ids) - 1)]
    best, most = None, 0
    for p in pairs:
        n = pairs.count(p)
        if n > most:
            best, most = p, n
    return best

def merge(ids, pair, new_id):
    for i in range(len(ids) - 1):
        if ids[i] == pair[0] and ids[i + 1] == pair[1]:
            return ids[:i] + [new_id] + merge(ids[i + 2:], pair, new_id)
    return list(ids)

def train(text, vocabulary_size):
    def learn(ids, new):
        pair = most_frequent_pair(ids) if new < vocabulary_size else None
        if pair is None:
            return {}
        return {pair: new, **learn(merge(ids, pair, new), new + 1)}
    return learn(list(text.encode("utf-8")), 256)

def encode(text, merges):
    ids = list(text.encode("utf-8"))
    for pair in merges:
        ids = merge(ids, pair, merges[pair])
    return ids

def decode(ids, merges):
    inverse = dict(map(reversed, merges.items()))
    while any(i > 255 for i in ids):
        ids = [part for i in ids for part in (inverse[i] if i > 255 else (i,))]
    return bytes(ids).decode("utf-8", "replace")
