"""What a run stores of a cell's profit and loss, and how that becomes value: from a run, and from its folder alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simengine.engine.ledger import Integers, in_units
from simengine.model.time import rate_per_period
from simengine.model.value_weights import value_weights
from simengine.results.run import Run
from simengine.scenario.model import Scenario
from simengine.scenario.suppliers import COMPANY
from simengine.scenario.with_values import with_values
from simengine.study.studied import read_of
from simengine.tables.economics import acquisition_of, residual_of
from simengine.tables.layout import OUR_STATES, STAGES, Floats
from simengine.valuation.by_line import LINES

if TYPE_CHECKING:
    import xarray

FLOWS = ("revenue", "cost_of_goods", "cost_to_serve", "acquisition", "capital")
NEW = STAGES[0]


class Terms(NamedTuple):
    """How money of the customers of S segments becomes value, and what their capital follows; R1: one where these are
    the same in all replications, else R."""

    of_nopat: Floats  # [R1, T] value of one unit of NOPAT in a period
    of_capital: Floats  # [R1, T + 1] value of one unit of capital at each opening and at the horizon
    kept: Floats  # [R1, 1] of a profit after tax
    margin: Floats  # [R1, 1, S] of revenue at today's price
    capital_of_revenue: Floats  # [R1, 1, S] as a fraction of yearly revenue; 0: it is an amount per customer
    capital_per_new: Floats  # [R1, 1, S] currency: the cost of acquisition where it is capitalised


class Totals(NamedTuple):
    """Of one cell. R replications, T periods, S segments, 2 presence (ours at the opening, or not)."""

    revenue: Floats  # [R, T, S, 2] currency in the period, as the next three
    cost_of_goods: Floats
    cost_to_serve: Floats
    acquisition: Floats
    capital: Floats  # [R, T, S, 2] currency at the opening of the period
    customers: Floats  # [R, T, S, 2] ours at the end of the period
    new: Floats  # [R, T, S, 2] the new ones among them
    value_of_capital: Floats  # [R, S, 2] currency, of all openings and the horizon
    value_of_run_off: Floats  # [R, S, 2] currency
    price_ratio: Floats  # [T, S] our price over our price today, in the mean of replications; 1 where nobody chooses
    customers_value: Integers  # [R, S, 2] steps of the money scale, as the next two
    programmes_value: Integers  # [R, S]
    unallocated_value: Integers  # [R]


class Cells(NamedTuple):
    """All cells of a run."""

    scenario: Scenario
    segments: tuple[str, ...]
    terms: Terms
    totals: dict[tuple[str, str], Totals]  # by allocation and move
    money_scale: float

    @property
    def steps_per_share(self) -> float:
        """Steps of the fixed point in a unit of currency per share."""
        return self.money_scale * self.scenario.company.shares


def cells_of_run(run: Run) -> Cells:
    """Of a run that is in memory."""
    axes, ledger, valuation, lines = run.tables.axes, run.ledger, run.valuation, run.lines
    ours = ledger.count[:, :, 1:, :, OUR_STATES]
    arrays = {name: getattr(lines, name) for name in FLOWS[:-1]} | {
        "capital": lines.capital[:, :, :-1],
        "customers": in_units(ours.sum(axis=-2), valuation.count_scale),
        "new": in_units(ours[..., 0, :], valuation.count_scale),
    }
    by_line = run.value_by_line
    price = run.tables.offers.price[..., 0]
    drawn = run.drawn
    terms = _terms(run.scenario) if drawn is None else _terms(run.scenario, drawn.paths, drawn.values)
    totals = {
        cell: Totals(
            **{name: of_cells[c] for name, of_cells in arrays.items()},
            value_of_capital=by_line[c, ..., LINES.index("capital")],
            value_of_run_off=by_line[c, ..., LINES.index("run_off")],
            price_ratio=_price_ratio(run.scenario, price[c]),
            customers_value=valuation.customers[c],
            programmes_value=valuation.programmes[c],
            unallocated_value=valuation.unallocated[c],
        )
        for c, cell in enumerate(axes.cells)
    }
    return Cells(run.scenario, axes.segments, terms, totals, valuation.money_scale)


def cells_of_folder(folder: Path) -> Cells:
    """Of a run's folder that is whole: its scenario and its dataset; the same to the bit as of the run. Raises
    ScenarioError."""
    import xarray

    from simengine.results.dataset import in_common
    from simengine.results.folder import SCENARIO
    from simengine.scenario import load_scenario

    scenario = load_scenario(folder / SCENARIO)
    with read_of(folder), xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as dataset:
        return cells_of_dataset(scenario, in_common(dataset))


def cells_of_dataset(scenario: Scenario, dataset: xarray.Dataset) -> Cells:
    """Of a run's dataset, in replications that all cells have, and its scenario."""
    scale = float(json.loads(dataset.attrs["provenance"])["money_scale"])

    def steps(name: str, cell: dict[str, str]) -> Integers:
        return np.asarray(np.rint(dataset[name].sel(cell).to_numpy() * scale).astype(np.int64))

    def totals(cell: dict[str, str]) -> Totals:
        def of(name: str, **some: Any) -> Floats:
            return np.asarray(dataset[name].sel({**cell, **some}).to_numpy())

        return Totals(
            **{name: of(name) for name in FLOWS},
            customers=of("customers", supplier=COMPANY),
            new=of("customers_by_stage", stage=NEW),
            value_of_capital=of("customers_value_by_line", line="capital"),
            value_of_run_off=of("customers_value_by_line", line="run_off"),
            price_ratio=_price_ratio(scenario, of("offer_price", supplier=COMPANY)),
            customers_value=steps("customers_value", cell),
            programmes_value=steps("programmes_value", cell),
            unallocated_value=steps("unallocated_value", cell),
        )

    terms = _terms(scenario)
    if "inputs" in dataset:
        terms = _terms(scenario, [str(path) for path in dataset["input"].values], dataset["inputs"].to_numpy())
    cells = [(str(a), str(m)) for a in dataset["allocation"].values for m in dataset["move"].values]
    return Cells(
        scenario,
        tuple(str(name) for name in dataset["segment"].values),
        terms,
        {cell: totals({"allocation": cell[0], "move": cell[1]}) for cell in cells},
        scale,
    )


def _terms(scenario: Scenario, paths: Sequence[str] = (), values: Floats | None = None) -> Terms:
    """The terms that a scenario states, under other `values` [R, n] of its inputs at some paths."""
    some = [n for n, path in enumerate(paths) if path.startswith(("company", "segments"))]
    if values is None or not some:
        return _terms_of(scenario)
    each = (dict(zip([paths[n] for n in some], row, strict=True)) for row in values[:, some].tolist())
    return Terms(*map(np.concatenate, zip(*(_terms_of(with_values(scenario, of)) for of in each), strict=True)))


def _terms_of(scenario: Scenario) -> Terms:
    """Of one replication, or of all."""
    company, calendar = scenario.company, scenario.calendar
    parts = value_weights(
        calendar.periods, calendar.periods_per_year, rate_per_period(company.discount_rate, calendar.years_per_period),
        residual_of(scenario), company.timing,
    )  # fmt: skip
    of_nopat, of_capital = (np.add(*weights) for weights in zip(*parts, strict=True))
    segments = scenario.segments.values()
    acquisition = [acquisition_of(segment) for segment in segments]
    return Terms(
        of_nopat[None],
        of_capital[None],
        np.array([[1.0 - company.tax_rate]]),
        np.array([[[segment.margin for segment in segments]]]),
        np.array([[[segment.capital.fraction for segment in segments]]]),
        np.array([[[each.money if each.capitalised else 0.0 for each in acquisition]]]),
    )


def _price_ratio(scenario: Scenario, price: Floats) -> Floats:
    """[T, S] from our prices [T, S], nan where nobody chooses."""
    today = np.array([scenario.price(COMPANY, segment) for segment in scenario.segments])
    return np.asarray(np.nan_to_num(price / today, nan=1.0))
