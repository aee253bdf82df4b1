"""How long a stage lasts, looked up: the same lengths as `model.stage.stage_length`, without its logarithms.

A length falls as the random word that it is drawn from rises, so each length is a range of words; their bounds are
found once, by bisection of the formula itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.jit import formula, kernel
from simengine.luck import uniform
from simengine.model.stage import stage_length

WORDS = 1 << 32
SHIFT, PARTS = 24, 256  # the top byte of a word says where to begin


class Lengths(NamedTuple):
    """The lengths of one stage up to the first beyond the horizon, T + 1, which stands for all longer ones, too."""

    least: NDArray[np.int64]  # [T + 2] of a length: words from here on give it or a shorter one; 0 of T + 1
    shortest: NDArray[np.int64]  # [256] of words with a top byte


def lengths_of(log_stay: float, horizon: int) -> Lengths:
    """The lengths of a stage that is left with probability 1 - exp(`log_stay`) in a period, `log_stay` < 0."""
    lengths = Lengths(np.zeros(horizon + 2, np.int64), np.zeros(PARTS, np.int64))
    tabulate_lengths(log_stay, *lengths)
    return lengths


@kernel
def tabulate_lengths(log_stay, least, shortest):
    """Fill in both tables of `Lengths`."""
    longest = least.shape[0] - 1
    least[0] = WORDS  # no length is 0
    for length in range(1, longest):
        low, high = np.int64(0), np.int64(WORDS)  # words from `high` on give this length or a shorter one
        while low < high:
            middle = (low + high) // 2
            if stage_length(uniform(np.uint32(middle)), log_stay) <= length:
                high = middle
            else:
                low = middle + 1
        least[length] = high
    for part in range(PARTS):
        length = np.int64(1)
        while ((part + 1) << SHIFT) - 1 < least[length]:
            length += 1
        shortest[part] = length


@formula
def length_of(lengths, word):
    """Periods, at least 1, that a random word gives; T + 1 if more than the horizon."""
    word = np.int64(word)
    length = lengths.shortest[word >> SHIFT]
    while word < lengths.least[length]:
        length += 1
    return length
