"""Values stored customer by customer are what is published; what rounding leaves is shown."""

from dataclasses import replace

import numpy as np
import pytest

from simengine.engine.customer_values import DrawnValues
from simengine.valuation.stored import stored_customers
from simengine.valuation.value import value

from .ledgers import random_book

SEGMENT = np.array([0, 2, 2, 0, 1], dtype=np.int32)


def with_stored_values():
    ledger, axes, economics = random_book(4)
    random = np.random.default_rng(4)
    stored = random.integers(-(2**62), 2**62, (2, len(SEGMENT), len(axes.cells)))
    customers = DrawnValues(stored, np.zeros(len(SEGMENT), np.int64))
    return replace(ledger, customers=customers, customer_cells=tuple(range(stored.shape[-1]))), axes, economics


def test_gathered_into_segments_without_overflow():
    ledger, axes, _ = with_stored_values()
    gathered = stored_customers(ledger.customers, SEGMENT, len(axes.segments))
    assert gathered.shape == (2, 3, 2)
    for c in range(2):
        for s in range(3):
            for p in range(2):
                own = [int(v) for v in ledger.customer_value[p, s == SEGMENT, c]]
                assert gathered[c, s, p] == sum(own)


def test_published_values_and_rounding_add_up_to_enterprise_value():
    ledger, axes, economics = with_stored_values()
    worth = value(ledger, economics, axes, SEGMENT)
    assert (worth.published_customers == stored_customers(ledger.customers, SEGMENT, 3)).all()
    beside = worth.programmes.sum(axis=(1, 2)) + worth.unallocated.sum(axis=1)
    whole = worth.published_customers.sum(axis=(1, 2)) + beside + worth.rounding
    assert (whole == worth.enterprise_value.sum(axis=1)).all()


def test_without_stored_values_the_lines_are_published():
    ledger, axes, economics = random_book(4)
    worth = value(ledger, economics, axes)
    assert (worth.published_customers == worth.customers.sum(axis=1)).all()
    assert worth.rounding.tolist() == [0, 0]


def test_segments_that_do_not_fit_are_refused():
    ledger, axes, economics = with_stored_values()
    with pytest.raises(ValueError, match="segments are needed"):
        value(ledger, economics, axes)
    with pytest.raises(ValueError, match="values of 5 customers"):
        value(ledger, economics, axes, SEGMENT[:3])
