"""Which random words belong to which customer, decision, period and replication, and what they mean."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from .philox import WORD, Words, philox

STREAM_VERSION = 1
OPENING, REVIEW, CHOICE, ERRORS_1_4, ERRORS_5_8, SPEND, CONVERSION = range(7)


def words(seed: int, customer: int, decision: int, period: int, replication: int) -> Words:
    """The four words at an address."""
    key = (seed & WORD, (seed >> 32 & 0xFFFF) << 16 | STREAM_VERSION)
    return philox((customer & WORD, customer >> 32, decision << 16 | period, replication), key)


def uniform(word: int) -> float:
    """A number strictly between 0 and 1."""
    return (word + 0.5) / 2**32


def gumbel(word: int) -> float:
    """A standard extreme-value error."""
    return -math.log(-math.log(uniform(word)))


def stage_length(word: int, promotion: float) -> int:
    """Periods that a stage lasts, at least 1, when each period ends it with probability `promotion`."""
    if promotion >= 1:
        return 1
    return 1 + math.floor(math.log(uniform(word)) / math.log(1 - promotion))


class OpeningLuck(NamedTuple):
    """What decides where a customer is on day one."""

    state: float
    established: int  # word
    loyal: int  # word


class PeriodLuck(NamedTuple):
    """What decides a customer's period, whatever the cell."""

    review: int  # 32 bits, compared with the review probability x 2^32
    established: int  # word for the length of the first stage, should the customer join us
    loyal: int  # word for the length of the second
    conversion: int  # 32 bits, compared with the probability of converting x 2^32
    errors: tuple[float, ...]  # by slot: outside option, company, rivals in name order


def opening_luck(seed: int, customer: int, replication: int) -> OpeningLuck:
    """The opening is drawn anew in each replication and is the same in all cells."""
    state, established, loyal, _ = words(seed, customer, OPENING, 0, replication)
    return OpeningLuck(uniform(state), established, loyal)


def period_luck(seed: int, customer: int, period: int, replication: int) -> PeriodLuck:
    """The top bytes of the review and conversion numbers are shared out among 16 replications; the rest is the
    replication's own."""
    byte = replication & 15
    review, conversion = (
        words(seed, customer, decision, period, replication >> 4)[byte >> 2] >> 8 * (byte & 3) & 0xFF
        for decision in (REVIEW, CONVERSION)
    )
    low, established, loyal, outside = words(seed, customer, CHOICE, period, replication)
    first_four = words(seed, customer, ERRORS_1_4, period, replication)
    next_four = words(seed, customer, ERRORS_5_8, period, replication)
    errors = tuple(gumbel(word) for word in (outside, *first_four, *next_four))
    return PeriodLuck(review << 24 | low >> 8, established, loyal, conversion << 24 | established >> 8, errors)


def happens(number: int, probability: float) -> bool:
    """Whether an event of this probability takes place for a 32-bit uniform number."""
    return number < round(probability * 2**32)


def revenue_multiplier(seed: int, customer: int, replication: int, spread: float) -> float:
    """Lognormal with mean 1 and coefficient of variation `spread`."""
    word = words(seed, customer, SPEND, 0, replication)[0]
    sigma = math.sqrt(math.log(1 + spread**2))
    return math.exp(sigma * NormalDist().inv_cdf(uniform(word)) - sigma**2 / 2)
