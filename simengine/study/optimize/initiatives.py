"""Initiatives that may be in or out, and which of them are worth having."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from simengine.scenario.allocation import Allocation
from simengine.scenario.initiative import Initiative, that_can_begin
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option

MOST = 6  # that are tried in all combinations


@dataclass(frozen=True)
class Candidates:
    """Initiatives that may be in or out; those of the base that are not among them stay."""

    base: Allocation
    offered: dict[str, Initiative]

    def with_those(self, names: Sequence[str]) -> Allocation:
        """The base with some of them, without those whose predecessors are missing."""
        others = {name: each for name, each in self.base.initiatives.items() if name not in self.offered}
        return replace(self.base, initiatives=that_can_begin(others | {name: self.offered[name] for name in names}))

    def choices(self) -> list[tuple[str, ...]]:
        """All combinations that differ in what can begin, the smallest first."""
        names = sorted(self.offered)
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for count in range(len(names) + 1):
            for chosen in combinations(names, count):
                there = self.with_those(chosen).initiatives
                if all(name in there for name in chosen):
                    found.setdefault(tuple(there), chosen)
        return list(found.values())


def candidates(scenario: Scenario, base: Allocation, asked: Sequence[str]) -> Candidates:
    """The initiatives of some names, as the scenario's allocations state them; all of `all`."""
    stated: dict[str, dict[str, Initiative]] = {}
    for allocation, each in scenario.allocations.items():
        for name, initiative in each.initiatives.items():
            stated.setdefault(name, {})[allocation] = initiative
    names = sorted(stated) if "all" in asked else list(dict.fromkeys(asked))
    problems: list[Problem] = []
    found = {}
    for name in names:
        wanted, _, where = name.partition("@")
        known = stated.get(wanted, {})
        expected = f"an initiative of some allocation: {listed(stated) or 'none is stated'}, or all"
        if not known or (where and where not in known):
            names_of = [*stated, *(f"{wanted}@{each}" for each in known)]
            problems.append(of_option("--initiative", name, f"'{name}'", expected, did_you_mean(name, names_of)))
            continue
        kinds = {where: known[where]} if where else known
        first = next(iter(kinds.values()))
        if any(other != first for other in kinds.values()):
            hint = f"say which: {listed(f'{wanted}@{each}' for each in known)}"
            text = "all" if "all" in asked else name
            problems.append(
                of_option("--initiative", text, f"`{wanted}`, which allocations state differently", "one of them", hint)
            )
            continue
        found[wanted] = first
    if len(found) > MOST:
        expected = f"at most {MOST}, which are tried in all combinations"
        problems.append(of_option("--initiative", ",".join(asked), f"{len(found)} initiatives", expected))
    if problems:
        raise ScenarioError(problems)
    return Candidates(base, found)
