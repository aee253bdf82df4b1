"""Markets for measuring are what their shapes say."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from simengine.bench.market import SHAPES, Market, Shape, market
from simengine.engine.ledger import Ledger
from simengine.engine.options import Options

SMALL = Shape(customers=8_000, segments=4, periods=8)


def simulated(own: Market, replications: int = 2) -> Ledger:
    return own.simulated(Options(1, "sampled", replications, customer_cells=()))


@pytest.mark.parametrize("cells", SHAPES)
def test_size(cells: int) -> None:
    own = market(SMALL._replace(cells=cells))
    assert len(own.population.ids) == SMALL.customers
    assert len(own.tables.axes.cells) == cells
    assert len(own.tables.axes.suppliers) == 5
    assert len(own.tables.axes.needs) == 4
    assert own.million_customer_periods(replications=3) == SMALL.customers * SMALL.periods * cells * 3 / 1e6


def test_cells_differ_from_the_first_period_on_in_every_segment() -> None:
    own = market(SMALL)
    coefficient = own.tables.choice.coefficient[:, 0]
    joins = simulated(own).joins[:, 0, 0].sum(axis=-1)
    for one, other in combinations(range(12), 2):
        for s in range(SMALL.segments):
            assert (coefficient[one, s] != coefficient[other, s]).any()
        assert (joins[one] != joins[other]).any()


@pytest.mark.parametrize("review", [0.05, 0.25])
def test_as_many_review_as_stated(review: float) -> None:
    np.testing.assert_allclose(market(SMALL._replace(review=review)).tables.choice.review, review, rtol=1e-9)


@pytest.mark.parametrize(("stages", "least", "most"), [(True, 0.4, 0.6), (False, 0.05, 0.2)])
def test_as_many_reviewers_switch_as_stated(stages: bool, least: float, most: float) -> None:
    own = market(SMALL._replace(stages=stages))
    reviewers = own.million_customer_periods(replications=2) * 1e6 * SMALL.review
    assert least < simulated(own).joins.sum() / reviewers < most


def test_with_stages_all_are_held_and_without_but_one() -> None:
    staged, plain = (simulated(market(SMALL._replace(stages=stages))).count for stages in (True, False))
    assert (staged[:, :, -1, :, :3].sum(axis=(1, 2, 4)) > 0).all()
    assert (plain[:, :, :, :, 1:3] == 0).all()


def test_known_suppliers_are_drawn_from_the_opening_and_sorted() -> None:
    drawn, known = market(SMALL), market(SMALL._replace(known=True))
    assert (drawn.population.supplier == -1).all()
    supplier = known.population.supplier
    assert set(np.unique(supplier)) == set(range(5))
    for s in range(SMALL.segments):
        rows = slice(*known.tables.segments.rows[s : s + 2])
        assert (np.diff(supplier[rows]) >= 0).all()
    # Everybody is where the file says; shares are those of the stationary market within sampling error.
    assert ((known.opening.states > 0).sum(axis=1) <= 3).all()
    assert (known.opening.states[supplier == 2, 4] == 1).all()
    # Normal, 20 shares, seed fixed: at other seeds at most one right program in 87,000 would have one beyond.
    error = 0.5 / np.sqrt(SMALL.customers / SMALL.segments)
    assert abs(known.opening.shares - drawn.opening.shares).max() < 5 * error
    assert set(known.population.ids) == set(drawn.population.ids)
