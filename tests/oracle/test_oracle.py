"""The oracle's pieces against published numbers and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from .customer import best, logit
from .luck import (
    CHOICE,
    OPENING,
    REVIEW,
    gumbel,
    happens,
    period_luck,
    revenue_multiplier,
    stage_length,
    uniform,
    words,
)
from .philox import Words, philox
from .spending import adbudg, hill
from .value import Account, Rates, value_by_economic_profit, value_by_free_cash_flow


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (
            (0xFFFFFFFF,) * 4,
            (0xFFFFFFFF,) * 2,
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers(counter: Words, key: tuple[int, int], words: Words) -> None:
    """Random123's file kat_vectors, philox4x32 10."""
    assert philox(counter, key) == words


def test_sixteen_replications_share_a_review_draw_byte_by_byte() -> None:
    shared = b"".join(word.to_bytes(4, "little") for word in words(7, 123, REVIEW, 5, 1))
    drawn = [period_luck(7, 123, 5, replication).review for replication in range(16, 32)]
    assert bytes(number >> 24 for number in drawn) == shared
    low = [words(7, 123, CHOICE, 5, replication)[0] >> 8 for replication in range(16, 32)]
    assert [number & 0xFFFFFF for number in drawn] == low


def test_a_large_seed_and_a_large_id_reach_every_word_of_the_address() -> None:
    seed, customer = 2**47 + 2**32 + 9, 2**61 + 5
    assert words(seed, customer, OPENING, 0, 3) == philox((5, 2**29, 0, 3), (9, 0x8001 << 16 | 1))


def test_certain_and_impossible_events() -> None:
    assert happens(2**32 - 1, 1.0)
    assert not happens(0, 0.0)


@pytest.mark.parametrize("promotion", [0.05, 0.3, 0.9])
def test_stage_lengths_are_geometric(promotion: float) -> None:
    for word in range(0, 2**32, 2**32 // 1009):
        length, kept = stage_length(word, promotion), 1 - promotion
        assert kept**length <= uniform(word) * (1 + 1e-12)
        assert uniform(word) <= kept ** (length - 1) * (1 + 1e-12)


def test_revenue_multipliers_have_mean_1_and_the_stated_spread() -> None:
    drawn = [revenue_multiplier(3, customer, 0, 0.4) for customer in range(20_000)]
    assert np.mean(drawn) == pytest.approx(1, abs=4 * 0.4 / math.sqrt(len(drawn)))
    assert np.std(drawn) == pytest.approx(0.4, rel=0.05)
    assert revenue_multiplier(3, 1, 0, 0.0) == 1


def test_logit_shares_are_those_of_p8() -> None:
    worth = {"a": 1 - 2.0, "b": 0.5 - 1.6, "c": 0.2 - 1.4}
    assert list(logit(worth).values()) == pytest.approx([0.367165, 0.332225, 0.300610], abs=5e-7)
    outside = logit(worth | {"none": 0.0})
    assert list(outside.values()) == pytest.approx([0.183761, 0.166274, 0.150451, 0.499514], abs=5e-7)


def test_explicit_errors_choose_as_often_as_logit_says() -> None:
    worth, slots, draws = {"us": 0.3, "atlas": -0.2, "none": 0.0}, {"none": 0, "us": 1, "atlas": 2}, 10_000
    chosen = [best(worth, period_luck(1, customer, 0, 0).errors, slots) for customer in range(draws)]
    for option, chance in logit(worth).items():
        error = math.sqrt(chance * (1 - chance) / draws)
        assert chosen.count(option) / draws == pytest.approx(chance, abs=4 * error)


def test_a_tie_goes_to_the_earlier_option() -> None:
    slots = {"us": 1, "atlas": 2, "none": 0}
    assert best({"us": 1.0, "atlas": 1.0, "none": 1.0}, (0.0,) * 3, slots) == "us"
    assert best({"us": 0.0, "atlas": 1.0, "none": 1.0}, (0.0,) * 3, slots) == "atlas"


def test_extreme_value_errors_have_the_euler_mean() -> None:
    drawn = [gumbel(word) for word in range(0, 2**32, 2**32 // 100_003)]
    assert np.mean(drawn) == pytest.approx(0.5772157, abs=1e-3)


def test_response_curves_are_those_of_p14() -> None:
    answers = {"none": 0.1, "today": 0.3, "plus_half": 0.4, "saturated": 0.7}
    assert adbudg(1.0, **answers) == pytest.approx(0.3)
    assert adbudg(1.5, **answers) == pytest.approx(0.4)
    assert adbudg(0.5, **answers) == pytest.approx(0.1795650407, abs=1e-10)
    assert adbudg(2.0, **answers) == pytest.approx(0.4723176246, abs=2e-10)
    assert adbudg(0.0, **answers) == pytest.approx(0.1)
    assert hill(3.0, 0.4, 3.0, 1.7) == pytest.approx(0.2)
    assert hill(0.0, 0.4, 3.0, 1.7) == 0


def test_economic_profit_value_is_that_of_p11() -> None:
    rates = Rates(0.1, 0.0, 0.0, "end", "perpetuity", 0, 1)
    account = Account([150.0, 160, 170, 180, 190, 190], [1000.0, 1050, 1110, 1150, 1180, 1180, 1180])
    assert value_by_free_cash_flow(account, rates) == pytest.approx(1671.4022266, abs=1e-7)
    assert value_by_economic_profit(account, rates) == pytest.approx(1671.4022266, abs=1e-7)


@pytest.mark.parametrize(
    ("timing", "first", "worth"), [("start", 0, 366.6667), ("end", 0, 333.3333), ("end", 1, 266.6667)]
)
def test_lifetime_values_are_those_of_p5(timing: str, first: int, worth: float) -> None:
    rates = Rates(0.1, 0.0, 0.0, timing, "none", 0, 1)
    account = Account([100 * 0.8 ** (period + first) for period in range(300)], [0.0] * 301)
    assert value_by_free_cash_flow(account, rates) == pytest.approx(worth, abs=1e-4)


def test_a_fade_that_never_ends_is_a_perpetuity_without_growth() -> None:
    account = Account([9.0, 11, 13, 12], [60.0, 70, 65, 80, 82])
    perpetuity = value_by_free_cash_flow(account, Rates(0.08, 0.0, 0.0, "mid", "perpetuity", 0, 4))
    fade = value_by_free_cash_flow(account, Rates(0.08, 0.0, 0.0, "mid", "fade", 10**6, 4))
    assert fade == pytest.approx(perpetuity, rel=1e-3)
