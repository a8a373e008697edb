"""Byte pair encoding: a vocabulary that is learned by merging neighbours."""

import itertools
from collections import Counter


def most_frequent_pair(ids: list[int]) -> tuple[int, int] | None:
    """Find the pair of neighbours that occurs most often; of several, the one that occurs first.

    None where there is no pair.
    """
    # A counter keeps the order in which pairs were met, and max takes the first of the largest.
    counts = Counter(itertools.pairwise(ids))
    return max(counts, key=counts.__getitem__, default=None)


def merge(ids: list[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Replace each occurrence of the pair by the new id, from left to right; the list that is given stays as it is."""
    merged, position = [], 0
    while position < len(ids):
        if tuple(ids[position : position + 2]) == pair:
            merged.append(new_id)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged


def train(text: str, vocabulary_size: int) -> dict[tuple[int, int], int]:
    """Learn merges from the UTF-8 bytes of a text: pair -> its id, in the order learned, from 256 on.

    It ends with `vocabulary_size` ids, the 256 bytes included, or where no pair is left.
    """
    ids, merges = list(text.encode()), {}
    for new_id in range(256, vocabulary_size):
        pair = most_frequent_pair(ids)
        if pair is None:
            break
        ids, merges[pair] = merge(ids, pair, new_id), new_id
    return merges


def encode(text: str, merges: dict[tuple[int, int], int]) -> list[int]:
    """Turn a text into ids: its UTF-8 bytes, merged in the order in which the merges were learned."""
    ids = list(text.encode())
    for pair, new_id in sorted(merges.items(), key=lambda learned: learned[1]):
        ids = merge(ids, pair, new_id)
    return ids


def decode(ids: list[int], merges: dict[tuple[int, int], int]) -> str:
    """Turn ids back into text; bytes that are no UTF-8 become the replacement character U+FFFD."""
    meaning = {byte: bytes([byte]) for byte in range(256)}
    for (first, second), new_id in sorted(merges.items(), key=lambda learned: learned[1]):
        meaning[new_id] = meaning[first] + meaning[second]
    return b"".join(meaning[each] for each in ids).decode(errors="replace")
