"""The value of our customers, line by line of the profit and loss: what each adds to it over the horizon and beyond."""

from __future__ import annotations

import numpy as np

from simengine.engine.ledger import Ledger
from simengine.model.value_weights import value_weights
from simengine.tables.layout import Axes, Economics, Floats
from simengine.valuation.enterprise_value import Terms
from simengine.valuation.lines import customer_lines
from simengine.valuation.run_off import run_off_value

LINES = ("revenue", "cost_of_goods", "cost_to_serve", "acquisition", "tax", "capital", "run_off")


def value_by_line(ledger: Ledger, economics: Economics, axes: Axes) -> Floats:
    """[C, R, S, 2, L] currency; by presence, and by `LINES`, costs negative: together the customers' value.

    Enterprise value is linear in revenue, costs and tax of each period and in capital at each opening, see
    `model.value_weights`. Of capital it is what is released, and worth at the horizon, less what is invested; run_off
    is what customers of the horizon bring until they leave, where the residual method is that.
    """
    lines = customer_lines(ledger, economics, axes)
    rate = economics.discount_rate_per_period
    parts = value_weights(len(axes.periods), axes.periods_per_year, rate, economics.residual, economics.timing)
    of_nopat, of_capital = (np.add(*weights) for weights in zip(*parts, strict=True))
    costs = (lines.cost_of_goods, lines.cost_to_serve, lines.acquisition, lines.tax)
    beyond = run_off_value(ledger, economics, axes) * Terms.of(economics, axes).at_horizon(len(axes.periods))
    value = _weighted(lines.revenue, of_nopat)
    return np.stack(
        [
            value,
            *(-_weighted(cost, of_nopat) for cost in costs),
            _weighted(lines.capital, of_capital),
            np.broadcast_to(beyond, value.shape),
        ],
        axis=-1,
    )


def _weighted(flow: Floats, weights: Floats) -> Floats:
    """[C, R, S, 2] sum over time of a flow [C, R, time, S, 2], in order: same bits for any shape."""
    total = np.zeros((*flow.shape[:2], *flow.shape[3:]))
    for t, weight in enumerate(weights.tolist()):
        total = total + flow[:, :, t] * weight
    return total
