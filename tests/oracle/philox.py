"""Philox 4x32 with ten rounds, as published, in whole numbers of any size.

Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

Words = tuple[int, int, int, int]

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
WORD = 0xFFFFFFFF


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Four 32-bit words that are a pure function of a counter of four words and a key of two."""
    for number in range(10):
        round_key = ((key[0] + number * WEYL[0]) & WORD, (key[1] + number * WEYL[1]) & WORD)
        counter = _round(counter, round_key)
    return counter


def _round(counter: Words, key: tuple[int, int]) -> Words:
    first = MULTIPLIERS[0] * counter[0]
    second = MULTIPLIERS[1] * counter[2]
    return (
        (second >> 32) ^ counter[1] ^ key[0],
        second & WORD,
        (first >> 32) ^ counter[3] ^ key[1],
        first & WORD,
    )
