"""Pairs, merges, and what is learned of them: all of it exact."""

import pytest

from grader.checking import assert_each_equal, assert_equal, fetch

RHYME = "she sells sea shells by the sea shore; the shells she sells are sea shells, I'm sure"
MANY_BYTES = "é è é è – ßßß – Äpfel, Öl, Übel, 日本日本語"


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Pairs")
@pytest.mark.hint("zip(ids, ids[1:]) gives the pairs.")
def test_the_most_frequent_pair(submission):
    """most_frequent_pair finds the pairs of the statement, and None where there is none."""
    assert_each_equal(submission.most_frequent_pair, [(1, 2), None, None], [([1, 2, 1, 2, 3],), ([8],), ([],)])


@pytest.mark.points(1)
@pytest.mark.idea("Pairs")
@pytest.mark.hint("Which pair do you return for [5, 4, 4, 5]? Neither its numbers nor its last occurrence decide.")
def test_the_first_of_equals(submission):
    """Of pairs that occur equally often, most_frequent_pair returns the one that occurs first."""
    expected = [(5, 4), (3, 9), (9, 1), (2, 8)]
    lists = [[5, 4, 4, 5], [3, 9, 1, 3, 9, 1], [9, 1, 0, 0, 9, 1, 0, 0], [0, 2, 8, 1, 2, 8, 7, 3, 7, 3]]
    assert_each_equal(submission.most_frequent_pair, expected, [(each,) for each in lists])


@pytest.mark.points(0.5)
@pytest.mark.idea("Pairs")
@pytest.mark.hint("How many neighbours are (7, 7) in 7 7 7?")
def test_pairs_that_overlap(submission):
    """most_frequent_pair counts occurrences that overlap."""
    assert_each_equal(
        submission.most_frequent_pair, [(7, 7), (4, 4)], [([1, 2, 0, 1, 2, 7, 7, 7, 7],), ([5, 6, 5, 6, 4, 4, 4, 4],)]
    )


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Merging")
@pytest.mark.hint("Every occurrence becomes one new number; all else stays.")
def test_every_occurrence_is_merged(submission):
    """merge replaces each occurrence of the pair."""
    expected = [[256, 256, 3], [0, 1], [3, 256]]
    assert_each_equal(
        submission.merge, expected, [([1, 2, 1, 2, 3], (1, 2), 256), ([0, 1], (1, 0), 256), ([3, 1, 2], (1, 2), 256)]
    )


@pytest.mark.points(1)
@pytest.mark.idea("Merging")
@pytest.mark.hint("After a merge, go on behind both of its numbers. And mind the last number of the list.")
def test_what_is_merged_is_used_up(submission, reference):
    """merge goes from left to right, and uses no number twice."""
    calls = [([7] * n, (7, 7), 300) for n in range(6)]
    calls += [([1, 1, 2, 1, 1, 1, 2], (1, 1), 9), ([2, 1, 2, 1, 2], (2, 1), 2)]
    assert_each_equal(submission.merge, [reference.merge(*call) for call in calls], calls)


@pytest.mark.points(0.5)
@pytest.mark.idea("Merging")
@pytest.mark.hint("Is the list that you give back a new one?")
def test_the_list_is_left_alone(submission, library):
    """merge leaves the list that it is given as it is."""
    given = library.put([1, 2, 3, 1, 2])
    assert_equal(submission.merge(given, (1, 2), 256), [256, 3, 256])
    assert_equal(fetch(given), [1, 2, 3, 1, 2])


@pytest.mark.public
@pytest.mark.points(1)
@pytest.mark.idea("Learning")
@pytest.mark.hint("The numbers of the bytes are taken: the first merge is 256. The vocabulary counts them, too.")
def test_the_worked_text(submission):
    """train learns the three merges of the statement."""
    expected = {(97, 97): 256, (256, 97): 257, (257, 98): 258}
    assert_equal(submission.train("aaabdaaabac", 259), expected)


@pytest.mark.points(1)
@pytest.mark.idea("Learning")
@pytest.mark.hint("What do you learn from a text of one character, or with a vocabulary of 256? When is no pair left?")
def test_learning_ends(submission):
    """train ends with the vocabulary, or where no pair is left, and not before."""
    expected = [{(97, 98): 256}, {}, {}, {(120, 121): 256, (256, 122): 257}]
    assert_each_equal(submission.train, expected, [("ab", 1000), ("", 300), ("abab", 256), ("xyz", 258)])


@pytest.mark.points(1)
@pytest.mark.idea("Learning")
@pytest.mark.hint("Bytes, not characters: what is list('é'.encode())?")
def test_longer_texts(submission, reference):
    """train learns from bytes, also where a character takes several."""
    calls = [(RHYME, 280), (MANY_BYTES, 270)]
    assert_each_equal(submission.train, [reference.train(*call) for call in calls], calls)


@pytest.mark.public
@pytest.mark.points(0.5)
@pytest.mark.idea("Encoding and decoding")
@pytest.mark.hint("Encode merges; decode takes each number apart until only bytes are left.")
def test_there_and_back(submission):
    """encode and decode are the statement's, and each other's way back."""
    merges = {(97, 97): 256, (256, 97): 257, (257, 98): 258}
    assert_each_equal(submission.encode, [[258], [256, 98]], [("aaab", merges), ("aab", merges)])
    assert_each_equal(
        submission.decode, ["aaabdaaab", "aa", "\ufffd"], [([258, 100, 258], merges), ([256], merges), ([195], {})]
    )


@pytest.mark.points(1.5)
@pytest.mark.idea("Encoding and decoding")
@pytest.mark.hint("All of the first merge, then all of the second: the order in which they were learned.")
def test_in_the_order_learned(submission, reference):
    """encode merges in the order in which the merges were learned."""
    # "abc" could become ab + c or a + bc: whoever goes from the left takes ab, and bc was learned first.
    merges = {(98, 99): 256, (97, 98): 257, (257, 257): 258, (256, 100): 259}
    texts = ["abc", "abcd", "ababcabd", "", "x"]
    assert_each_equal(
        submission.encode, [reference.encode(text, merges) for text in texts], [(text, merges) for text in texts]
    )
    given = "the seashell's shelter", reference.train(RHYME, 290)
    assert_equal(submission.encode(*given), reference.encode(*given))


@pytest.mark.points(1)
@pytest.mark.idea("Encoding and decoding")
@pytest.mark.hint("Decode the bytes of all numbers together, not one number at a time. What if they are no UTF-8?")
def test_bytes_that_are_no_text(submission):
    """decode reads all bytes together, and replaces those that are no UTF-8."""
    merges = {(195, 169): 256, (230, 151): 257}
    expected = ["é", "日x", "\ufffd", "a\ufffdb", "éé"]
    calls = [([195, 169], {}), ([257, 165, 120], merges), ([128], {}), ([97, 255, 98], {}), ([256, 195, 169], merges)]
    assert_each_equal(submission.decode, expected, calls)
