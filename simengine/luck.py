"""Randomness by address: a draw is a pure function of what it is for, never of what was drawn before.

Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405) maps a counter (id low, id high,
decision * 2**16 + period, replication) and a key (seed, stream version) to four random words. The cell is not part
of the address: every what-if is answered from the same luck.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import formula, kernel

STREAM_VERSION = 1  # a change of what any address means is a new version
SEEDS = 1 << 48  # seeds are 0 <= seed < SEEDS

# Decisions: what a draw is for. Words are numbered 0 to 3.
OPENING = 0  # a customer's opening state (word 0) and the lengths of its stages (words 1, 2); period 0
REVIEW = 1  # top bytes of the review uniforms of 16 replications; the replication is replication // 16
CHOICE = 2  # low bits of the review uniform, lengths of new and established, the outside option's error; under
# contract nobody is new: word 1 holds the low bits of the conversion uniform
ERRORS_1_4 = 3  # errors of supplier slots 1 (the company) to 4
ERRORS_5_8 = 4  # errors of supplier slots 5 to 8
SPEND = 5  # the multiplier of a customer's revenue (word 0); period 0
CONVERSION = 6  # top bytes of the conversion uniforms of 16 replications, as REVIEW; low bits: word 1 of CHOICE
RATE = 7  # how often a customer buys (words 0, 1), and the first part of how likely a purchase is its last; period 0
LIFETIME = 8  # the second part of that, and for how long it stays (words 2, 3); period 0
MONEY = 9  # what a customer's purchases bring; period 0
PURCHASE = 10  # how many purchases there are in a period, and whether who leaves makes one (words 2, 3)
NEED_STATE = 11  # how long a need state lasts (words 0, 1) and which is next (word 2); the period is the ordinal of the
# move, from 1 on. The first state is that of OPENING
TRANSITION = 12  # whether a customer leaves before a period (word 0), and where it goes if not (word 1)
POPULATION_NEEDS = 16  # needs weights of a synthetic customer; the period is the index of the need
POPULATION_REVENUE = 17  # revenue of a synthetic customer
POPULATION_SOURCE = 18  # which of our customers a prospect resembles
POPULATION_TENURE = 19  # how long a customer of a synthetic file has been ours
POPULATION_MISSING = 20  # whose value fills a cell without one; the period is the column
INITIATIVE = 32  # how long an initiative takes; period 0
ARRIVAL = 33  # how long until a move comes of itself, how large a change is; the period is how often it has been before
SHOCK = 34  # what is new in a period in the market's shock to a supplier, or to demand
DRIFT = 35  # what is new in a period in the weight of a need in a segment
INPUT = 36  # the probability at which an uncertain input is drawn; period 0
BRIDGE_ORDER = 48  # in which orders a bridge makes changes; the period is the change, the replication the order

_KIND_SYNTHETIC, _KIND_NEWCOMER = 1, 2  # the two top bits of an id; 0 is a customer of a file
MOST_NEWCOMERS = 1 << 20  # of a segment in a period
_FILE_IDS = 1 << 62  # integer ids below are used as they are

u32, u64 = np.uint32, np.uint64

_LOW_WORD, _WORD_BITS = u64(0xFFFFFFFF), u64(32)
MULTIPLIER_0, MULTIPLIER_1 = u64(0xD2511F53), u64(0xCD9E8D57)
WEYL_0, WEYL_1 = u64(0x9E3779B9), u64(0xBB67AE85)


@formula
def _round(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    product_0 = u64(MULTIPLIER_0 * u64(c0))
    product_1 = u64(MULTIPLIER_1 * u64(c2))
    high_0, low_0 = u32(product_0 >> _WORD_BITS), u32(product_0 & _LOW_WORD)
    high_1, low_1 = u32(product_1 >> _WORD_BITS), u32(product_1 & _LOW_WORD)
    return u32(u32(high_1 ^ c1) ^ k0), low_1, u32(u32(high_0 ^ c3) ^ k1), low_0


@formula
def _raised(key: Any, weyl: Any) -> Any:
    """The key of the next round: key + weyl modulo 2**32."""
    return u32(u64(u64(key) + weyl) & _LOW_WORD)


@formula
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Four random uint32 words of a counter and a key: Philox 4x32, ten rounds.

    Written out: a loop over the rounds would keep the compiler from working on several customers at once.
    """
    k0, k1 = u32(k0), u32(k1)
    c0, c1, c2, c3 = _round(u32(c0), u32(c1), u32(c2), u32(c3), k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    k0, k1 = _raised(k0, WEYL_0), _raised(k1, WEYL_1)
    return _round(c0, c1, c2, c3, k0, k1)


@formula
def draw(seed_low: Any, key_high: Any, id_low: Any, id_high: Any, decision: Any, period: Any, replication: Any) -> Any:
    """Four random uint32 words for one decision of one customer in one period and replication.

    `seed_low` and `key_high` come from `keys`, `id_low` and `id_high` from `words`; period < 2**16.
    """
    purpose = u32(u32(u32(decision) << u32(16)) | u32(period))
    return philox(id_low, id_high, purpose, replication, seed_low, key_high)


def keys(seed: int) -> tuple[np.uint32, np.uint32]:
    """The two key words of a seed, 0 <= seed < 2**48."""
    if not 0 <= seed < SEEDS:
        raise ValueError(f"seed {seed} is not between 0 and 2**48 - 1")
    return u32(seed & 0xFFFFFFFF), u32((seed >> 32) << 16 | STREAM_VERSION)


@formula
def words(identity: Any) -> Any:
    """The low and the high uint32 word of a uint64 id."""
    identity = u64(identity)
    return u32(identity & _LOW_WORD), u32(identity >> _WORD_BITS)


@formula
def uniform(word: Any) -> Any:
    """A float64 in (0, 1) from one uint32: (word + 1/2) / 2**32, exactly."""
    return (float(u32(word)) + 0.5) * 2.0**-32


@formula
def uniform53(w0: Any, w1: Any) -> Any:
    """A float64 in (0, 1) from two uint32 words: 52 random bits n, (n + 1/2) / 2**52, exactly."""
    high = float(u32(w0))
    low = float(u32(u32(w1) >> u32(12)))
    return (high * 2.0**20 + low + 0.5) * 2.0**-52


def uniforms(seed: int, identity: int, decision: int, period: int, first: int, count: int) -> NDArray[np.float64]:
    """[count] what is drawn at one address in each replication from `first` on: float64 in (0, 1) of 52 random bits."""
    drawn = np.empty(count)
    draw_uniforms(*keys(seed), *words(np.uint64(identity)), decision, period, first, drawn)
    return drawn


@kernel
def draw_uniforms(
    key_low: Any, key_high: Any, low: Any, high: Any, decision: Any, period: Any, first: Any, drawn: Any
) -> None:
    for r in range(len(drawn)):
        word = draw(key_low, key_high, low, high, decision, period, u32(first + r))
        drawn[r] = uniform53(word[0], word[1])


def address(text: str) -> int:
    """A 62-bit id for a text: BLAKE2b. The caller refuses two texts with one address."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 2


def file_id(text: str) -> int:
    """The id of a customer of a file: a plainly written number ("70", not "070"), else its address."""
    plain = text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")
    if plain and len(text) <= 19 and int(text) < _FILE_IDS:
        return int(text)
    return address(text)


def is_of_file(ids: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which ids are of customers of a file, rather than synthetic or newcomers."""
    return np.asarray(ids < u64(_FILE_IDS))


def synthetic_id(segment: str, ordinal: int) -> int:
    """The id of a synthetic customer: kind 1, 30 bits of the segment's name, 32 bits of its ordinal in it."""
    if not 0 <= ordinal < 1 << 32:
        raise ValueError(f"ordinal {ordinal} is not between 0 and 2**32 - 1")
    return _KIND_SYNTHETIC << 62 | (address(segment) >> 32) << 32 | ordinal


def newcomer_id(segment: str, cohort: int, ordinal: int) -> int:
    """The id of a newcomer: kind 2, 30 bits of the segment's name, 12 of the period of arrival, 20 of the ordinal."""
    if not (0 <= cohort < 1 << 12 and 0 <= ordinal < MOST_NEWCOMERS):
        raise ValueError(f"newcomer {ordinal} of period {cohort}: at most 2**20 in each of 2**12 periods")
    return _KIND_NEWCOMER << 62 | (address(segment) >> 32) << 32 | cohort << 20 | ordinal
