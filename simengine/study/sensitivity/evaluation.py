"""What allocations are worth at values of inputs: one run of the scenario as stated, redrawn for each point."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from simengine.engine.options import usable_processors
from simengine.portfolio.progress import Progress, unseen
from simengine.results.redrawn import redrawn
from simengine.results.run import Run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.rules.inputs import problems_at, rules_told
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.with_values import value_at, with_values
from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.workers import Workers
from simengine.study.studied import only


class Evaluation:
    """Value per share of some allocations under one move, at any values of the named inputs."""

    def __init__(
        self, central: Run, scenario: Scenario, allocations: Sequence[str], move: str, names: Sequence[str],
        threads: int | None = None,
    ) -> None:  # fmt: skip
        """`central` is a run of the cells that are compared, with the scenario as stated; see `only`."""
        how = dataclasses.replace(central.how, threads=1, notice=None)
        status_quo = central.status_quo and dataclasses.replace(central.status_quo, how=how)
        self._central = dataclasses.replace(central, how=how, status_quo=status_quo)
        self._scenario, self._allocations, self._move, self._names = scenario, tuple(allocations), move, tuple(names)
        self._stated_values = {name: value_at(scenario, name) for name in names}
        cells = central.tables.axes.cells
        self._cells = [cells.index((name, move)) for name in allocations]
        self._workers = Workers(self._values, threads or usable_processors(), (ScenarioError,))
        self.stated = self._of(central)  # [D, R]
        self.replications = self.stated.shape[1]

    def __enter__(self) -> Evaluation:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.__exit__()

    def at(self, points: Floats, progress: Progress = unseen, *, refused: bool = False) -> Floats:
        """[P, D, R] value per share at values of the inputs [P, n]. Where the scenario cannot be as these say, NaN if
        `refused` is allowed; else `ScenarioError` with the point."""
        found = self._workers.map(list(points), progress, refused=refused)
        for point, result in zip(points, found, strict=True):
            if isinstance(result, ScenarioError) and not refused:
                raise ScenarioError(self._located(problem, point) for problem in result.problems)
        nothing = np.full(self.stated.shape, np.nan)
        return np.stack([nothing if isinstance(result, ScenarioError) else result for result in found])

    def with_one(self, name: str, value: float) -> Floats:
        """[n] the inputs as stated, but for one."""
        return np.array(list({**self._stated_values, name: value}.values()), dtype=np.float64)

    def _values(self, point: Floats) -> Floats:
        values = dict(zip(self._names, point.tolist(), strict=True))
        try:
            changed = with_values(self._scenario, values)
        except PathRefused as refused:
            told = refused.found, refused.expected, refused.suggestion
            raise ScenarioError([self._scenario.problem((), *told)]) from None
        moved = {name: value for name, value in values.items() if value != self._stated_values[name]}
        if len(moved) == 1 and (problems := problems_at(self._scenario, moved)):  # a future that nobody could state
            raise ScenarioError(problems)
        with rules_told(self._scenario, moved):
            return self._of(redrawn(self._central, only(changed, self._allocations, self._move)))

    def _of(self, run: Run) -> Floats:
        valuation = run.valuation
        return np.asarray(valuation.equity[self._cells] / (valuation.money_scale * valuation.shares))

    def _located(self, problem: Problem, point: Floats) -> Problem:
        """A problem that only these values of the inputs have."""
        values = zip(self._stated_values.items(), point.tolist(), strict=True)
        here = ", ".join(f"{name} = {value:g}" for (name, stated), value in values if value != stated)
        return dataclasses.replace(problem, found=f"{problem.found}, at {here}")
