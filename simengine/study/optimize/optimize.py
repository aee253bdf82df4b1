"""The allocation that makes the company worth most under a budget, and what it gains."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice
from simengine.results.run import Run, run
from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.scenario.rules.budget import ROUNDING, money
from simengine.study.bridge.bridge import bridge_of_cells
from simengine.study.bridge.totals import cells_of_run
from simengine.study.optimize.frontier import Point, budget_frontier, shortfall_frontier
from simengine.study.optimize.habits import HABITS, budgets_of, habit, spread_by
from simengine.study.optimize.initiatives import Candidates, candidates
from simengine.study.optimize.items import Items, items_of
from simengine.study.optimize.limits import Feasible, distinct, spending
from simengine.study.optimize.multipliers import Multipliers, multipliers
from simengine.study.optimize.objective import Objective
from simengine.study.optimize.outcomes import Outcomes, with_cells
from simengine.study.optimize.question import Asked, Question, question_of
from simengine.study.optimize.rounding import rounded, usual_step
from simengine.study.optimize.search import Found, Search, Told
from simengine.study.optimize.worth import Worth, better
from simengine.tables.unfolding import has_luck

Floats = NDArray[np.float64]
NEAR = 0.001  # of value per share: how near customers are simulated as one in the search
FEW = 16  # replications of a search for means, at most
MANY = 100  # and of one for tails
RIVALS = 2  # splits that the scenario's own simulation chooses among
OPTIMUM = "optimum"


@dataclass(frozen=True)
class Optimum:
    """An optimal allocation and what is known of it."""

    allocation: Allocation
    name: str  # under which it was simulated, and is written
    question: Question
    items: Items
    run: Run  # the scenario's own simulation of it, of the reference and of what it is compared with
    found: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return self.found


def optimize(
    scenario: Scenario,
    *,
    budget: str | float | None = None,
    objective: str = "value",
    level: str | float | None = None,
    risk_limit: str | float | None = None,
    move: str | None = None,
    probabilities: str | None = None,
    like: str | None = None,
    to: str | None = None,
    fix: Sequence[str] = (),
    bound: Sequence[str] = (),
    constraint: Sequence[str] = (),
    phases: str | None = None,
    initiative: Sequence[str] = (),
    round_to: str | float | None = None,
    frontier: str | None = None,
    habits: bool = False,
    column: Sequence[str] = (),
    threads: int | None = None,
    memory: str | int | None = None,
    rejects: Path | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Optimum:
    """Find the split of a budget over levers, segments and phases under which the company is worth most.

    `budget` is money a year in every phase (the scenario's unless given, else what the reference spends), or
    `unlimited`. What else is asked is written as on the command line: see `simengine optimize --help`. The search is in
    expected mode, on customers who are nearly alike taken as one; what it proposes is rounded and then simulated as the
    scenario says, in replications that the search has not seen. Raises ScenarioError.
    """
    asked = Asked(
        budget, objective, level, risk_limit, move, probabilities, like, to, tuple(fix), tuple(bound),
        tuple(constraint), phases, tuple(initiative), round_to, frontier, habits or bool(column), tuple(column),
    )  # fmt: skip
    question = question_of(asked, scenario)
    steps = _Steps(progress)
    how: dict[str, Any] = {"threads": threads, "memory": memory, "rejects": rejects, "notice": notice}
    near = run(_near(scenario, question), to=question.reference, reading=reading, **how)
    study = _Study(question, near, scenario)
    found = study.search(steps.part(0.0, 0.6))
    return study.judged(found, steps, how)


class _Steps:
    """Progress in thousandths, part by part."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def part(self, low: float, high: float) -> Told:
        return lambda done: self._progress(round(1000 * (low + (high - low) * done)), 1000)


def _near(scenario: Scenario, question: Question) -> Scenario:
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


class _Study:
    """One question on one near run."""

    def __init__(self, question: Question, near: Run, scenario: Scenario) -> None:
        self.question, self.near, self.scenario = question, near, scenario
        settled = near.scenario
        self.items = items_of(settled, settled.allocations[question.like], question.left, question.starts)
        self.candidates: Candidates = candidates(settled, self.items.base, question.asked.initiative)
        revenue = float((near.portfolio.population.opening_weight * near.portfolio.population.revenue).sum())
        self.much = max(revenue, sum(sum(each.today.values()) for each in scenario.levers.values()))
        self.feasible = self._feasible(question.budget)
        self.lucky = has_luck(settled) or any(each.uncertain for each in self.candidates.offered.values())
        most = MANY if question.tail else FEW
        own = scenario.simulation.replications
        self.outcomes = Outcomes(
            near, self.items, question.moves, own if self.lucky else 0, min(own, most) if self.lucky else 1
        )
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
            if name in self.scenario.allocations and self._spends(each) <= self.question.budget * (1 + ROUNDING)
        }  # fmt: skip
        names = list(dict.fromkeys([self.question.reference, *within]))
        values = self.outcomes.of_allocations([self.near.scenario.allocations[name] for name in names])
        return dict(zip(names, values, strict=True))

    def _spends(self, allocation: Allocation) -> float:
        """The most that it spends on levers in a period of some phase, money a year."""
        whole = items_of(self.near.scenario, allocation, (), self.question.starts)
        amounts = whole.amounts_of(allocation, self.near.scenario)
        boards = sum(each.budget for each in allocation.boards)
        return boards + max(whole.total(amounts, f) for f in range(len(whole.phases)))

    def _objective(self) -> Objective:
        plain = self.question.objective()
        if plain.kind != "regret":
            return plain
        best = []
        for m, move in enumerate(self.question.moves):
            alone = Outcomes(self.near, self.items, (move,), self.outcomes.first, self.outcomes.replications)
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
        worth = self.near.valuation.customers[0, 0].sum(axis=1)
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
            single = _Study(replace(self.question, starts=self.question.starts[:1]), self.near, self.scenario)
            return [self.feasible.nearest(np.repeat(single.search(lambda part: None).x, len(phases)))]
        return []

    def search(self, told: Told) -> Found:
        """The best split, with the best of the initiatives."""
        starts = self._starts()
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

    def judged(self, found: Found, steps: _Steps, how: dict[str, Any]) -> Optimum:
        """What was found, rounded, simulated as the scenario says and compared."""
        question, items, feasible = self.question, self.items, self.feasible
        self._fail_if_nothing_limits(found)
        values, slopes = self.outcomes.slopes(found.x, feasible, found.initiatives)
        if self.objective.risk_limit is not None:
            reached = self.objective.shortfall(values)
            if reached < self.objective.risk_limit - 1e-6 * abs(reached):
                expected = f"a limit that some split keeps: at most {reached:.6g} a share was found"
                text = str(question.asked.risk_limit)
                raise ScenarioError([of_option("--risk-limit", text, f"{self.objective.risk_limit:.6g}", expected)])
        forces = multipliers(found.x, values, slopes, feasible, self.objective)
        step = question.round_to or usual_step(feasible.scale)
        amounts = rounded(found.x, feasible, step, len(items.phases))
        frontier = self._frontier(found, steps.part(0.6, 0.8))
        split = {
            by: x for by in (*HABITS, *(f"column {name}" for name in question.columns)) if question.asked.habits
            and (x := habit(by, self.near, items, self._mix(), budgets_of(items, question.budget, amounts))) is not None
        }  # fmt: skip
        name = next(
            each for each in (OPTIMUM, *(f"{OPTIMUM}_{n}" for n in range(2, 100)))
            if each not in self.scenario.allocations
        )  # fmt: skip
        chosen = items.allocation(amounts, found.initiatives)
        best = max(self.stated, key=lambda each: self.objective.merit(self.stated[each], 1.0))
        cells = {
            question.reference: self.near.scenario.allocations[question.reference],
            best: self.near.scenario.allocations[best],
            name: chosen,
            **{f"habit: {by}": items.allocation(x, found.initiatives) for by, x in split.items()},
        }
        own = with_cells(self.scenario, cells, tuple(self.scenario.moves))
        told = steps.part(0.8, 1.0)
        done = run(own, to=question.reference, progress=lambda at, of: told(at / of if of else 1.0), **how)
        worth = Worth(done, self.objective, question.moves)
        document = self._document(found, forces, amounts, worth, name, best, split, frontier)
        return Optimum(chosen, name, question, items, done, document)

    def _mix(self) -> Floats:
        """What the reference spends on items: habits keep each lever's part of it."""
        return self.items.amounts_of(self.near.scenario.allocations[self.question.reference], self.near.scenario)

    def _frontier(self, found: Found, told: Told) -> list[Point]:
        asked = self.question.frontier
        if asked is None:
            return []
        search = Search(self.outcomes, self.feasible, self.objective, found.initiatives)
        if asked.budgets is None:
            return shortfall_frontier(search, found, asked.count, told)
        fields = [(budget, self.question.feasible(self.items, budget, self.much)) for budget in asked.budgets]
        return budget_frontier(search, found, fields, self.items, told)

    def _fail_if_nothing_limits(self, found: Found) -> None:
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

    def _document(
        self, found: Found, forces: Multipliers, amounts: Floats, worth: Worth, name: str, best: str,
        split: dict[str, Floats], frontier: list[Point],
    ) -> dict[str, Any]:  # fmt: skip
        question, items, feasible = self.question, self.items, self.feasible
        to = question.reference
        gain, over = worth.gain(name, to), worth.gain(name, best)
        value = worth.of(name)
        much = (
            feasible.scale if question.budget < inf else max(items.total(amounts, f) for f in range(len(items.phases)))
        )
        unit = 10.0 ** (len(str(int(max(much, 1.0)))) - 2)
        reference = self._mix()
        bound = dict.fromkeys(forces.low, "low") | dict.fromkeys(forces.high, "high")
        rows = []
        for p, place in enumerate(items.places):
            for f, phase in enumerate(items.phases):
                i = items.at(p, f)
                held = feasible.high[i] <= feasible.low[i]
                rows.append(
                    {
                        "lever": place.lever,
                        "segment": place.segment,
                        "from": phase.label,
                        "reference": float(reference[i]),
                        "optimum": float(amounts[i]),
                        "marginal_value": None if held else float(forces.slopes[i]) * unit,
                        "bound": "fixed" if held else bound.get(i),
                    }
                )
        budget_rows = [m for m in forces.limits if feasible.limits[m].text.startswith("budget ")]
        stored = cells_of_run(worth.run) if split else None
        likely = max(zip(question.weights, question.moves, strict=True), key=lambda each: each[0])[1]
        base = items.base.initiatives
        has = (found.initiatives or items.base).initiatives
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            **self.objective.document(),
            "moves": dict(zip(question.moves, question.weights, strict=True))
            if not self.objective.has_pieces
            else None,
            "budget": None if question.budget == inf else question.budget,
            "like": question.like,
            "to": to,
            "mode": worth.run.options.mode,
            "exact": worth.run.exact,
            "replications": worth.run.valuation.replications,
            "name": name,
            "spent": [items.total(amounts, f) for f in range(len(items.phases))],
            "kept": {str(place): path[items.phases[0].start] for place, path in items.kept.items() if any(path)},
            "marginal_unit": unit,
            "items": rows,
            "initiatives": {
                each: {"reference": each in base, "optimum": each in has} for each in sorted(self.candidates.offered)
            },
            "worth": value,
            "shortfall": worth.shortfall(name),
            "gain": gain,
            "improves": better(gain, value),
            "best_stated": {"allocation": best, "worth": worth.of(best), "gain": over, "improves": better(over, value)},
            "by_move": worth.by_move(name, to),
            "binding": [
                {
                    "limit": feasible.limits[m].text,
                    "from": items.phases[feasible.limits[m].phase].label,
                    "marginal_value": each * unit,
                }
                for m, each in forces.limits.items()
            ],
            "budget_marginal_value": sum(forces.limits[m] for m in budget_rows) * unit,
            "optimality": forces.residual,
            "frontier": [point.document() for point in frontier],
            "habits": {
                by: {
                    "items": x.tolist(),
                    "worth": worth.of(f"habit: {by}"),
                    "gain": worth.gain(f"habit: {by}", to),
                    "optimum_gains": worth.gain(name, f"habit: {by}"),
                    "why": None if stored is None else bridge_of_cells(stored, name, f"habit: {by}", likely).document(),
                }
                for by, x in split.items()
            },
            "search": {"climbs": found.climbs, "worlds": self.outcomes.worlds, "before_rounding": found.x.tolist()},
        }
