"""How a customer is remembered and booked ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.sampled_state import (
    MOST_SUPPLIERS,
    NARROW_BITS,
    WIDE_BITS,
    book_stages,
    date_bits,
    dates,
    pack,
    spell_value,
    state_at,
    state_type,
)
from tests.properties.worlds import live, market

BITS = st.sampled_from([NARROW_BITS, WIDE_BITS])
SUPPLIERS, HORIZON = 5, 12


@st.composite
def spells(draw: Any) -> tuple[int, int, int, int, int]:
    """(supplier, date established, date loyal, presence, bits); dates beyond the horizon are 'never'."""
    bits = draw(BITS)
    never = (1 << bits) - 1
    supplier = draw(st.integers(0, SUPPLIERS - 1))
    established = draw(st.integers(0, HORIZON)) if supplier == 0 else 0
    loyal = draw(st.integers(established, HORIZON)) if supplier == 0 else 0
    if supplier == 0 and draw(st.booleans()):
        loyal = never
        established = never if draw(st.booleans()) else established
    return supplier, established, loyal, draw(st.integers(0, 1)), bits


def stage(established: int, loyal: int, time: int) -> int:
    return int(time >= established) + int(time >= max(established, loyal))


@given(spells())
def test_what_is_packed_is_found_again(spell: tuple[int, int, int, int, int]) -> None:
    supplier, established, loyal, presence, bits = spell
    code = pack(*spell)
    kept = state_type(bits)(code)
    assert int(kept) == code
    assert code & 7 == supplier
    assert code >> (3 + 2 * bits) == presence
    assert dates(int(kept), bits) == (established, loyal)


@given(spells(), st.integers(0, HORIZON))
def test_state_at_a_time(spell: tuple[int, int, int, int, int], time: int) -> None:
    supplier, established, loyal, _, bits = spell
    wanted = 2 + supplier if supplier else stage(established, loyal, time)
    assert state_at(pack(*spell), time, bits) == wanted


def booked(code: int, bits: int, times: dict[int, int], money: int, cell: int = 1, cells: int = 3) -> Any:
    """[T + 1, 2 promotions, 2 presence, C, 2] after booking a customer of ours at times (sign by time)."""
    promotions = np.zeros((1, HORIZON + 2, 2, 2, cells, 2), np.int64)
    for time, sign in times.items():
        now = state_at(code, time, bits)
        book_stages(
            promotions.reshape(-1), HORIZON, cells, 0, cell, 2, code, now, code >> (3 + 2 * bits), bits, sign, money
        )
    return promotions[0, :-1]


@given(spells(), st.integers(0, HORIZON), st.integers(1, 10**12))
def test_booking_is_every_later_promotion(spell: tuple[int, int, int, int, int], time: int, money: int) -> None:
    code, bits = pack(0, *spell[1:]), spell[4]
    promotions = booked(code, bits, {time: 1}, money)
    assert not promotions[:, :, :, 0].any()  # another cell
    assert not promotions[: time + 1].any()
    stages = [state_at(code, later, bits) for later in range(HORIZON + 1)]
    for later in range(time + 1, HORIZON + 1):
        for promotion in (0, 1):
            happens = int(stages[later - 1] <= promotion < stages[later])
            assert promotions[later, promotion, spell[3], 1:].tolist() == [[happens, happens * money]] * 2


@given(spells(), st.integers(0, HORIZON), st.integers(0, HORIZON), st.integers(1, 10**12))
def test_unbooking_leaves_the_promotions_that_have_come(
    spell: tuple[int, int, int, int, int], joined: int, length: int, money: int
) -> None:
    code, bits, left = pack(0, *spell[1:]), spell[4], min(joined + length, HORIZON)
    promotions = booked(code, bits, {joined: 1, left: -1} if left > joined else {}, money)
    whole = booked(code, bits, {joined: 1}, money)
    assert (promotions[left + 1 :] == 0).all()
    if left > joined:
        assert (promotions[: left + 1] == whole[: left + 1]).all()


@given(spells(), st.integers(0, HORIZON), st.integers(0, 10**6))
def test_value_of_a_spell_is_the_sum_over_its_periods(
    spell: tuple[int, int, int, int, int], period: int, money: int
) -> None:
    """Since the start: what a spell did not cover is taken away when it is booked, at the stage 'new'."""
    _, established, loyal, presence, bits = spell
    random = np.random.default_rng(money)
    unit = random.uniform(0, 2, (1, HORIZON, 3, 2))
    units = np.concatenate([np.zeros((1, 1, 3, 2)), unit.cumsum(axis=1)], axis=1)
    code = pack(0, established, max(established, loyal), presence, bits)
    wanted = sum(
        money * unit[0, t, stage(established, loyal, t + 1), 0] + unit[0, t, stage(established, loyal, t + 1), 1]
        for t in range(period)
    )
    assert abs(spell_value(code, period, bits, money, units, 0) - wanted) <= 0.5 + 1e-9 * money


@pytest.mark.parametrize(
    ("periods", "bits"), [(1, NARROW_BITS), (62, NARROW_BITS), (63, WIDE_BITS), (16382, WIDE_BITS)]
)
def test_width_of_dates(periods: int, bits: int) -> None:
    assert date_bits(periods) == bits
    assert periods < (1 << bits) - 1  # the largest date is 'never'
    assert np.dtype(state_type(bits)).itemsize * 8 >= 3 + 2 * bits + 1
    assert MOST_SUPPLIERS == 8


def test_a_horizon_beyond_all_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="16383 periods; at most 16382"):
        date_bits(16383)


def test_the_width_of_dates_does_not_show() -> None:
    """The first 60 periods are the same bits in a horizon of 60, in narrow form, and of 100, in the wide one."""
    found = []
    for periods in (60, 100):
        document = market(mode="sampled", replications=4, customer_values=False)
        document["calendar"]["periods"] = periods
        found.append(live(document))
    narrow, wide = found
    assert np.array_equal(narrow.ledger.count, wide.ledger.count[:, :, :61])
    assert np.array_equal(narrow.ledger.joins, wide.ledger.joins[:, :, :60])
    assert np.array_equal(narrow.ledger.direction <= wide.ledger.direction, np.ones_like(narrow.ledger.direction))
    revenue = [each.ledger.revenue / each.ledger.money_scale for each in found]
    np.testing.assert_allclose(revenue[0], revenue[1][:, :, :61], rtol=1e-9)
    assert (wide.ledger.count[:, :, 100, :2, :3].sum(axis=(3, 4)) > 0).all()
