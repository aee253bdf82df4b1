"""One small profit and loss, checked by hand."""

import numpy as np
import pytest

from simengine.valuation.lines import customer_lines, other_lines

from .ledgers import COUNT_SCALE, MONEY_SCALE, axes_of, economics_of, empty_ledger, laid_by_segment, random_book

NEW, ESTABLISHED, LOYAL, PRESENT, FUTURE = 0, 1, 2, 0, 1


def quarter_book(capitalised):
    """One quarter. Opening: 10 new, 20 established, 40 loyal. End: 6 new, of whom 5 joined, 18 and 42."""
    axes = axes_of(1, rivals=1, periods_per_year=4)
    ledger = empty_ledger(axes)
    for t, customers in enumerate(([10, 20, 40], [6, 18, 42])):
        for stage, number in enumerate(customers):
            ledger.count[0, 0, t, 0, stage, PRESENT] = number * COUNT_SCALE
            ledger.revenue[0, 0, t, 0, stage, PRESENT] = number * 1000 * MONEY_SCALE
    ledger.count[0, 0, :, 0, 3, FUTURE] = 500 * COUNT_SCALE  # a rival's: no money of ours
    ledger.revenue[0, 0, :, 0, 3, FUTURE] = 9e5 * MONEY_SCALE
    ledger.joins[0, 0, 0, 0, 0, PRESENT] = 5 * COUNT_SCALE
    ledger.joins[0, 0, 0, 0, 1, PRESENT] = 11 * COUNT_SCALE
    economics = economics_of(
        axes,
        price_ratio=np.full((1, 1, 1, 1), 1.1),
        wallet=np.full((1, 1, 1, 1), 1.2),
        demand=np.full((1, 1, 1), 0.9),
        cost_to_serve=np.full((1, 1, 1, 1), 80.0),
        programmes=np.full((1, 1, 1, 1), 2000.0),
        stage_revenue=np.array([[0.5, 1.0, 1.5]]),
        margin=np.array([0.6]),
        capital_of_revenue=np.array([0.1]),
        capital_per_customer=np.array([7.0]),
        acquisition_cost=np.array([90.0]),
        acquisition_capitalised=np.array([capitalised]),
        unallocated=np.full((1, 1, 1), 600.0),
        overhead=1000.0,
        tax_rate=0.25,
        discount_rate_per_period=0.02,
    )
    return customer_lines(ledger, economics, axes), other_lines(economics, axes)


@pytest.mark.parametrize(
    ("capitalised", "acquisition", "opening", "closing"),
    # joining: 5 x 90; later: the 5 who joined and the fall from 10 to 6 new customers stopped being new
    [(False, 450.0, 0.0, 0.0), (True, 810.0, 900.0, 540.0)],
)
def test_a_quarter_by_hand(capitalised, acquisition, opening, closing):
    lines, others = quarter_book(capitalised)
    at = (0, 0, 0, 0, PRESENT)
    today = 3_000 + 18_000 + 63_000  # at the end of the quarter, by stage
    revenue, goods, serve = today * 0.9 * 1.1 * 1.2 / 4, 0.4 * today * 0.9 * 1.2 / 4, 66 * 80 / 4
    contribution = revenue - goods - serve - acquisition
    assert lines.revenue[at] == pytest.approx(revenue)
    assert lines.cost_of_goods[at] == pytest.approx(goods)
    assert lines.cost_to_serve[at] == pytest.approx(serve)
    assert lines.acquisition[at] == pytest.approx(acquisition)
    assert lines.tax[at] == pytest.approx(0.25 * contribution)
    assert lines.nopat[at] == pytest.approx(0.75 * contribution)
    capital = [0.1 * 85_000 + 7 * 70 + opening, 0.1 * today * 1.1 * 1.2 + 7 * 66 + closing]
    assert lines.capital[0, 0, :, 0, PRESENT] == pytest.approx(capital)
    assert lines.economic_profit[at] == pytest.approx(0.75 * contribution - 0.02 * capital[0])
    assert all(not line[..., FUTURE].any() for line in lines)
    assert others.programmes_nopat[0, 0, 0, 0] == pytest.approx(-0.75 * 500.0)
    assert others.unallocated_nopat[0, 0, 0] == pytest.approx(-0.75 * 400.0)


def test_lines_add_up():
    ledger, axes, economics = random_book(1)
    lines = customer_lines(ledger, economics, axes)
    costs = lines.cost_of_goods + lines.cost_to_serve + lines.acquisition
    assert lines.nopat == pytest.approx(lines.revenue - costs - lines.tax)
    charge = economics.discount_rate_per_period * lines.capital[:, :, :-1]
    assert lines.economic_profit == pytest.approx(lines.nopat - charge)


def test_lines_do_not_show_how_a_ledger_lies_in_memory():
    """Each line has the order of its axes, so whatever is added up of it has the same bits."""
    ledger, axes, economics = random_book(3, replications=12, segments=9, periods=10)
    lines = customer_lines(laid_by_segment(ledger), economics, axes)
    for one, other in zip(customer_lines(ledger, economics, axes), lines, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.strides == other.strides
