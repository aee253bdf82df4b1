"""Identity 4: the mean of sampled paths is the expected path, in every cell, segment and period.

Error rate: a right engine exceeds 4 standard errors in one comparison of 16,000 (11,000 by Student's t), and there are
some 5,000 comparisons in each of 5 scenarios; most repeat one another (the same luck in every cell, totals along
time), so that about every other choice of seeds would fail somewhere if they were independent, and far fewer do. The
seeds are fixed: on given code a test either always fails or never.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.properties.worlds import Lived, live, random_market, with_simulation

REPLICATIONS = 2000
STANDARD_ERRORS = 4
FEWEST = 30  # events behind a comparison: with fewer the mean is not normal
SEEDS = range(101, 106)


@pytest.fixture(scope="module", params=SEEDS)
def modes(request: pytest.FixtureRequest) -> tuple[Lived, Lived]:
    """(sampled, expected)"""
    drawn = live(random_market(request.param, mode="sampled", replications=REPLICATIONS, customer_values=False))
    return drawn, live(random_market(request.param, mode="expected", customer_values=False))


def assert_agree(drawn: np.ndarray, wanted: np.ndarray, precision: float) -> None:
    """drawn [C, R, ...], wanted [C, ...]; `precision` is that of expected mode itself, in the same unit."""
    error = drawn.std(axis=1, ddof=1) / np.sqrt(drawn.shape[1])
    off = np.abs(drawn.mean(axis=1) - wanted)
    assert (off <= STANDARD_ERRORS * error + precision).all(), (off / np.maximum(error, 1e-300)).max()


def test_customers_by_state_and_presence(modes: tuple[Lived, Lived]) -> None:
    drawn, wanted = modes
    expected = wanted.ledger.count[:, 0] / wanted.ledger.count_scale
    frequent = expected * REPLICATIONS >= FEWEST
    sampled = np.where(frequent[:, None], drawn.ledger.count, 0)
    assert frequent.mean() > 0.3
    assert_agree(sampled, np.where(frequent, expected, 0), 1e-4)


def test_joins_and_leaves(modes: tuple[Lived, Lived]) -> None:
    drawn, wanted = modes
    for name in ("joins", "leaves"):
        expected = getattr(wanted.ledger, name)[:, 0] / wanted.ledger.count_scale
        frequent = expected * REPLICATIONS >= FEWEST
        sampled = np.where(frequent[:, None], getattr(drawn.ledger, name), 0)
        assert_agree(sampled, np.where(frequent, expected, 0), 1e-4)


def test_revenue_of_every_supplier(modes: tuple[Lived, Lived]) -> None:
    drawn, wanted = modes
    sampled, expected = (
        each.ledger.revenue.sum(axis=-1) / each.ledger.money_scale for each in modes
    )  # [C, R, T + 1, S, states]
    assert_agree(sampled, expected[:, 0], 1e-6 * expected.max())
    assert drawn.tables.axes == wanted.tables.axes


def test_value_of_every_segment_and_of_the_company(modes: tuple[Lived, Lived]) -> None:
    drawn, wanted = (each.valuation for each in modes)
    for field in ("customers", "enterprise_value"):
        sampled = getattr(drawn, field) / drawn.money_scale
        expected = getattr(wanted, field)[:, 0] / wanted.money_scale
        assert_agree(sampled, expected, 1e-6 * np.abs(expected).max())


def test_what_a_cell_adds_to_the_baseline(modes: tuple[Lived, Lived]) -> None:
    """Paired differences have the smallest standard errors: the sharpest comparison."""
    drawn, wanted = modes
    reference = drawn.tables.reference
    sampled, expected = (each.enterprise_value - each.enterprise_value[reference] for each in modes)
    assert_agree(sampled, expected[:, 0], 1e-6 * np.abs(wanted.enterprise_value).max())
    assert (np.abs(expected[2:]) > 0).all()


def test_customers_one_by_one() -> None:
    """The mean of each customer's value over 8 batches of replications against its own expectation.

    The squares of Student's t with 7 degrees of freedom have mean 1.4 and variance 7.84: a bias of one standard error
    in every customer would nearly double their mean, which lies within 4 of its own standard errors.
    """
    batches, replications = 8, 100
    document = random_market(110)
    document["moves"] = {"quiet": {}}
    wanted = live(document)
    sums = [np.zeros_like(wanted.ledger.customer_value)]
    for batch in range(1, batches + 1):  # the first replications of a longer run are those of a shorter one
        drawn = live(with_simulation(document, mode="sampled", replications=batch * replications))
        sums.append(drawn.ledger.customer_value)
    means = np.diff(sums, axis=0).sum(axis=1) / drawn.ledger.money_scale / replications  # [batch, N, C]
    expected = wanted.ledger.customer_value.sum(axis=0) / wanted.ledger.money_scale
    error = means.std(axis=0, ddof=1) / np.sqrt(batches)
    t = ((means.mean(axis=0) - expected) / error)[:, drawn.cell("grow")]
    assert abs((t**2).mean() - 1.4) <= STANDARD_ERRORS * np.sqrt(7.84 / len(t))
    assert abs(t.mean()) <= STANDARD_ERRORS * np.sqrt(1.4 / len(t))
