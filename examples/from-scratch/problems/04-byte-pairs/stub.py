"""Byte pair encoding: a vocabulary that is learned by merging neighbours."""


def most_frequent_pair(ids: list[int]) -> tuple[int, int] | None:
    """Find the pair of neighbours that occurs most often; of several, the one that occurs first.

    None where there is no pair.
    """
    # TODO: count the pairs (zip the list with itself, one further), and mind who wins a tie.
    raise NotImplementedError


def merge(ids: list[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Replace each occurrence of the pair by the new id, from left to right; the list that is given stays as it is."""
    # TODO: walk through the list; where the pair begins, take the new id and step over both.
    raise NotImplementedError


def train(text: str, vocabulary_size: int) -> dict[tuple[int, int], int]:
    """Learn merges from the UTF-8 bytes of a text: pair -> its id, in the order learned, from 256 on.

    It ends with `vocabulary_size` ids, the 256 bytes included, or where no pair is left.
    """
    # TODO: begin with list(text.encode()); find a pair, merge it, and go on with the result.
    raise NotImplementedError


def encode(text: str, merges: dict[tuple[int, int], int]) -> list[int]:
    """Turn a text into ids: its UTF-8 bytes, merged in the order in which the merges were learned."""
    # TODO: which merge comes first, where several would fit?
    raise NotImplementedError


def decode(ids: list[int], merges: dict[tuple[int, int], int]) -> str:
    """Turn ids back into text; bytes that are no UTF-8 become the replacement character U+FFFD."""
    # TODO: each id stands for some bytes; those of a merge are the bytes of its two halves.
    raise NotImplementedError
