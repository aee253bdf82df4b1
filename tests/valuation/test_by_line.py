"""Lines of the profit and loss and capital add up to the value of customers."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.tables.layout import Residual
from simengine.valuation.by_line import LINES, value_by_line
from simengine.valuation.value import value
from tests.valuation.ledgers import random_book


@pytest.mark.parametrize("timing", ["end", "mid", "start"])
@pytest.mark.parametrize(
    "residual",
    [
        Residual("none", 0, 0.0),
        Residual("book", 0, 0.0),
        Residual("fade", 40, 0.0),
        Residual("perpetuity", 0, 0.004),
        Residual("run_off", 0, 0.0),
    ],
    ids=lambda residual: residual.method,
)
def test_lines_add_up_to_the_value_of_customers(timing: str, residual: Residual) -> None:
    ledger, axes, economics = random_book(7)
    economics = economics._replace(timing=timing, residual=residual)
    lines, whole = value_by_line(ledger, economics, axes), value(ledger, economics, axes)
    assert lines.shape == (*whole.customers.shape, len(LINES))
    np.testing.assert_allclose(lines.sum(axis=-1), whole.customers / whole.money_scale, rtol=1e-9, atol=1e-3)
    assert (lines[..., LINES.index("revenue")] > 0.0).all()
    assert (lines[..., LINES.index("cost_of_goods")] < 0.0).all()
    assert lines[..., LINES.index("run_off")].any() == (residual.method == "run_off")
