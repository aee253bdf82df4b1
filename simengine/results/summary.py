"""The summary of a run: what `summary.json` holds and `run --json` prints."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from itertools import groupby
from math import fsum, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from simengine.engine.ledger import Integers
from simengine.luck import STREAM_VERSION
from simengine.portfolio.customers import OURS
from simengine.results.boards import boards_of
from simengine.results.experience import experience_of
from simengine.results.initiatives import initiatives_of
from simengine.results.learned import imitation_of, knowledge_of
from simengine.results.paired import value_per_share_difference
from simengine.results.precision import at_every_look, precision_of
from simengine.results.spread import spread_of, uncertain_of
from simengine.results.waiting import market_luck_of, moves_of
from simengine.tables.conversion import conversions_of
from simengine.tables.layout import CONVERTED
from simengine.valuation.grid import exact_mean, exact_sum
from simengine.valuation.risk import Summary
from simengine.valuation.risk import summarise as over_replications
from simengine.valuation.valuation import Valuation

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.scenario.model import Scenario

PRESENT, FUTURE = 0, 1


def summarise(run: Run) -> dict[str, Any]:
    """Money in units of the currency, rates as fractions; None (null) where nothing is random.

    `exact` is without luck; how far merged customers may be off is the `bound` of `profiles`.
    """
    valuation, scenario, options = run.valuation, run.scenario, run.options
    opening = _mean_customers(valuation, valuation.customers_opening[:1])[0]
    cells = [_Cell(*run.standing(c)).document for c in range(len(run.tables.axes.cells))]
    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "customers": float(opening[:, OURS].sum()),
        "market_size": float(run.portfolio.population.opening_weight.sum()),
        "periods": len(run.tables.axes.periods),
        "replications": valuation.replications if run.stopping is None else run.stopping.replications,
        "mode": options.mode,
        "exact": run.exact,
        "profiles": run.profiles,
        "seed": options.seed,
        "stream": STREAM_VERSION,
        "digest": digest(cells),
        "allocations": {name: money_by_phase(scenario, name) for name in scenario.allocations},
        "warnings": [asdict(warning) for warning in run.warnings],
        "conversions": [
            {"from": name, **conversion._asdict()} for name, conversion in sorted(conversions_of(scenario).items())
        ],
        "assumed_of_rivals": {name: rival.unstated for name, rival in scenario.rivals.items()},
        **experience_of(run),
        **initiatives_of(run),
        **knowledge_of(run),
        **imitation_of(run),
        **moves_of(run),
        **market_luck_of(run),
        **precision_of(run),
        **uncertain_of(run),
        "cells": at_every_look(run, cells),
    }


def money_by_phase(scenario: Scenario, allocation: str) -> dict[str, Any] | list[dict[str, Any]]:
    """What an allocation spends, {lever: {segment: money a year}}; where that changes over time, one such mapping for
    each phase, with its first and last period as `from` and `until`."""
    labels = scenario.calendar.labels
    spend = [money_a_year(scenario, allocation, at) for at in range(scenario.calendar.periods)]
    phases = [(money, list(periods)) for money, periods in groupby(range(len(spend)), spend.__getitem__)]
    if len(phases) == 1:
        return spend[0]
    return [{"from": labels[at[0]], "until": labels[at[-1]], **money} for money, at in phases]


def money_a_year(scenario: Scenario, allocation: str, at: int) -> dict[str, dict[str, float]]:
    """What an allocation spends in the period `at`, {lever: {segment: money a year}}, today's spend that it keeps and
    the cost of designs (as `design`) included: how its budgets were spread over the segments. Of a board it is the
    budget, `board`: {lever: money a year}; what each segment gets is said of every cell."""
    stated = scenario.allocations[allocation]
    boards = [each for each in stated.boards if each.start <= at < each.end]
    decided = {(each.lever, segment) for each in boards for segment in each.segments}
    levers = {
        name: {
            segment: money
            for segment, money in {**lever.today, **stated.stated(name, at)}.items()
            if (name, segment) not in decided
        }
        for name, lever in scenario.levers.items()
    }
    designs = {segment: stated.design(segment, at) for segment in scenario.segments}
    levers["design"] = {name: each.groups * each.cost_per_group for name, each in designs.items() if each}
    levers["board"] = {each.lever: each.budget for each in boards}
    return {name: dict(sorted(amounts.items())) for name, amounts in levers.items() if amounts}


def digest(cells: list[dict[str, Any]]) -> str:
    """Hash of the cells as JSON: equal if and only if every printed number is. A run that stopped has that of a run of
    as many replications: its wider intervals are not in it."""
    text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def as_json(summary: dict[str, Any]) -> str:
    """The document's text; numbers carry all their digits."""
    return json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)


def _mean_customers(valuation: Valuation, counts: Integers) -> np.ndarray[Any, np.dtype[np.float64]]:
    """[C, S, J] customers, mean over the replications of [C, R, S, J]."""
    return exact_mean(exact_sum(counts, axis=1), valuation.replications, valuation.count_scale)


class _Cell:
    """One cell of the summary."""

    def __init__(self, run: Run, cell: int) -> None:
        self.run, self.cell = run, cell
        self.valuation = run.valuation
        self.customers_end = _mean_customers(self.valuation, self.valuation.customers_end[cell : cell + 1])[0]

    @property
    def document(self) -> dict[str, Any]:
        valuation, cell = self.valuation, self.cell
        allocation, move = self.run.tables.axes.cells[cell]
        scale = valuation.money_scale
        published = valuation.published_customers[cell].sum(axis=0)
        return {
            "allocation": allocation,
            "move": move,
            "value_per_share": self._spread(valuation.equity, scale * valuation.shares),
            "equity_value": self._spread(valuation.equity, scale),
            "enterprise_value": self._spread(valuation.enterprise_value, scale),
            "enterprise_value_from_economic_profit": float(
                valuation.mean_money(valuation.enterprise_value_from_economic_profit[cell : cell + 1])[0]
            ),
            "probability_of_destroying_value": float(valuation.destroys_value[cell].mean()),
            "segments": {name: self._segment(s) for s, name in enumerate(self.run.tables.axes.segments)},
            "unallocated": self._part(exact_sum(valuation.unallocated[cell], axis=0)),
            "financing": self._money(valuation.mean_financing),
            "rounding": self._part(valuation.rounding[cell]),
            "present": self._part(published[PRESENT]),
            "future": self._part(published[FUTURE]),
            "explicit": self._part(exact_sum(valuation.explicit[cell], axis=0)),
            "residual": self._part(exact_sum(valuation.residual[cell], axis=0)),
            "direction": dict(
                zip(
                    ("reviews", "violations", "later"),
                    (int(n) for n in self.run.ledger.direction[cell].sum(axis=0)),
                    strict=True,
                )
            ),
            "difference": self._difference(),
            "rivals": self._rivals(),
            **boards_of(self.run, self.cell),
            **spread_of(self.run, self.cell),
        }

    def _spread(self, outcomes: Integers, steps_per_unit: float) -> dict[str, Any]:
        return _as_document(over_replications(outcomes[self.cell], steps_per_unit, self.valuation.block))

    def _part(self, total: Any) -> dict[str, float]:
        """A part of value from its sum over replications, in steps of the money scale."""
        return self._money(float(self.valuation.mean_of_sum(np.asarray(total, dtype=object))))

    def _money(self, value: float) -> dict[str, float]:
        return {"value": value, "value_per_share": value / self.valuation.shares}

    def _segment(self, s: int) -> dict[str, Any]:
        valuation, cell = self.valuation, self.cell
        market = float(self.customers_end[s].sum())
        customers = exact_sum(valuation.published_customers[cell, s], axis=0)
        programmes = exact_sum(valuation.programmes[cell, :, s], axis=0)
        return {
            **self._part(customers + programmes),
            "customers": self._part(customers)["value"],
            "programmes": self._part(programmes)["value"],
            "customers_end": float(self.customers_end[s, OURS]),
            "share_end": float(self.customers_end[s, OURS] / market) if market else 0.0,
            "economic_profit": valuation.economic_profit[cell, :, :, s].mean(axis=0).tolist(),
            **self._converted(s),
        }

    def _converted(self, s: int) -> dict[str, float]:
        """Customers at the end who have converted to another contract, where a lever can do that."""
        if self.run.tables.axes.segments[s] not in conversions_of(self.run.scenario):
            return {}
        counts = self.run.ledger.count[self.cell, :, -1, s, CONVERTED].sum(axis=-1)
        mean = exact_mean(exact_sum(counts, axis=0), self.valuation.replications, self.valuation.count_scale)
        return {"converted_end": float(mean)}

    def _difference(self) -> dict[str, Any]:
        reference = int(self.run.tables.reference[self.cell])
        paired = value_per_share_difference(self.valuation, self.cell, reference)
        document = _as_document(paired)
        return {"to": self.run.reference, "mean": document["mean"], "ci95": document["ci95"]}

    def _rivals(self) -> dict[str, Any]:
        values = self.run.rival_valuation.value[self.cell]  # [R, K]
        market = float(self.customers_end.sum())
        return {
            name: {
                "share_end": float(self.customers_end[:, j].sum() / market) if market else 0.0,
                "customers_end": float(self.customers_end[:, j].sum()),
                "value": _known(fsum(values[:, j - 1]) / self.valuation.replications),
            }
            for j, name in enumerate(self.run.tables.axes.suppliers[1:-1], start=1)
        }


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _as_document(spread: Summary) -> dict[str, Any]:
    """The summary's fields by name; intervals as lists, as JSON has them."""
    return {**spread._asdict(), "ci95": list(spread.ci95) if spread.ci95 else None}
