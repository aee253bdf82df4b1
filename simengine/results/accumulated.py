"""What is added up over replications in floating point, in their order: kept, so that later ones go on where these end.

Totals are integers, whose sums no order changes. These sums are not: a run that is made longer has the bits of a run
that was as long from the beginning only if it adds to what there was.
"""

from __future__ import annotations

from dataclasses import dataclass

from simengine.engine.customer_values import ExpectedValues
from simengine.engine.ledger import Ledger
from simengine.tables.layout import Floats
from simengine.tables.shown import Sums
from simengine.tables.unfolding import Unfolding


@dataclass(frozen=True, eq=False)
class Accumulated:
    """Over all replications since the first of some run."""

    shown: Sums  # of what everybody offers
    units: Floats | None  # `ExpectedValues.unit`; None where no values of single customers are added up so


@dataclass(frozen=True, eq=False)
class Onward:
    """The same with replications before a run, which its own are added up on top of."""

    before: Accumulated
    whole: Accumulated


def accumulated(ledger: Ledger, unfolding: Unfolding) -> Accumulated:
    """Of the replications of one run."""
    return Accumulated(unfolding.shown.sums(), units_of(ledger))


def onward(before: Accumulated | None, ledger: Ledger, unfolding: Unfolding) -> Onward | None:
    """Of the replications of a run on top of those before; None where there are none to go on from."""
    if before is None or unfolding.onward is None:
        return None
    customers = ledger.customers
    units = customers.onward if isinstance(customers, ExpectedValues) else None
    return Onward(before, Accumulated(unfolding.onward.sums(), units))


def units_of(ledger: Ledger) -> Floats | None:
    """`ExpectedValues.unit`, where the ledger keeps such values of single customers."""
    customers = ledger.customers
    return customers.unit if isinstance(customers, ExpectedValues) and len(customers) else None
