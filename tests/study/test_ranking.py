"""Deciles, curves and migration against slow twins."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.portfolio.customer_table import TEXT
from simengine.study.ranking import by_decile, curve, migration, ranking

AMOUNTS = st.lists(st.integers(-5, 5), min_size=1, max_size=60)


def texts(names: list[str]) -> np.ndarray:
    return np.array(names, dtype=TEXT)


@given(AMOUNTS)
def test_deciles_are_those_of_ranks_with_ties_by_id(amounts: list[int]) -> None:
    """A slow twin, and the label as it is defined."""
    ids = [f"c{(7 * n) % 61:02d}" for n in range(len(amounts))]
    found = ranking(np.array(amounts, float), np.ones(len(amounts)), texts(ids))
    ranked = sorted(range(len(amounts)), key=lambda n: (-amounts[n], ids[n]))
    assert found.order.tolist() == ranked
    for rank, row in enumerate(ranked, start=1):
        assert found.decile[row] == 10 * (rank - 1) // len(amounts) + 1


def test_ties_are_ordered_as_numbers_where_all_ids_are_numbers() -> None:
    amount = np.array([1.0, 1.0, 2.0, 1.0])
    assert ranking(amount, np.ones(4), texts(["10", "9", "x", "100"])).order.tolist() == [2, 1, 0, 3]
    assert ranking(amount, np.ones(4), texts(["10", "9", "x", "b"])).order.tolist() == [2, 0, 1, 3]


@given(AMOUNTS, st.lists(st.integers(1, 5), min_size=60, max_size=60))
def test_a_row_of_several_customers_is_ranked_as_its_first(amounts: list[int], weights: list[int]) -> None:
    """A row that stands for n customers has the decile that the first of n alike has on its own."""
    weights = weights[: len(amounts)]
    ids = [f"{n:03d}" for n in range(len(amounts))]
    rows = ranking(np.array(amounts, float), np.array(weights, float), texts(ids))
    apart = np.repeat(np.array(amounts, float), weights)
    alone = ranking(apart, np.ones(len(apart)), texts([f"{n:04d}" for n in range(len(apart))]))
    first = np.concatenate([[0], np.cumsum(weights)[:-1]])
    assert rows.decile.tolist() == alone.decile[first].tolist()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_parts_of_customers_are_ranked_as_if_counted_exactly(parts: list[int]) -> None:
    """Shares of 40 replications are not exact in floats; their deciles are those of whole numbers."""
    rows = ranking(
        -np.arange(len(parts), dtype=float), np.array(parts) / 40, texts([str(n) for n in range(len(parts))])
    )
    before = [sum(parts[:n]) for n in range(len(parts))]
    assert rows.decile.tolist() == [10 * each // sum(parts) + 1 for each in before]


@given(AMOUNTS)
def test_the_curve_adds_up_and_peaks_where_amounts_turn(amounts: list[int]) -> None:
    amount, customers = np.array(amounts, float), np.ones(len(amounts))
    found = curve(amount, customers, ranking(amount, customers, texts([str(n) for n in range(len(amounts))])).order)
    cumulated = [0, *accumulate(sorted(amounts, reverse=True))]
    assert found.total == found.amount[-1] == sum(amounts)
    assert found.peak == max(cumulated) == sum(each for each in amounts if each > 0)
    at = len(amounts) / 4  # a quarter of all customers
    lower = int(at)
    share = at - lower
    expected = cumulated[lower] * (1 - share) + cumulated[min(lower + 1, len(amounts))] * share
    assert found.amount[25] == pytest.approx(expected)


@given(AMOUNTS)
def test_deciles_and_migration_add_up(amounts: list[int]) -> None:
    amount, customers = np.array(amounts, float), np.linspace(0.5, 1.5, len(amounts))
    ids = texts([f"{n:03d}" for n in range(len(amounts))])
    before, after = ranking(amount, customers, ids), ranking(-amount, customers, ids)
    moved = migration(before.decile, after.decile, customers)
    np.testing.assert_allclose(moved.sum(axis=1), by_decile(customers, before.decile))
    np.testing.assert_allclose(moved.sum(axis=0), by_decile(customers, after.decile))
    assert np.trace(migration(before.decile, before.decile, customers)) == pytest.approx(customers.sum())
