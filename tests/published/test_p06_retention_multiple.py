"""P6. Gupta, Lehmann & Stuart 2004, 'Valuing customers', J. Marketing Research 41(1), 7-18, note 2,
doi:10.1509/jmkr.41.1.7.25084."""

import numpy as np
import pytest

from .books import per_customer, surviving, value_of_book

YEARS, DISCOUNT = 300, 0.12


@pytest.mark.parametrize(("retention", "multiple"), [(0.6, 1.1538), (0.7, 1.6667), (0.8, 2.5), (0.9, 4.0909)])
def test_margin_multiple(retention, multiple):
    worth = value_of_book(surviving(retention, YEARS, first=retention), 1.0, DISCOUNT)
    assert per_customer(worth) == pytest.approx(multiple, abs=5e-5)


def test_an_expected_life_of_five_years_is_not_five_years_for_sure():
    lasting = per_customer(value_of_book(surviving(0.8, YEARS, first=0.8), 100.0, DISCOUNT))
    shortcut = per_customer(value_of_book(np.ones((1, 6)), 100.0, DISCOUNT))
    assert lasting == pytest.approx(250.0)
    assert round(shortcut) == 360
    assert shortcut / lasting - 1 == pytest.approx(0.44, abs=0.005)
