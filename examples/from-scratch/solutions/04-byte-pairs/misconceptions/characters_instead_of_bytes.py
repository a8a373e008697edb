"""Characters are taken instead of bytes

`ord` gives a number for each character, which may be above 255. The vocabulary begins with bytes: text.encode() gives them, and a
character may have several. See “Learning” in the statement.
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
    ids = [ord(c) for c in text]
    merges = {}
    for new_id in range(256, vocabulary_size):
        pair = most_frequent_pair(ids)
        if pair is None:
            break
        ids = merge(ids, pair, new_id)
        merges[pair] = new_id
    return merges


def encode(text, merges):
    ids = [ord(c) for c in text]
    for pair, new_id in merges.items():
        ids = merge(ids, pair, new_id)
    return ids


def decode(ids, merges):
    vocab = {i: bytes([i]) for i in range(256)}
    for (a, b), new_id in merges.items():
        vocab[new_id] = vocab[a] + vocab[b]
    return b"".join(vocab[i] for i in ids).decode("latin-1")
