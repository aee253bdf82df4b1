"""Value of the customers of the horizon until they leave, from the discounted presence that the engine added up."""

from __future__ import annotations

import numpy as np

from simengine.engine.ledger import Ledger, in_units
from simengine.tables.layout import STAGES, Axes, Economics, Floats
from simengine.tables.unit_value import run_off_units


def run_off_value(ledger: Ledger, economics: Economics, axes: Axes) -> Floats:
    """[C, R, S, 2] currency at the horizon, besides the capital there (see `residual_coefficients`).

    0 where the residual method is another.
    """
    if economics.residual.method != "run_off":
        return np.zeros(())
    units = run_off_units(economics, axes)
    lasting = ledger.run_off[..., 0] / ledger.run_off_count_scale  # [C, R, S, 3, 2]
    lasting_revenue = ledger.run_off[..., 1] / ledger.run_off_money_scale
    present = in_units(ledger.count[:, :, -1, :, : len(STAGES)], ledger.count_scale)
    present_revenue = in_units(ledger.revenue[:, :, -1, :, : len(STAGES)], ledger.money_scale)
    total = np.zeros(())
    for stage in range(len(STAGES)):
        revenue, then, now = (unit[..., stage, None] for unit in units)
        total = total + (lasting_revenue[..., stage, :] - present_revenue[..., stage, :]) * revenue
        total = total + lasting[..., stage, :] * then - present[..., stage, :] * now
    return np.asarray(total)
