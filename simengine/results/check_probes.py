"""The cells that a check simulates, and what it reads of them for segments of both kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Ledger
from simengine.portfolio.population import Portfolio
from simengine.results.check_report import Figure
from simengine.tables.layout import MONEY_OF_CELLS, OUR_STATES, Choice, Tables

YEARS = (1, 3, 10)
DEARER, CHEAPER = 1.01, 0.99  # our price over today's, on both sides of it
TODAY, DEAR, CHEAP, NO_RETURN = 0, 1, 2, 3  # cells


def with_probes(tables: Tables) -> Tables:
    """The only cell of `tables` four times: as it is, our price a little up, a little down, and with nobody who is not
    ours ever reviewing, so that who leaves us stays away and can be counted."""
    ratios = (1.0, DEARER, CHEAPER, 1.0)

    def repeated(table: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(table, len(ratios), axis=0)

    choice, run_off = Choice._make(repeated(table) for table in tables.choice), tables.run_off
    price_feature = len(tables.axes.needs)
    for cell, ratio in enumerate(ratios):
        choice.coefficient[cell, :, tables.segments.choice, 0, price_feature] = 1.0 - ratio
    choice.review[NO_RETURN, ..., 1:] = 0.0
    money: dict[str, Any] = {name: repeated(getattr(tables.economics, name)) for name in MONEY_OF_CELLS}
    return tables._replace(
        axes=tables.axes._replace(cells=tuple((f"probe {cell}", "quiet") for cell in range(len(ratios)))),
        choice=choice,
        economics=tables.economics._replace(**money),
        run_off=run_off and run_off._replace(choice=Choice._make(repeated(table) for table in run_off.choice)),
        reference=np.zeros(len(ratios), np.int64),
    )


def revenue_of(s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger) -> Figure:
    """Mean revenue a year of our customers: the scenario's or the customer file's, and the opening's."""
    count = ledger.count[TODAY, 0, 0, s, OUR_STATES].sum() / ledger.count_scale
    by_stage = ledger.revenue[TODAY, 0, 0, s, OUR_STATES].sum(axis=-1) / ledger.money_scale
    modelled = float((by_stage * tables.economics.stage_revenue[s]).sum() / count)
    stated = known(tables.segments.stated_revenue[s])
    if stated is None:
        rows, population = rows_of(tables, s), portfolio.population
        weight = np.where(population.supplier[rows] == 0, population.weight[rows], 0.0)
        total = float(weight.sum())
        stated = float((weight * population.revenue[rows]).sum()) / total if total else None
    return Figure(stated, modelled)


def rows_of(tables: Tables, s: int) -> slice:
    return slice(int(tables.segments.rows[s]), int(tables.segments.rows[s + 1]))


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
