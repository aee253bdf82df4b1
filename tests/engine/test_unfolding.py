"""Worlds: what is revealed while the market is simulated gives the bits of what was known ahead."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest

from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from simengine.portfolio.population import Population
from simengine.tables.layout import Choice, Tables, by_supplier
from tests.engine.unfoldings import Retold
from tests.properties.worlds import market, opened, same_bits

REPLICATIONS = 5
MODES = ("sampled", "expected")
TOTALS = ("count", "revenue", "joins", "leaves", "direction", "changed_hands", "run_off")

World = tuple[Tables, Opening, Population]


def document() -> dict[str, Any]:
    """Choice, contracts and conversions, newcomers, values of all customers, a run-off."""
    world = deepcopy(market())
    world["company"]["residual"] = {"method": "run_off"}
    world["segments"]["affluent"]["growth"] = 0.1
    world["segments"]["signed"]["newcomers"] = {"per_year": 12}
    return world


@cache
def world() -> World:
    _, portfolio, tables = opened(document())
    return tables, solve_opening(tables, portfolio.population), portfolio.population


@cache
def other_tables(replication: int) -> Tables:
    """Tables that only one replication has, from the second period on; those of the first are the market's."""
    tables, r = world()[0], replication
    choice = tables.choice

    def later(table: Any, factor: float, add: float = 0.0) -> Any:
        changed = table.copy()
        changed[:, 1:] = changed[:, 1:] * (1 + r * factor) + r * add
        return changed

    changed = Choice(
        later(choice.coefficient, 0.05), later(choice.review, -0.1), later(choice.inertia, 0.1, 0.05),
        later(choice.hazard_factor, 0.2), later(choice.conversion, 0.0, 0.02 if choice.conversion.any() else 0.0),
        later(choice.shift, 0.0, 0.1) * np.arange(choice.shift.shape[-1]),
    )  # fmt: skip
    money = tables.economics
    assert tables.run_off is not None
    frozen = tables.run_off.choice
    return tables._replace(
        choice=changed,
        economics=money._replace(
            price_ratio=money.price_ratio * (1 + 0.01 * r), wallet=money.wallet * (1 - 0.02 * r),
            cost_to_serve=money.cost_to_serve * (1 + 0.1 * r), run_off_wallet=money.run_off_wallet * (1 + 0.03 * r),
        ),
        run_off=tables.run_off._replace(choice=frozen._replace(review=frozen.review * (1 - 0.1 * r))),
    )  # fmt: skip


def options(mode: str, **cut: Any) -> Options:
    return Options(11, mode, REPLICATIONS, threads=1)._replace(**cut)


def lived(tables: Tables, mode: str, unfolding: Retold | None = None, **cut: Any) -> Ledger:
    return simulate(*(world()[1], tables, world()[2]), options(mode, **cut), unfolding=unfolding)


@cache
def known(mode: str, replication: int = 0) -> Ledger:
    """The open loop with what one replication's tables are."""
    return lived(other_tables(replication), mode)


def retold(feedback: bool, differ: bool) -> Retold:
    return Retold([other_tables(r if differ else 0) for r in range(REPLICATIONS)], feedback)


@pytest.mark.parametrize("feedback", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_what_is_revealed_period_by_period_has_the_bits_of_what_is_known(mode: str, feedback: bool) -> None:
    open_loop, closed = known(mode), lived(world()[0], mode, retold(feedback, differ=False))
    for name in TOTALS:
        np.testing.assert_array_equal(getattr(closed, name), shown(open_loop, name), err_msg=name)
    if mode == "sampled":
        assert same_bits(closed, open_loop)
        return
    np.testing.assert_allclose(closed.customer_value, REPLICATIONS * open_loop.customer_value, rtol=1e-12, atol=4)
    np.testing.assert_array_equal(closed.customer_present, REPLICATIONS * open_loop.customer_present)


def shown(ledger: Ledger, name: str) -> Any:
    """Totals, for every replication where expected mode has one."""
    totals = getattr(ledger, name)
    return np.broadcast_to(totals, (len(totals), REPLICATIONS, *totals.shape[2:]))


@pytest.mark.parametrize("feedback", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_every_replication_lives_by_its_own_tables(mode: str, feedback: bool) -> None:
    all_worlds = lived(world()[0], mode, retold(feedback, differ=True))
    for r in range(REPLICATIONS):
        alone = known(mode, r)
        for name in TOTALS:
            mine = getattr(all_worlds, name)[:, r]
            np.testing.assert_array_equal(mine, shown(alone, name)[:, r], err_msg=f"{name}, replication {r}")
    count = all_worlds.count
    assert (count[:, 1:] != count[:, :1]).any()
    if mode == "expected":
        of_each = sum(known(mode, r).customer_value for r in range(REPLICATIONS))
        np.testing.assert_allclose(all_worlds.customer_value, of_each, rtol=1e-12, atol=2 * REPLICATIONS)
    else:
        np.testing.assert_array_equal(all_worlds.customer_value, sum(map(values_in, range(REPLICATIONS))))


def values_in(replication: int) -> Any:
    """What customers are worth in one drawn replication of the open loop: a sum over one more, less that without it."""
    own, until = other_tables(replication), replication + 1
    more = lived(own, "sampled", replications=until).customer_value
    return more - lived(own, "sampled", replications=replication).customer_value if replication else more


@pytest.mark.parametrize("feedback", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_how_the_work_is_cut_up_leaves_the_bits(mode: str, feedback: bool) -> None:
    whole = lived(world()[0], mode, retold(feedback, differ=True))
    for cut in ({"batch": 1}, {"batch": 2}, {"threads": 3}, {"block": 7}, {"batch": 3, "threads": 2, "block": 1024}):
        assert same_bits(lived(world()[0], mode, retold(feedback, differ=True), **cut), whole), cut


@pytest.mark.parametrize("mode", MODES)
def test_what_is_seen_is_what_the_ledger_says(mode: str) -> None:
    unfolding = retold(True, differ=True)
    ledger = lived(world()[0], mode, unfolding, batch=3)
    periods = len(world()[0].axes.periods)
    assert sorted(unfolding.seen) == [(0, 3), (3, 2)]
    for (first, replications), told in unfolding.seen.items():
        assert sorted(told) == list(range(periods)), "the horizon is told to nobody"
        for period, (seen,) in told.items():
            assert seen is not None
            rows = slice(first, first + replications)
            count = ledger.count[:, rows, period].sum(axis=-1) / ledger.count_scale
            customers, revenue = (
                own.reshape(len(count), replications, *own.shape[1:]) for own in (seen.customers, seen.revenue)
            )
            np.testing.assert_array_equal(customers, by_supplier(count))
            np.testing.assert_array_equal(revenue, ledger.revenue[:, rows, period].sum(axis=-1) / ledger.money_scale)


@pytest.mark.parametrize("mode", MODES)
def test_without_feedback_nothing_is_seen_and_blocks_go_through_many_periods(mode: str) -> None:
    unfolding = retold(False, differ=True)
    lived(world()[0], mode, unfolding)
    assert all(seen == [None] for told in unfolding.seen.values() for seen in told.values())


@pytest.mark.parametrize("mode", MODES)
def test_progress_counts_the_periods_of_all_batches(mode: str) -> None:
    told: list[tuple[int, int]] = []
    tables, opening, population = world()
    cut = options(mode, batch=2)
    simulate(opening, tables, population, cut, lambda *now: told.append(now), retold(True, differ=True))
    steps = 3 * len(tables.axes.periods)
    assert {of for _, of in told} == {steps}
    assert [done for done, _ in told][-1] == steps
    assert sorted(done for done, _ in told) == [done for done, _ in told]


@pytest.mark.parametrize("mode", MODES)
def test_an_interrupt_between_periods_is_heard(mode: str) -> None:
    class Interrupting(Retold):
        def batch(self, first: int, replications: int) -> Any:
            told = super().batch(first, replications)
            reveal = told.reveal

            def interrupted(period: int, seen: Any) -> None:
                if period == 3:
                    raise KeyboardInterrupt
                reveal(period, seen)

            told.reveal = interrupted  # type: ignore[method-assign]
            return told

    with pytest.raises(KeyboardInterrupt):
        lived(world()[0], mode, Interrupting([other_tables(0)] * REPLICATIONS, True), threads=2)
