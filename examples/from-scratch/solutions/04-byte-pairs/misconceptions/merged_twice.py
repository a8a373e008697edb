"""A number is merged with both of its neighbours

You go on by one after a merge, so that its second number can begin another pair. What has been merged is used up: go on
by two. See “Merging” in the statement.
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
    used = False
    for i in range(len(ids)):
        if tuple(ids[i:i + 2]) == tuple(pair):
            out.append(new_id)
            used = True
        elif used:
            used = False
        else:
            out.append(ids[i])
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
