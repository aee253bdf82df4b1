"""From the ledger to shareholder value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Ledger
from simengine.model.discounting import timing_factor
from simengine.tables.layout import Axes, Economics, Floats, Residual, by_supplier
from simengine.valuation.enterprise_value import Parts, Terms, both_forms, without_capital
from simengine.valuation.grid import exact_sum, to_grid
from simengine.valuation.lines import Lines, customer_lines, other_lines
from simengine.valuation.run_off import run_off_value
from simengine.valuation.stored import stored_customers
from simengine.valuation.valuation import Valuation

NOTHING = Residual("none", 0, 0.0)


def _of_customers(lines: Lines, run_off: Floats, terms: Terms) -> tuple[Parts, Floats]:
    """[C, R, S, 2]; `run_off` is what they are worth at the horizon until they leave."""
    parts, other = both_forms(np.moveaxis(lines.nopat, 2, -1), np.moveaxis(lines.capital, 2, -1), terms)
    beyond = run_off * terms.at_horizon(lines.nopat.shape[2])
    return parts._replace(residual=parts.residual + beyond), other + beyond


def _beside_customers(nopat: Floats, once: Floats, replications: int, terms: Terms) -> tuple[Parts, Floats]:
    """[C, R, ...] of lines [C, R1, T, ...], of which `once` is spent once: it says nothing of what lies beyond."""
    if once.ndim:
        lasting, other = without_capital(np.moveaxis(nopat - once, 2, -1), terms)
        spent, other_spent = without_capital(np.moveaxis(once, 2, -1), terms._replace(residual=NOTHING))
        explicit, residual, other = lasting.explicit + spent.explicit, lasting.residual, other + other_spent
    else:
        (explicit, residual), other = without_capital(np.moveaxis(nopat, 2, -1), terms)
    shape = (len(nopat), replications, *nopat.shape[3:])
    explicit, residual, both = (np.broadcast_to(part, shape) for part in (explicit, residual, other))
    return Parts(explicit, residual), both


def value(
    ledger: Ledger,
    economics: Economics,
    axes: Axes,
    customer_segment: NDArray[np.integer] | None = None,
) -> Valuation:
    """Value of the company in every cell and replication.

    `customer_segment` [N] is needed where the ledger holds values of single customers; these are then what is
    published, and what they differ by from the segments' own lines, through rounding, is shown.
    Raises OutOfProportion where a value does not fit the money scale, ValueError for a residual without a
    value.
    """
    replications = ledger.count.shape[1]
    terms = Terms.of(economics, axes)
    lines, others = customer_lines(ledger, economics, axes), other_lines(economics, axes)
    scale = ledger.money_scale

    customers, customers_other = _of_customers(lines, run_off_value(ledger, economics, axes), terms)
    programmes, programmes_other = _beside_customers(
        others.programmes_nopat, others.programmes_once, replications, terms
    )
    unallocated, unallocated_other = _beside_customers(
        others.unallocated_nopat, others.unallocated_once, replications, terms
    )
    customers_explicit, customers_residual = (to_grid(part, scale) for part in customers)
    programmes_explicit, programmes_residual = (to_grid(part, scale) for part in programmes)
    unallocated_explicit, unallocated_residual = (to_grid(part, scale) for part in unallocated)
    from_profit = (
        to_grid(customers_other, scale).sum(axis=(2, 3))
        + to_grid(programmes_other, scale).sum(axis=2)
        + to_grid(unallocated_other, scale)
    )

    opening = to_grid(lines.capital[:, :, 0, :, 0] + lines.capital[:, :, 0, :, 1], scale)
    u = timing_factor(economics.discount_rate_per_period, economics.timing)
    financing = to_grid(np.asarray(economics.other_assets - economics.net_debt), scale)

    of_lines = exact_sum(customers_explicit + customers_residual, axis=1)
    published = of_lines
    if len(ledger.customers) > 0:
        if customer_segment is None:
            raise ValueError("the ledger holds values of single customers: their segments are needed")
        published = of_lines.copy()
        published[list(ledger.customer_cells)] = stored_customers(
            ledger.customers, customer_segment, len(axes.segments)
        )

    profit = lines.economic_profit
    return Valuation(
        customers_explicit=customers_explicit,
        customers_residual=customers_residual,
        programmes_explicit=programmes_explicit,
        programmes_residual=programmes_residual,
        unallocated_explicit=unallocated_explicit,
        unallocated_residual=unallocated_residual,
        financing=int(financing),
        enterprise_value_from_economic_profit=from_profit,
        opening_capital=opening,
        opening_capital_charged=to_grid(opening.sum(axis=2) / scale * u, scale),
        published_customers=published,
        rounding=np.asarray((of_lines - published).sum(axis=(1, 2))),
        economic_profit=profit[..., 0] + profit[..., 1] + others.programmes_nopat,
        unallocated_economic_profit=others.unallocated_nopat,
        customers_opening=by_supplier(ledger.count[:, :, 0].sum(axis=-1)),
        customers_end=by_supplier(ledger.count[:, :, -1].sum(axis=-1)),
        shares=economics.shares,
        money_scale=scale,
        count_scale=ledger.count_scale,
    )
