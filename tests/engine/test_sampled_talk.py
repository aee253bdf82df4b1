"""Segments that hear of themselves alone, carried through several periods one after the other in sampled mode: the bits
of a market that is revealed period by period."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from simengine.engine import sampled
from simengine.engine.ledger import Ledger
from simengine.engine.options import Options
from simengine.engine.sampled_books import empty_books
from simengine.engine.sampled_talk import Talk, hear
from simengine.engine.talk import SEGMENT_BYTES, share_of, talk_alone
from simengine.jit import kernel
from simengine.tables.build import unfolding_of
from tests.engine.failing import fails_beside_another
from tests.engine.test_expected_talk import BY_PERIOD, WHOLE, carried, in_many_replications, talking
from tests.properties.worlds import Document, live, opened, same_bits

CUSTOMERS = 300  # of a segment


def drawn(document: Document, replications: int = 3) -> Document:
    """The same market in sampled mode, with fewer customers."""
    drawn = deepcopy(document)
    drawn["simulation"] |= {"mode": "sampled", "replications": replications}
    drawn["segments"]["mass"]["size"] = CUSTOMERS
    return drawn


WORLDS: dict[str, Document] = {
    "known but for talk": drawn(talking()),
    "of luck": drawn(in_many_replications()),
    "in which one segment is silent": drawn(talking()),
    "of many talkers": drawn(talking(word_of_mouth=40)),
    "in which revenue differs": drawn(talking(revenue_spread=0.4)),
}
WORLDS["in which one segment is silent"]["segments"]["mass"]["word_of_mouth"] = 0


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("periods", [100, 3])
def test_segments_carried_whole_have_the_bits_of_a_market_by_the_period(
    name: str, periods: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_period = carried(monkeypatch, WORLDS[name], BY_PERIOD)
    at_once = sampled.SampledRun._at_once
    monkeypatch.setattr(sampled.SampledRun, "_at_once", lambda *of: min(periods, at_once(*of)))
    assert same_bits(carried(monkeypatch, WORLDS[name], WHOLE), by_period)
    assert by_period.customer_value.any()


def test_talk_makes_a_difference_in_every_period() -> None:
    """Else the same bits would say nothing."""
    silent, heard = (live(drawn(talking(word_of_mouth=omega))).ledger for omega in (0, 40))
    moved = (silent.count != heard.count).any(axis=(0, 1, 3, 4, 5))
    assert moved.tolist() == [False, False, *[True] * 6]


@pytest.mark.parametrize("cut", [{"threads": 2}, {"threads": 3, "batch": 2}, {"block": 100, "batch": 1}])
def test_how_the_work_is_cut_up_never_shows(cut: dict[str, int]) -> None:
    document = drawn(in_many_replications())
    assert same_bits(live(document, **cut).ledger, live(document).ledger)


def test_a_segment_that_no_cache_holds_is_not_carried_whole() -> None:
    document = drawn(talking())
    scenario, portfolio, tables = opened(document)
    unfolding = unfolding_of(scenario, portfolio, tables, 3)
    largest = int(np.diff(tables.segments.rows)[:2].max())
    options = Options(1, "sampled", 3, threads=1)
    most = SEGMENT_BYTES // (largest * 2)  # a state has two bytes
    assert talk_alone(unfolding, tables, options, most) is not None
    assert talk_alone(unfolding, tables, options, most + 1) is None


def ledger_of_three() -> Ledger:
    return live(drawn(talking())).ledger


@kernel
def the_share_of(customers: Any, everybody: Any) -> Any:
    return share_of(customers, everybody)


def test_nobody_has_a_share_of_nobody() -> None:
    assert [the_share_of(0.0, 0.0), the_share_of(1.0, 4.0)] == [0.0, 0.25]


def test_what_is_heard_is_omega_times_the_change_of_share_since_the_opening() -> None:
    """Two replications of the cells of a market: us, two rivals and the outside option, of whom nobody talks."""
    ledger = ledger_of_three()
    cells, suppliers, states = len(ledger.count), ledger.joins.shape[-2], ledger.count.shape[-2]
    random = np.random.default_rng(4)
    books = empty_books(ledger, 2, 2)
    for flow in (books.entered, books.joins, books.leaves):
        flow[..., 0] = random.integers(0, 9, flow.shape[:-1])
    books.entered[:, 0] += 50  # so that nobody is missed who leaves
    served = np.arange(suppliers)
    shift = random.normal(size=(2, cells, 4, suppliers))
    customers = np.zeros((2, cells, suppliers), np.int64)
    talk = Talk(3.0, served, shift, np.zeros_like(customers), customers)
    found = np.empty((2, cells, suppliers), np.float32)

    def by_supplier(of_states: Any) -> Any:
        return np.concatenate([of_states[..., :3].sum(axis=-1, keepdims=True), of_states[..., 3:]], axis=-1)

    wanted = np.zeros((2, cells, suppliers), np.int64)
    for period in range(3):
        hear(talk, books.of_all(), period - 1, period, period == 0, found)
        entered = books.entered[:, period, ..., 0].sum(axis=-1)  # [R, states]
        wanted += by_supplier(entered)[:, None]
        if period:
            joined = books.joins[period - 1, ..., 0].sum(axis=2)  # [R, J, C]
            left = books.leaves[period - 1, ..., 0].sum(axis=2)  # [R, states, C]
            wanted += joined.swapaxes(1, 2) - by_supplier(left.swapaxes(1, 2))
        else:
            first = wanted.copy()
        np.testing.assert_array_equal(customers, wanted)
        np.testing.assert_array_equal(talk.opening, first)
        share, today = (each / each.sum(axis=-1, keepdims=True) for each in (wanted, first))
        heard = 3.0 * (share - today) * (served < suppliers - 1)
        np.testing.assert_allclose(found, shift[:, :, period] + heard, rtol=1e-6, atol=1e-7)
    assert states == suppliers + 2


def test_the_others_stop_between_periods_when_one_worker_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they do for an interrupt."""
    period, calls = fails_beside_another(monkeypatch, sampled)
    monkeypatch.setattr(sampled.kernels, "choice_periods", period)
    with pytest.raises(ValueError, match="of one worker"):
        live(drawn(talking(size=400)), threads=2)
    assert len(calls) == len(set(calls)) == 2
