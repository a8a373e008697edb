from collections import Counter

def most_frequent_pair(ids):
    if len(ids) < 2:
        return None
    return Counter(zip(ids[:-1], ids[1:])).most_common(1)[0][0]

def merge(ids, pair, new_id):
    out, rest = [], iter(range(len(ids)))
    for i in rest:
        if tuple(ids[i:i + 2]) == pair:
            out.append(new_id)
            next(rest)
        else:
            out.append(ids[i])
    return out

def train(text, vocabulary_size):
    ids = [*text.encode()]
    merges = {}
    while 256 + len(merges) < vocabulary_size:
        pair = most_frequent_pair(ids)
        if not pair:
            return merges
        merges[pair] = 256 + len(merges)
        ids = merge(ids, pair, merges[pair])
    return merges

def encode(text, merges):
    ids = [*text.encode()]
    while len(ids) > 1:
        # of all pairs that are there, the one that was learned first
        pair = min(zip(ids, ids[1:]), key=lambda p: merges.get(p, float("inf")))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

def decode(ids, merges):
    halves = {n: p for p, n in merges.items()}
    def spell(i):
        return bytes((i,)) if i < 256 else spell(halves[i][0]) + spell(halves[i][1])
    return str(b"".join(map(spell, ids)), "utf-8", "replace")
