"""Of pairs that occur equally often, the last wins

You replace the best pair by one that is as good (`>=`), so that the last one met wins. A tie goes to the pair that occurs
first: use `>`. See “Pairs” in the statement.
"""

def most_frequent_pair(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    if not counts:
        return None
    best = None
    for pair, count in counts.items():
        if best is None or count >= counts[best]:
            best = pair
    return best


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
    vocab = {i: bytes([i]) for i in range(256)}
    for (a, b), new_id in merges.items():
        vocab[new_id] = vocab[a] + vocab[b]
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="replace")
