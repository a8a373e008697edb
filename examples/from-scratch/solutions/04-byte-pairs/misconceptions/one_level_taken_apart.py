"""Decoding takes a merge apart only once

A merge may hold merges. Go on until only bytes are left. See “Decoding” in the statement.
"""

def most_frequent_pair(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    if not counts:
        return None
    return max(counts, key=counts.get)


def merge(ids, pair, new_id):
    out = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            out.append(new_id)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def train(text, vocabulary_size):
    ids = list(text.encode("utf-8"))
    merges = {}
    for new_id in range(256, vocabulary_size):
        pair = most_frequent_pair(ids)
        if pair is None:
            break
        ids = merge(ids, pair, new_id)
        merges[pair] = new_id
    return merges


def encode(text, merges):
    ids = list(text.encode("utf-8"))
    for pair, new_id in merges.items():
        ids = merge(ids, pair, new_id)
    return ids


def decode(ids, merges):
    halves = {new_id: pair for pair, new_id in merges.items()}
    out = []
    for i in ids:
        out.extend(halves.get(i, (i,)))
    return bytes(i for i in out if i < 256).decode("utf-8", errors="replace")
