"""What a comparison starts from: the outcomes of every cell, of a run in memory or of a run's folder alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simengine.engine.ledger import Integers
from simengine.portfolio.customers import OURS
from simengine.results.folder import SCENARIO
from simengine.scenario.model import Scenario
from simengine.study.studied import read_of, require_run

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.tables.layout import Floats


OF_CELLS = (  # arrays [A, M, ...] of `Outcomes`
    "equity", "customers_end", "joins", "leaves", "changed_hands", "direction",
)  # fmt: skip


@dataclass(frozen=True)
class Outcomes:
    """The cells of a run, by name. Axes: A allocations, M moves, R replications, S segments, J suppliers.

    Integers are as a run's folder has them: numbers of 53 bits in steps of the fixed point, so that a run in memory and
    its folder say the same to the bit.
    """

    scenario: Scenario
    reference: str  # the allocation that the run was compared with
    allocations: tuple[str, ...]
    moves: tuple[str, ...]
    segments: tuple[str, ...]
    suppliers: tuple[str, ...]
    equity: Integers  # [A, M, R] in steps of 1 / money_scale
    customers_end: Integers  # [A, M, R, S, J] in steps of 1 / count_scale
    joins: Integers  # [A, M, R, S] gross, to us, over the horizon
    leaves: Integers  # [A, M, R, S] gross, from us
    changed_hands: Integers  # [A, M, R, S, J, 2] against the reference: see `Ledger.changed_hands`
    direction: Integers  # [A, M, 3] over the replications, against the reference: see `Ledger.direction`
    money_scale: float
    count_scale: float
    summary: dict[str, Any]  # of the run

    @property
    def replications(self) -> int:
        return int(self.equity.shape[2])

    @property
    def exact(self) -> bool:
        return bool(self.summary["exact"])

    @property
    def steps_per_share(self) -> float:
        """Steps of the fixed point in a unit of currency per share."""
        return self.money_scale * self.scenario.company.shares

    def per_share(self, steps: Integers) -> Floats:
        """Currency per share."""
        return np.asarray(steps / self.steps_per_share)

    def under(self, move: str) -> Outcomes:
        """The cells of one move alone."""
        m = slice(self.moves.index(move), self.moves.index(move) + 1)
        return replace(self, moves=(move,), **{name: getattr(self, name)[:, m] for name in OF_CELLS})


def outcomes_of_run(run: Run) -> Outcomes:
    """Of a run in memory."""
    axes, valuation, ledger = run.tables.axes, run.valuation, run.ledger
    allocations, moves = (tuple(dict.fromkeys(names)) for names in zip(*axes.cells, strict=True))
    place = {cell: c for c, cell in enumerate(axes.cells)}
    index = np.array([[place[allocation, move] for move in moves] for allocation in allocations])
    money = valuation.money_scale

    def stored(steps: Integers) -> Integers:
        return _steps(steps[index] / money, money)

    return Outcomes(
        run.scenario, run.reference, allocations, moves, tuple(axes.segments), tuple(axes.suppliers),
        stored(valuation.equity), valuation.customers_end[index],
        ledger.joins[..., OURS, :].sum(axis=(2, 4))[index], ledger.leaves[..., OURS, :].sum(axis=(2, 4))[index],
        ledger.changed_hands[index], ledger.direction[index].sum(axis=2), money, valuation.count_scale, run.summary,
    )  # fmt: skip


def outcomes_of_folder(folder: Path) -> Outcomes:
    """Of a run that was written. Raises ScenarioError where the folder is none, or is not as the run wrote it."""
    import xarray

    from simengine.results.dataset import in_common
    from simengine.scenario import load_scenario

    require_run(folder)
    with read_of(folder), xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as whole:
        dataset = in_common(whole)
        made = json.loads(dataset.attrs["provenance"])
        money, count = made["money_scale"], made["count_scale"]

        def names(dimension: str) -> tuple[str, ...]:
            return tuple(str(name) for name in dataset[dimension].to_numpy())

        def of_us(flow: str) -> Integers:
            ours = dataset[flow].isel(supplier=OURS)
            return np.asarray(_steps(ours.to_numpy(), count).sum(axis=(3, 5)))

        end = dataset["customers"].isel(period=-1).to_numpy()
        counted = ("reviews_shared", "direction_violations", "reviews_after_divergence")
        return Outcomes(
            load_scenario(folder / SCENARIO), made["reference"], names("allocation"), names("move"), names("segment"),
            names("supplier"), _steps(dataset["equity_value"].to_numpy(), money), _steps(end, count).sum(axis=-1),
            of_us("joins"), of_us("leaves"),
            _steps(np.stack([dataset[name].to_numpy() for name in ("customers_gained", "customers_lost")], -1), count),
            np.stack([dataset[name].to_numpy().sum(axis=2) for name in counted], axis=-1).astype(np.int64),
            money, count, json.loads((folder / "summary.json").read_text(encoding="utf-8")),
        )  # fmt: skip


def _steps(amounts: Floats, scale: float) -> Integers:
    """Whole steps of 1 / `scale` (a power of two) of amounts that are multiples of it."""
    return np.rint(amounts * scale).astype(np.int64)
