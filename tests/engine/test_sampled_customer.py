"""The luck of one customer, against the oracle's."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.sampled_customer import draw_errors
from simengine.engine.sampled_state import MOST_SUPPLIERS
from simengine.luck import CHOICE, draw, keys
from tests.oracle.luck import period_luck

SEED, CUSTOMER = 2**40 + 7, 2**61 + 5


@pytest.mark.parametrize("suppliers", range(3, MOST_SUPPLIERS + 1))
def test_every_supplier_has_the_error_of_its_slot(suppliers: int) -> None:
    low, high = np.uint32(CUSTOMER & 0xFFFFFFFF), np.uint32(CUSTOMER >> 32)
    for period, replication in ((0, 0), (5, 3), (11, 40)):
        address = (*keys(SEED), low, high)
        error = np.full(suppliers, np.nan, np.float32)
        outside = draw(*address, CHOICE, period, replication)[3]
        draw_errors(error, *address, period, replication, outside)
        nobody, *named = period_luck(SEED, CUSTOMER, period, replication).errors
        np.testing.assert_allclose(error, [*named[: suppliers - 1], nobody], rtol=2e-6, atol=2e-6)
