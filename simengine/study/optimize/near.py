"""The search for an optimum, on customers who are nearly alike taken as one: where it starts, and what it allows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from simengine.results.run import Run
from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.scenario.rules.budget import ROUNDING, money
from simengine.study.optimize.frontier import Point, budget_frontier, shortfall_frontier
from simengine.study.optimize.habits import budgets_of, central, spread_by
from simengine.study.optimize.initiatives import Candidates, candidates
from simengine.study.optimize.items import Items, items_of
from simengine.study.optimize.limits import Feasible, distinct, spending
from simengine.study.optimize.objective import Objective
from simengine.study.optimize.outcomes import Outcomes
from simengine.study.optimize.question import Question
from simengine.study.optimize.search import Found, Search, Told
from simengine.tables.inputs import block_size
from simengine.tables.unfolding import has_luck

Floats = NDArray[np.float64]
NEAR = 0.001  # of value per share: how near customers are simulated as one in the search
FEW = 16  # replications of a search for means, at most
MANY = 100  # and of one for tails
WORLDS = 50_000  # that one search may take
USUAL = 200_000  # profiles x periods of a world: of larger ones a search takes fewer
DRAW = 4  # worlds that one costs whose inputs are its own
SOME = 48  # or for tails where inputs are uncertain: each draw is a simulation of its own


def near_scenario(scenario: Scenario, question: Question) -> Scenario:
    """The scenario for the search: all allocations, for they may have designs, in one replication."""
    columns = {f"by {each}": spread_by(each, scenario, question.places) for each in question.columns}
    simulation = {
        "mode": "expected",
        "profile_error": max(scenario.simulation.profile_error, NEAR),
        "customer_values": False,
        "replications": 1,
    }
    return replace(
        scenario,
        allocations={**scenario.allocations, **columns},
        moves={move: scenario.moves[move] for move in question.moves},
        simulation=scenario.simulation.model_copy(update=simulation),
    )


class Near:
    """One question on one near run."""

    def __init__(self, question: Question, near: Run, scenario: Scenario) -> None:
        self.question, self.near, self.scenario = question, near, scenario
        settled = near.scenario
        self.items = items_of(settled, settled.allocations[question.like], question.left, question.starts)
        self.candidates: Candidates = candidates(settled, self.items.base, question.asked.initiative)
        revenue = float((near.portfolio.population.opening_weight * near.portfolio.population.revenue).sum())
        self.much = max(revenue, sum(sum(each.today.values()) for each in scenario.levers.values()))
        self.feasible = self._feasible(question.budget)
        drawn = bool(scenario.uncertain.paths)
        lucky = drawn or has_luck(settled)
        most = (SOME if drawn else MANY) if question.tail else FEW
        own, block = scenario.simulation.replications, block_size(scenario)
        whole = -(-own // block) * block  # blocks of draws that the report has not begun
        self.outcomes = Outcomes(
            near,
            self.items,
            question.moves,
            whole if lucky else 0,
            min(whole, -(-most // block) * block) if lucky else 1,
        )
        size = len(near.simulated.ids) * settled.calendar.periods
        self.worlds = int(WORLDS * min(1.0, max(USUAL / max(size, 1), 0.05))) // (DRAW if drawn else 1)
        self.stated = self._stated()
        self.objective = self._objective()

    def _feasible(self, budget: float) -> Feasible:
        feasible = self.question.feasible(self.items, budget, self.much)
        if missed := feasible.misses():
            problems = []
            for miss in missed:
                option, text = self.question.option_of(miss.limit)
                when = f" from {self.items.phases[miss.limit.phase].label} on" if len(self.items.phases) > 1 else ""
                held = (
                    f", {money(self.items.kept_in(self.items.phases[miss.limit.phase]))} of it fixed"
                    if (option == "--budget" and self.items.kept)
                    else ""
                )
                found = f"a limit that cannot be kept together with the others: missed by {money(miss.by)} a year{when}"
                problems.append(of_option(option, text, found + held, "limits that some allocation keeps"))
            raise ScenarioError(problems)
        return feasible

    def _stated(self) -> dict[str, Floats]:
        """The stated allocations that keep within the budget, and their value [M, R] on the search's luck."""
        within = {
            name: each for name, each in self.near.scenario.allocations.items()
            if name in self.scenario.allocations and max(self.spent(each)) <= self.question.budget * (1 + ROUNDING)
        }  # fmt: skip
        names = list(dict.fromkeys([self.question.reference, *within]))
        values = self.outcomes.of_allocations([self.near.scenario.allocations[name] for name in names])
        return dict(zip(names, values, strict=True))

    def spent(self, allocation: Allocation) -> list[float]:
        """What an allocation, whose budgets are settled, spends on levers in every phase, money a year."""
        whole = self._whole(allocation)
        amounts = whole.amounts_of(allocation, self.near.scenario)
        return [whole.total(amounts, f) for f in range(len(whole.phases))]

    def _whole(self, allocation: Allocation) -> Items:
        """Of an allocation, whose budgets are settled, as if it were the base; what its boards spend is not decided."""
        boards = [place for place in self.question.places if place.lever in {each.lever for each in allocation.boards}]
        return items_of(self.near.scenario, allocation, [*self.question.left, *boards], self.question.starts)

    @property
    def reference(self) -> Allocation:
        """What the optimum is compared with, its budgets settled."""
        return self.near.scenario.allocations[self.question.reference]

    def kept(self) -> dict[str, dict[str, float]]:
        """Of what is not decided, money a year in the reference and in the optimum: in the first period of phases, or
        the most, where money comes later, as a board's does."""
        first = self.items.phases[0].start
        both = {"reference": self._whole(self.reference).kept, "optimum": self.items.kept}
        found = {}
        for place in sorted({*both["reference"], *both["optimum"]} - set(self.items.places)):
            paths = {which: kept.get(place, (0.0,) * (first + 1)) for which, kept in both.items()}
            if any(map(any, paths.values())):
                found[str(place)] = {which: path[first] or max(path) for which, path in paths.items()}
        return found

    def proposed(self, amounts: Floats, initiatives: Allocation | None) -> Allocation:
        """The allocation that spends `amounts`; what is not decided is as the scenario states it, budgets that other
        values of inputs spread otherwise, too."""
        chosen, stated = self.items.allocation(amounts, initiatives), self.scenario.allocations[self.question.like]
        decided = {lever: chosen.fundings[lever] for lever in self.items.levers}
        return replace(
            chosen,
            fundings=stated.fundings | decided,
            spreads=tuple(each for each in stated.spreads if each.lever not in decided),
        )

    def _objective(self) -> Objective:
        plain = self.question.objective()
        if plain.kind != "regret":
            return plain
        best = []
        for m, move in enumerate(self.question.moves):
            alone = Outcomes(self.near, self.items, (move,), self.outcomes.first, self.outcomes.replications)
            alone.allow(self.worlds // len(self.question.moves))
            search = Search(alone, self.feasible, Objective("value", (1.0,)))
            top = search.best(self._starts(), climbs=2).merit
            best.append(max(top, *(float(values[m].mean()) for values in self.stated.values())))
        return replace(plain, best=tuple(best))

    def budgets(self, feasible: Feasible) -> list[float]:
        """What may be spent on items in every phase."""
        if self.question.budget == inf:
            return [feasible.scale] * len(self.items.phases)
        return budgets_of(self.items, feasible.scale, np.zeros(len(self.items)))

    def _starts(self) -> list[Floats]:
        """Splits to begin with: those stated, equal, by value of segments, and corners, where one item, segment or
        lever gets all that it may."""
        feasible, places = self.feasible, self.items.places
        budgets, phases = self.budgets(feasible), len(self.items.phases)
        stated = [
            self.items.amounts_of(self.near.scenario.allocations[name], self.near.scenario) for name in self.stated
        ]
        starts = [feasible.nearest(x) for x in stated]
        parts = [x.reshape(len(places), phases).mean(axis=1) for x in stated if x.sum() > 0]
        parts.append(np.ones(len(places)))
        worth = central(self.near).valuation.customers[0, 0].sum(axis=1)
        names = self.near.tables.axes.segments
        parts.append(np.maximum([float(worth[names.index(place.segment)]) for place in places], 0.0))
        for key in ("lever", "segment"):
            for name in sorted({getattr(place, key) for place in places}):
                parts.append(np.array([float(getattr(place, key) == name) for place in places]))
        parts += list(np.eye(len(places)))
        starts += [spending(part, feasible, budgets, phases) for part in parts]
        starts.append(feasible.nearest(feasible.low))
        return distinct([*self._without_phases(), *starts], 1e-6 * feasible.scale)

    def _without_phases(self) -> list[Floats]:
        """The best split that is the same in all phases: one that is soon found, where there are several."""
        phases = self.items.phases
        if len(phases) == 1:
            return []
        with suppress(ScenarioError):  # what is fixed may leave no such split
            single = Near(replace(self.question, starts=self.question.starts[:1]), self.near, self.scenario)
            return [self.feasible.nearest(np.repeat(single.search(lambda part: None).x, len(phases)))]
        return []

    def search(self, told: Told) -> Found:
        """The best split, with the best of the initiatives."""
        starts = self._starts()
        self.outcomes.allow(self.worlds)
        choices = [self.candidates.with_those(names) for names in self.candidates.choices()]
        if len(choices) == 1:
            return Search(self.outcomes, self.feasible, self.objective, choices[0]).best(starts, told)
        found: Found | None = None
        for turn in range(3):
            at = starts[:2] if found is None else [found.x]
            merits = [max(Search(self.outcomes, self.feasible, self.objective, each).merits(at)) for each in choices]
            ranked = sorted(range(len(choices)), key=lambda k: -merits[k])
            before = found
            for k in ranked[: 2 if found is None else 1]:
                again = starts if found is None else [found.x, *starts[:2]]
                other = Search(self.outcomes, self.feasible, self.objective, choices[k]).best(again, climbs=3)
                if found is None or other.merit > found.merit:
                    found = other
            told((turn + 1) / 3)
            if found is before:
                break
        assert found is not None
        return found

    def mix(self) -> Floats:
        """[n] what the reference spends on items: habits keep each lever's part of it."""
        return self.items.amounts_of(self.reference, self.near.scenario)

    def frontier(self, found: Found, told: Told) -> list[Point]:
        """The efficient frontier that is asked for, from what was found."""
        asked = self.question.frontier
        if asked is None:
            return []
        search = Search(self.outcomes, self.feasible, self.objective, found.initiatives)
        self.outcomes.allow(self.worlds)
        if asked.budgets is None:
            return shortfall_frontier(search, found, asked.count, told)
        fields = [(budget, self.question.feasible(self.items, budget, self.much)) for budget in asked.budgets]
        return budget_frontier(search, found, fields, self.items, told)

    def require_a_limit(self, found: Found) -> None:
        """Raises ScenarioError if something gains without end."""
        if self.question.budget < inf:
            return
        at_most = [
            self.items.name(i) for i in self.feasible.free.tolist() if found.x[i] >= self.feasible.high[i] * (1 - 1e-6)
            and self.feasible.high[i] >= self.much
        ]  # fmt: skip
        if at_most:
            found_text = (
                f"an optimum that nothing limits: {listed(at_most, 'and')} still gains at {money(self.much)} a year, "
                "what all customers of the market bring"
            )
            expected = "a budget, or a bound of what gains without end"
            text = str(self.question.asked.budget)
            raise ScenarioError([of_option("--budget", text, found_text, expected, f"--bound {at_most[0]}=:<money>")])
