"""The columns of a synthetic file: their names, what a scenario says of them, and their cells in SQL."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.population import UNKNOWN_TENURE
from simengine.portfolio.sql_text import literal, quoted
from simengine.scenario.customers import Columns
from simengine.scenario.model import Scenario
from simengine.synthesis.drawer import Drawn
from simengine.synthesis.today import Today

ID, SEGMENT, SUPPLIER, REVENUE = "customer_id", "segment", "supplier", "revenue_per_year"
TENURE, CHURNED, SENSITIVITY = "tenure_months", "churned", "price_sensitivity"


class Held(NamedTuple):
    """Which columns a file of some scenario has besides id, segment and revenue."""

    choice: bool  # suppliers and price sensitivity
    tenure: bool
    churned: bool
    needs: tuple[str, ...]


def held(today: Today) -> Held:
    """The columns of the file of a market."""
    choice = any(segment.dynamics == "choice" for segment in today.scenario.segments.values())
    contracts = [
        own
        for own, segment in zip(today.rows, today.scenario.segments.values(), strict=True)
        if own is not None and segment.dynamics == "contract"
    ]
    return Held(
        choice,
        choice or any(own.tenure_months is not None for own in contracts),
        any(own.churned.any() for own in contracts),
        today.scenario.needs if choice else (),
    )


def columns_of(file: Held) -> Columns:
    """What a scenario says of the columns."""
    stated: dict[str, Any] = {"id": ID, "segment": SEGMENT, "revenue": {"column": REVENUE, "unit": "a year"}}
    if file.choice:
        stated |= {"supplier": SUPPLIER, "price_sensitivity": SENSITIVITY}
    if file.tenure:
        stated["tenure"] = {"column": TENURE, "unit": "months"}
    if file.churned:
        stated["churned"] = CHURNED
    if file.needs:
        stated["needs"] = {need: _of_need(need) for need in file.needs}
    return Columns.model_validate(stated)


def arrays_of(first_id: int, segment: NDArray[np.int64], drawn: Drawn) -> dict[str, NDArray[Any]]:
    """Plain columns of some rows, the names that `query` reads; ids count on from `first_id`."""
    return {
        "id": np.arange(first_id, first_id + len(segment), dtype=np.int64),
        "segment": segment,
        "supplier": drawn.supplier.astype(np.int64),
        "revenue": drawn.revenue,
        "tenure": drawn.tenure_months,
        "churned": drawn.churned,
        "sensitivity": drawn.price_sensitivity,
        **{f"need{k}": np.ascontiguousarray(drawn.needs[:, k]) for k in range(drawn.needs.shape[1])},
    }


def query(file: Held, scenario: Scenario) -> str:
    """The SELECT that turns plain columns, a table `drawn`, into those of the file. What is unknown is empty."""
    cells = {ID: "id", SEGMENT: _named("segment", tuple(scenario.segments))}
    if file.choice:
        cells[SUPPLIER] = _named("supplier", scenario.suppliers)
    cells[REVENUE] = "revenue"
    if file.tenure:
        cells[TENURE] = f"nullif(tenure, {UNKNOWN_TENURE})"
    if file.churned:
        cells[CHURNED] = "CASE WHEN churned THEN 'yes' ELSE 'no' END"
    for k, need in enumerate(file.needs):
        cells[_of_need(need)] = f"CASE WHEN isnan(need{k}) THEN NULL ELSE need{k} END"
    if file.choice:
        cells[SENSITIVITY] = "CASE WHEN isnan(sensitivity) THEN NULL ELSE sensitivity END"
    return "SELECT " + ", ".join(f"{cell} AS {quoted(name)}" for name, cell in cells.items()) + " FROM drawn"


def _of_need(need: str) -> str:
    return f"need_{need}"


def _named(index: str, names: tuple[str, ...]) -> str:
    return f"[{', '.join(literal(name) for name in names)}][{index} + 1]"
