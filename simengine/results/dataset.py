"""A run as an xarray Dataset: named dimensions, units, and how to make it again."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray
from numpy.typing import NDArray

from simengine.engine.ledger import GAINED, LOST, Ledger, in_units
from simengine.results.manifest import provenance
from simengine.results.variables import BOARDS, DIMENSIONS, EMPLOYEES, EXPERIENCE, IMITATION, INPUTS, VARIABLES, WAITING
from simengine.results.waiting import change_name
from simengine.tables.layout import (
    OUR_STATES,
    PRESENCE,
    STAGES,
    Axes,
    Economics,
    Experience,
    Rivals,
    Waiting,
    by_supplier,
)
from simengine.valuation.by_line import LINES
from simengine.valuation.rivals import RivalLines, rival_lines

if TYPE_CHECKING:
    from simengine.results.run import Run

Array = NDArray[Any]
CONVERTED_STAGE = "converted"


def dataset_of(run: Run) -> xarray.Dataset:
    """Every variable of `variables.VARIABLES`, and of the groups that the scenario is about; money in units of the
    currency. Nan where a cell was not simulated in a replication."""
    own = _dataset_of_its_own(run)
    if run.further is None:
        return own
    further = run.further.dataset
    longer = own.reindex(replication=further.replication)
    found = further.reindex({str(name): values for name, values in longer.coords.items()}).fillna(longer)
    return found.assign_attrs(own.attrs)


def in_common(dataset: xarray.Dataset) -> xarray.Dataset:
    """A run's dataset in the replications that all its cells have, which are the first ones."""
    there = dataset["value_per_share"].notnull().all(["allocation", "move"])
    return dataset.isel(replication=slice(int(there.sum())))


def _dataset_of_its_own(run: Run) -> xarray.Dataset:
    axes = run.tables.axes
    coordinates = {
        "allocation": list(dict.fromkeys(allocation for allocation, _ in axes.cells)),
        "move": list(dict.fromkeys(move for _, move in axes.cells)),
        "replication": list(range(run.valuation.replications)),
        "period": list(axes.periods),
        "segment": list(axes.segments),
        "stage": [*STAGES, CONVERTED_STAGE],
        "supplier": list(axes.suppliers),
        "rival": list(axes.suppliers[1:-1]),
        "need": list(axes.needs),
        "line": list(LINES),
        "presence": list(PRESENCE),
    }
    arrays, variables = _arrays(run), VARIABLES
    if run.tables.experience is not None:
        coordinates |= {"touchpoint": list(run.tables.experience.touchpoints)}
        arrays |= _experience(run.tables.experience)
        variables += EXPERIENCE
        if run.tables.experience.employees is not None:
            arrays |= run.tables.experience.employees._asdict()
            variables += EMPLOYEES
    if run.tables.boards is not None:
        coordinates |= {"lever": list(run.tables.boards.levers)}
        arrays |= {"board_spend": run.tables.boards.spend}
        variables += BOARDS
    offers, waiting = run.tables.offers, run.tables.waiting
    if run.drawn is not None:
        coordinates |= {"input": list(run.drawn.paths)}
        arrays |= {"inputs": run.drawn.values}
        variables += INPUTS
    if offers.imitated_price is not None and offers.imitated_level is not None:
        arrays |= {"imitated_price": offers.imitated_price, "imitated_level": offers.imitated_level}
        variables += IMITATION
    if waiting is not None:
        coordinates |= {"move_change": [change_name(*change) for change in waiting.changes]}
        arrays |= _waiting(waiting, axes)
        variables += WAITING
    return xarray.Dataset(
        {
            variable.name: (
                variable.dims,
                _cells_apart(arrays.pop(variable.name), axes) if "move" in variable.dims else arrays[variable.name],
                {
                    "units": variable.unit.format(currency=run.scenario.currency),
                    "long_name": variable.sentence,
                },
            )
            for variable in variables
        },
        {name: (name, values, {"long_name": DIMENSIONS[name]}) for name, values in coordinates.items()},
        {"title": run.scenario.name, "provenance": json.dumps(provenance(run), ensure_ascii=False)},
    )


def write_dataset(dataset: xarray.Dataset, path: Path) -> None:
    """Write NetCDF 4, compressed."""
    encoding = {
        str(name): {"zlib": True, "complevel": 4, "shuffle": True} for name in dataset.data_vars if dataset[name].ndim
    }
    dataset.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _cells_apart(values: Array, axes: Axes) -> Array:
    """[allocation, move, ...] from [C, ...]."""
    allocations = list(dict.fromkeys(allocation for allocation, _ in axes.cells))
    moves = list(dict.fromkeys(move for _, move in axes.cells))
    place = {cell: c for c, cell in enumerate(axes.cells)}
    index = np.array([[place[allocation, move] for move in moves] for allocation in allocations])
    return np.asarray(values[index])


def _by_stage(ours: Array, contract: Array) -> Array:
    """[..., S, 4, 2] from [..., S, 3, 2]: who has converted under contract stands apart from who is loyal."""
    last = ours[..., -1:, :]
    under_contract = contract[:, None, None]
    return np.concatenate(
        [ours[..., :-1, :], np.where(under_contract, 0, last), np.where(under_contract, last, 0)], axis=-2
    )


def _unallocated(ledger: Ledger, economics: Economics, rivals: Rivals) -> Array:
    return np.asarray(economics.overhead + economics.unallocated)


def _rival_overhead(ledger: Ledger, economics: Economics, rivals: Rivals) -> Array:
    return rivals.overhead[None, None]


def _rival_lines(axes: Axes, ledger: Ledger, economics: Economics, rivals: Rivals) -> RivalLines:
    return rival_lines(ledger, economics, rivals, axes)


def _of_rivals(run: Run) -> dict[str, Array]:
    """The variables of the rivals."""
    worth, tables = run.rival_valuation, run.tables
    lines = run.of_parts(partial(_rival_lines, tables.axes))
    customers = by_supplier(run.ledger.count[:, :, 1:].sum(axis=(3, 5)))
    return {
        "rival_value": worth.value,
        "rival_value_from_economic_profit": worth.from_economic_profit,
        "rival_explicit_value": worth.explicit,
        "rival_customers_value": worth.customers,
        "rival_programmes_value": np.broadcast_to(worth.programmes, worth.customers.shape),
        "rival_unallocated_value": worth.unallocated,
        "rival_share": customers[..., 1:-1] / np.maximum(customers.sum(axis=-1, keepdims=True), 1),
        "rival_revenue": lines.revenue,
        "rival_nopat": lines.nopat,
        "rival_capital": lines.capital[:, :, :-1],
        "rival_economic_profit": lines.economic_profit,
        "rival_programme_spend": tables.rivals.programmes.mean(axis=1),
        "rival_overhead": run.of_parts(_rival_overhead).mean(axis=(0, 1)),
    }


def _arrays(run: Run) -> dict[str, Array]:
    """Every variable, with cells as the one axis 0 where it has allocation and move; of a table, the mean over
    replications where it differs by them."""
    valuation, ledger, economics = run.valuation, run.ledger, run.tables.economics
    lines = run.lines
    money, count = valuation.money_scale, valuation.count_scale
    customers = ledger.count[:, :, 1:]
    return {
        "value_per_share": valuation.value_per_share,
        "equity_value": valuation.equity / money,
        "enterprise_value": valuation.enterprise_value / money,
        "enterprise_value_from_economic_profit": valuation.enterprise_value_from_economic_profit / money,
        "explicit_value": valuation.explicit / money,
        "residual_value": valuation.residual / money,
        "customers_value": valuation.customers / money,
        "customers_value_by_line": run.value_by_line,
        "programmes_value": valuation.programmes / money,
        "unallocated_value": valuation.unallocated / money,
        "financing": np.asarray(valuation.financing / money).mean(),
        "opening_capital": valuation.opening_capital / money,
        "revenue": lines.revenue,
        "cost_of_goods": lines.cost_of_goods,
        "cost_to_serve": lines.cost_to_serve,
        "acquisition": lines.acquisition,
        "tax": lines.tax,
        "nopat": lines.nopat,
        "capital": lines.capital[:, :, :-1],
        "economic_profit": lines.economic_profit,
        "programme_spend": economics.programmes.mean(axis=1),
        "unallocated_spend": run.of_parts(_unallocated).mean(axis=1),
        "offer_price": run.tables.offers.price,
        "offer_level": run.tables.offers.level,
        "offer_knowledge": run.tables.offers.knowledge,
        "customers_opening": in_units(valuation.customers_opening[0], count),
        "customers": in_units(by_supplier(customers, axis=-2), count),
        "customers_by_stage": in_units(_by_stage(customers[..., OUR_STATES, :], run.tables.segments.contract), count),
        "joins": in_units(ledger.joins, count),
        "leaves": in_units(ledger.leaves, count),
        "customers_gained": ledger.changed_hands[..., GAINED] / count,
        "customers_lost": ledger.changed_hands[..., LOST] / count,
        "reviews_shared": ledger.direction[..., 0],
        "direction_violations": ledger.direction[..., 1],
        "reviews_after_divergence": ledger.direction[..., 2],
        **_of_rivals(run),
    }


def _waiting(waiting: Waiting, axes: Axes) -> dict[str, Array]:
    """Every variable of `variables.WAITING`: [allocation, move_change, replication]."""
    allocations = list(dict.fromkeys(allocation for allocation, _ in axes.cells))

    def of_its_move(table: Array) -> Array:
        cells = [[axes.cells.index((each, move)) for move, _ in waiting.changes] for each in allocations]
        return np.asarray(table[cells, :, np.arange(len(waiting.changes))])

    start = of_its_move(waiting.start)
    return {
        "move_start": np.where(start < len(axes.periods), start, np.nan),
        "move_times": of_its_move(waiting.times),
    }


def _experience(experience: Experience) -> dict[str, Array]:
    """Every variable of `variables.EXPERIENCE`, with cells as axis 0 likewise."""
    return {
        "owners": experience.owners,
        "touchpoint_quality": experience.quality,
        "experience": experience.experience,
        "experience_today": np.asarray(experience.today),
        "promised_level": experience.promised,
    }
