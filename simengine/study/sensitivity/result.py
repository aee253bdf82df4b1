"""What was found of a decision: which inputs move it, and how that is told as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simengine.results.profiles import Merging
from simengine.scenario.model import Scenario
from simengine.study.sensitivity.design import BLOCKS, Design, Floats, evaluations
from simengine.study.sensitivity.indices import Indices
from simengine.study.sensitivity.information import Information
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.jackknife import Estimate
from simengine.study.sensitivity.tornado import Swing


@dataclass(frozen=True)
class Spread:
    """Why an outcome is not one number: standard deviations, in value per share."""

    mean: Estimate  # its error is of the simulation: so many samples, so many replications
    not_knowing: float  # of inputs: what replications have in common
    luck: float | None  # of one replication, given inputs; None where there is but one, of many that there could be

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {"mean": self.mean.document(), "not_knowing": self.not_knowing, "luck": self.luck}


@dataclass(frozen=True)
class Sensitivity:
    """What the decision among some allocations under one move depends on. Values are per share."""

    scenario: Scenario
    move: str
    allocations: tuple[str, ...]
    best: int  # of the two whose difference is watched, by place: the better as stated, or the one asked for
    other: int
    watched: tuple[int, ...]  # the allocations that may become best: all, or those two where they are asked for
    stated: Floats  # [D]
    replications: int
    exact: bool  # whether nothing is random, given the inputs
    merging: Merging | None  # of customers who are simulated as one
    swings: tuple[Swing, ...]  # widest difference first
    ranges: dict[str, str]  # input: what its range is
    design: Design | None
    indices: dict[str, Indices]  # of "value_per_share" and "difference"; empty without uncertain inputs
    spread: dict[str, Spread]
    information: Information | None
    uncertain: tuple[Input, ...]  # inputs of the indices, in their order

    @property
    def pair(self) -> tuple[str, str]:
        """The allocations whose difference is watched."""
        return self.allocations[self.best], self.allocations[self.other]

    def difference(self, values: Floats) -> float:
        """Of the pair, of values of all allocations [D]."""
        return float(values[self.best] - values[self.other])

    @property
    def document(self) -> dict[str, Any]:
        """As plain data, for JSON. Values are per share, inputs in their own units."""
        best, other = self.pair
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "move": self.move,
            "pair": {"allocation": best, "to": other},
            "among": [self.allocations[d] for d in self.watched],
            "value_per_share": self._by_allocation(self.stated),
            "difference": self.difference(self.stated),
            "exact": self.exact,
            "replications": self.replications,
            "profiles": None if self.merging is None else self.merging._asdict(),
            "seed": self.scenario.simulation.seed,
            "inputs": [self._swing(swing) for swing in self.swings],
            "indices": self._indices(),
            "spread": {name: spread.document() for name, spread in self.spread.items()},
            "information": self._information(),
        }

    def _by_allocation(self, values: Iterable[float]) -> dict[str, float]:
        return {name: float(value) for name, value in zip(self.allocations, values, strict=True)}

    def _swing(self, swing: Swing) -> dict[str, Any]:
        each = swing.input
        grid = (each.low, each.high, *each.search)
        return {
            "input": each.name,
            "range": self.ranges[each.name],
            "stated": each.central,
            "low": each.low,
            "high": each.high,
            "words": {name: self.words(each, value) for name, value in _ends(each)},
            "value_per_share": {
                "low": self._by_allocation(swing.low),
                "high": self._by_allocation(swing.high),
            },
            "difference": {"low": self.difference(swing.low), "high": self.difference(swing.high)},
            "flips": [
                {
                    "value": flip.value,
                    "words": self.words(each, flip.value),
                    "beyond": "above" if flip.above else "below",
                    "best_there": self.allocations[flip.allocation],
                    "probability": flip.probability,
                }
                for flip in swing.flips
            ],
            "searched": {"from": min(grid), "to": max(grid)},
        }

    def words(self, each: Input, value: float) -> str:
        """A value of an input as a person writes it."""
        levers = {name: {"target": lever.target} for name, lever in self.scenario.levers.items()}
        return each.words(value, levers)

    def _indices(self) -> dict[str, Any] | None:
        if self.design is None:
            return None
        names = [each.name for each in self.uncertain]
        found: dict[str, Any] = {
            "samples": len(self.design.probabilities),
            "blocks": BLOCKS,
            "evaluations": evaluations(len(self.design.probabilities), len(names), len(self.design.correlated)),
            "correlated": [names[i] for i in self.design.correlated],
        }
        for outcome, indices in self.indices.items():
            pairs = zip(indices.first, indices.total, strict=True)
            found[outcome] = {
                name: {"first": first.document(), "total": total.document()}
                for name, (first, total) in zip(names, pairs, strict=True)
            }
        return found

    def _information(self) -> dict[str, Any] | None:
        if self.information is None:
            return None
        inputs = zip(self.uncertain, self.information.by_input, strict=True)
        return {
            "shares": self.scenario.company.shares,
            "best": self.allocations[self.watched[self.information.best]],
            "probability_best": {
                self.allocations[d]: p for d, p in zip(self.watched, self.information.probability_best, strict=True)
            },
            "of_all_inputs": self.information.of_all.document(),
            "by_input": {each.name: worth.document() for each, worth in inputs},
        }


def _ends(each: Input) -> list[tuple[str, float]]:
    return [("stated", each.central), ("low", each.low), ("high", each.high)]
