"""What customers who buy till they are gone have bought, from the columns of their files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customers import Booleans, Bought, Floats
from simengine.portfolio.number_style import number_hint
from simengine.scenario.customers import Columns
from simengine.scenario.time_units import YEARS

LONGEST = 100.0  # years since the first purchase: beyond a century the unit must be wrong
MOST_PURCHASES = 1e6
ROUNDING = 1e-9  # relative, by which a time to the last purchase may exceed that to today


def read_bought(columns: Columns, wanted: Booleans, numbers: Callable[[str], Floats], bad: BadCells) -> Bought:
    """The columns in file order, 0 in rows that are not `wanted`; cells of these that cannot be go to `bad`."""
    last, seen = columns.last_purchase, columns.observed
    assert columns.purchases is not None
    assert last is not None
    assert seen is not None
    purchases = numbers(columns.purchases)
    whole = (purchases >= 0) & (purchases <= MOST_PURCHASES) & (purchases == np.rint(purchases))
    bad.add(wanted & ~whole, columns.purchases, "how many purchases after the first: 0, 1, 2, ...", number_hint)
    of_last, of_seen = (YEARS[each.unit.removesuffix("s")] for each in (last, seen))
    observed, lasted = numbers(seen.column) * of_seen, numbers(last.column) * of_last
    known = (observed >= 0) & (observed <= LONGEST)
    expected = f"{seen.unit} from the first purchase to today, 0 to {LONGEST / of_seen:,.0f}"
    bad.add(wanted & ~known, seen.column, expected, number_hint)
    within = (lasted >= 0) & (lasted <= observed * (1 + ROUNDING))
    expected = f"{last.unit} from the first purchase to the last, at most those to today ({seen.column})"
    bad.add(wanted & known & ~within, last.column, expected, number_hint)
    fits = (lasted > 0) == (purchases > 0)
    expected = f"0 where nothing was bought after the first purchase ({columns.purchases}), else more"
    bad.add(wanted & whole & known & within & ~fits, last.column, expected)
    spend = np.full(len(purchases), np.nan)
    if columns.spend is not None:
        again = wanted & whole & (purchases > 0)
        spend = np.where(again, numbers(columns.spend), np.nan)
        wrong = again & ~((spend > 0) & np.isfinite(spend))
        expected = "mean money of the purchases after the first, above 0"
        bad.add(wrong, columns.spend, expected, number_hint)
    sound = wanted & whole & known & within
    purchases, lasted, observed = (
        np.where(sound, each, 0.0) for each in (purchases, np.minimum(lasted, observed), observed)
    )
    return Bought(purchases, lasted, observed, spend)
