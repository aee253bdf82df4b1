"""What columns hold, as a person says it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.segmentation.markets import Rows, segmented, write

HEADER = ["customer_id", "w_price", "w_service", "monthly_bill", "profit", "online"]
ROWS: Rows = [
    [f"C{i}", (2 + i % 5) / 10, (8 - i % 5) / 10, 10 + i, 5 * i - 40, "yes" if i % 3 else "no"] for i in range(60)
]


def test_revenue_of_a_month_is_told_by_the_name_of_the_column_that_is_stated(tmp_path: Path) -> None:
    found = segmented(write(tmp_path, ROWS, HEADER), revenue="monthly_bill")
    assert found.base.value is not None
    assert found.base.value[:2].tolist() == [120, 132]
    assert found.base.value_name == "revenue"


def test_another_amount_is_the_value_beside_revenue_and_may_be_a_loss(tmp_path: Path) -> None:
    found = segmented(write(tmp_path, ROWS, HEADER), value="profit")
    assert found.base.value_name == "profit"
    assert found.roles.column("revenue") == "monthly_bill"
    assert found.classes[-1] == "loss"
    assert found.grid is not None
    assert sum(sum(row) for row in found.grid.share) == pytest.approx(1)


def test_a_need_is_not_named_as_a_word_of_the_language(tmp_path: Path) -> None:
    """An offer has a price already."""
    assert segmented(write(tmp_path, ROWS, HEADER)).base.needs == ("price_need", "service")


def test_features_may_be_yes_and_no_and_what_customers_bring(tmp_path: Path) -> None:
    found = segmented(write(tmp_path, ROWS, HEADER), features=["online", "monthly_bill"])
    assert found.base.feature_values[:4, 0].tolist() == [0, 1, 1, 0]
    assert np.array_equal(found.base.feature_values[:, 1], 10.0 + np.arange(60))
    assert found.base.value is not None
