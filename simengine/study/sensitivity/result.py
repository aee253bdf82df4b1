"""What was found of a decision: which inputs move it, and how that is told as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simengine.scenario.model import Scenario
from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.global_sensitivity import GlobalSensitivity
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.tornado import Swing


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
    profiles: dict[str, Any] | None  # how customers were merged
    swings: tuple[Swing, ...]  # widest difference first
    together: GlobalSensitivity | None  # None without uncertain inputs

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
        among, together = [self.allocations[d] for d in self.watched], self.together
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "move": self.move,
            "pair": {"allocation": best, "to": other},
            "among": among,
            "value_per_share": self._by_allocation(self.stated),
            "difference": self.difference(self.stated),
            "exact": self.exact,
            "replications": self.replications,
            "profiles": self.profiles,
            "seed": self.scenario.simulation.seed,
            "inputs": [self._swing(swing) for swing in self.swings],
            "indices": None if together is None else together.indices_document(),
            "spread": {} if together is None else {name: each.document for name, each in together.spread.items()},
            "information": (
                None if together is None else together.information_document(among, self.scenario.company.shares)
            ),
        }

    def _by_allocation(self, values: Iterable[float]) -> dict[str, float]:
        return {name: float(value) for name, value in zip(self.allocations, values, strict=True)}

    def _swing(self, swing: Swing) -> dict[str, Any]:
        each = swing.input
        grid = (each.low, each.high, *each.search)
        return {
            "input": each.name,
            "range": each.range,
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


def _ends(each: Input) -> list[tuple[str, float]]:
    return [("stated", each.central), ("low", each.low), ("high", each.high)]
