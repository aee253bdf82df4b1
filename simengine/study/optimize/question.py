"""What an optimum is asked for, in the terms of a scenario; everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TypeVar, cast

from simengine.results.prepare import one_of, reference_of
from simengine.scenario.model import Scenario
from simengine.scenario.option_number import money_of_option, number_of_option
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.rules.budget import money, spend_by_lever
from simengine.scenario.units import NumberRefused, read_number
from simengine.study.optimize.items import Items, Place, fundable
from simengine.study.optimize.limits import Feasible, Limit
from simengine.study.optimize.objective import KINDS, Kind, Objective
from simengine.study.optimize.said import (
    Bound,
    Constraint,
    Fixed,
    all_of,
    feasible_of,
    read_bound,
    read_budget,
    read_constraint,
    read_fixed,
    read_phases,
    read_probabilities,
)
from simengine.tables.unfolding import has_luck

Read = TypeVar("Read")


@dataclass(frozen=True)
class Asked:
    """What `optimize` is told, as it was said."""

    budget: str | float | None
    objective: str
    level: str | float | None
    risk_limit: str | float | None
    move: str | None
    probabilities: str | None
    like: str | None
    to: str | None
    fix: tuple[str, ...]
    bound: tuple[str, ...]
    constraint: tuple[str, ...]
    phases: str | None
    initiative: tuple[str, ...]
    round_to: str | float | None
    frontier: str | None
    habits: bool
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Frontier:
    """How many points, and their budgets, money a year; None: of value against shortfall."""

    count: int
    budgets: tuple[float, ...] | None


@dataclass(frozen=True)
class Question:
    """What `optimize` is told, in the terms of the scenario."""

    asked: Asked
    kind: Kind
    level: float
    risk_limit: float | None
    moves: tuple[str, ...]
    weights: tuple[float, ...]  # probabilities of the moves
    budget: float  # money a year; inf: unlimited
    reference: str
    like: str
    places: tuple[Place, ...]  # all that can be funded
    bounds: tuple[Bound, ...]
    fixed: tuple[Fixed, ...]
    constraints: tuple[Constraint, ...]
    starts: tuple[int, ...]
    round_to: float | None
    frontier: Frontier | None
    columns: tuple[str, ...]

    @property
    def left(self) -> tuple[Place, ...]:
        """The places that keep what `like` spends there."""
        return tuple(place for each in self.fixed if each.amount is None for place in each.places)

    @property
    def tail(self) -> bool:
        """Whether the worst outcomes count."""
        return self.objective().has_tail

    def objective(self) -> Objective:
        """What is to be as large as can be; of regrets, without what the best split gains under each move."""
        return Objective(self.kind, self.weights, self.level, self.risk_limit)

    def feasible(self, items: Items, budget: float, much: float) -> Feasible:
        """What items may cost."""
        return feasible_of(items, budget, self.bounds, self.fixed, self.constraints, much)

    def option_of(self, limit: Limit) -> tuple[str, str]:
        """Where a limit was stated: the option and its text."""
        word, _, text = limit.text.partition(" ")
        if word == "budget" and limit.text not in self.asked.constraint:
            return "--budget", text
        return ("--bound", text) if word == "bound" else ("--constraint", limit.text)


def question_of(asked: Asked, scenario: Scenario) -> Question:
    """Raises ScenarioError with everything that is wrong with what is asked of the scenario."""
    problems: list[Problem] = []

    def told(read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except ScenarioError as error:
            problems.extend(error.problems)
            return otherwise

    places = fundable(scenario)
    if not places:
        expected = "a lever that can be funded in some segment"
        raise ScenarioError([scenario.problem(("levers",), "no lever that can be funded", expected)])
    otherwise: Kind = "value"
    kind = told(lambda: _kind(asked.objective), otherwise)
    reference = told(lambda: reference_of(scenario, asked.to), next(iter(scenario.allocations)))
    like = reference
    if asked.like is not None:
        like = told(lambda: one_of("--like", asked.like or "", scenario.allocations), reference)
    moves = told(lambda: _moves(asked, kind, scenario), {next(iter(scenario.moves)): 1.0})
    bounds = all_of(problems, asked.bound, lambda text: read_bound(text, places))
    fixed = all_of(problems, asked.fix, lambda text: read_fixed(text, places))
    constraints = all_of(problems, asked.constraint, lambda text: read_constraint(text, places))
    starts = told(lambda: read_phases(asked.phases, scenario), [0])
    spent = sum(sum(lever.today.values()) for lever in scenario.levers.values())
    budget = told(lambda: read_budget(_text(asked.budget), scenario, spent), 1.0)
    risk: tuple[float, float | None] = (0.05, None)
    level, risk_limit = told(lambda: _risk(asked, kind), risk)
    step = told(lambda: _step(asked.round_to, budget), None)
    frontier = told(lambda: _frontier(asked.frontier, budget, kind), None)
    problems += _clashes(asked, bounds, fixed, constraints, budget, places)
    question = Question(
        asked, kind, level, risk_limit, tuple(moves), tuple(moves.values()), budget, reference, like, places,
        tuple(bounds), tuple(fixed), tuple(constraints), tuple(starts), step, frontier, asked.columns,
    )  # fmt: skip
    if not problems and budget == 0:
        problems.append(_no_money(scenario))
    if not problems and (question.tail or (frontier and frontier.budgets is None)):
        problems += _without_luck(question, scenario)
    if problems:
        raise ScenarioError(problems)
    return question


def _no_money(scenario: Scenario) -> Problem:
    """Of a scenario without a budget, whose levers cost nothing today: neither says how much is to be spent."""
    most = max(
        sum(map(sum, spend_by_lever(scenario.levers, allocation, at).values()))
        for allocation in scenario.allocations.values()
        for at in range(scenario.calendar.periods)
    )
    found = "no budget, and nothing that is spent today"
    hint = f"say how much: --budget {money(most or 1e6)}{', the most that an allocation spends' if most else ''}"
    return scenario.problem(("levers",), found, "money to spend, a year", hint)


def _text(value: str | float | None) -> str | None:
    return None if value is None else str(value)


def _kind(text: str) -> Kind:
    if text not in KINDS:
        raise ScenarioError([of_option("--objective", text, f"'{text}'", listed(KINDS), did_you_mean(text, KINDS))])
    return cast(Kind, text)


def _moves(asked: Asked, kind: Kind, scenario: Scenario) -> dict[str, float]:
    """Probabilities of the moves that count."""
    if kind in ("maximin", "regret"):
        given = {"--move": asked.move, "--probabilities": asked.probabilities}
        if said := [of_option(name, text, f"{kind}, which looks at all moves", "one of the two only")
                    for name, text in given.items() if text is not None]:  # fmt: skip
            raise ScenarioError(said)
        return dict.fromkeys(scenario.moves, 1.0 / len(scenario.moves))
    if asked.move is not None and asked.probabilities is not None:
        found = "a move beside --probabilities"
        raise ScenarioError([of_option("--move", asked.move, found, "one of the two only")])
    if asked.probabilities is not None:
        return read_probabilities(asked.probabilities, scenario)
    return {next(iter(scenario.moves)) if asked.move is None else one_of("--move", asked.move, scenario.moves): 1.0}


def _risk(asked: Asked, kind: Kind) -> tuple[float, float | None]:
    problems: list[Problem] = []
    level, limit = 0.05, None
    tail = kind == "shortfall" or asked.risk_limit is not None or asked.frontier == "shortfall"
    if asked.level is not None:
        text, expected = str(asked.level), "a share of the outcomes above 0% and below 100%, such as 5%"
        if not tail:
            problems.append(of_option("--level", text, "a level where no worst outcomes count",
                                      "--objective shortfall, or --risk-limit"))  # fmt: skip
        found = all_of(problems, [text], lambda said: number_of_option("--level", said, expected, 1.0))
        if found and not 0 < found[0] < 1:
            problems.append(of_option("--level", text, text, expected))
        level = found[0] if found else level
    if asked.risk_limit is not None:
        text = str(asked.risk_limit)
        if kind != "value":
            problems.append(of_option("--risk-limit", text, f"a limit beside {kind}", "--objective value"))
        try:
            limit = read_number(text)
        except NumberRefused as refused:
            expected = "money a share, such as 21.5"
            problems.append(of_option("--risk-limit", text, f"'{text}'", expected, refused.suggestion))
    if problems:
        raise ScenarioError(problems)
    return level, limit


def _step(value: str | float | None, budget: float) -> float | None:
    if value is None:
        return None
    found = money_of_option("--round-to", str(value), "money above 0, such as 10k")
    if found == 0:
        raise ScenarioError([of_option("--round-to", value, "0", "money above 0, such as 10k")])
    if found > budget:
        expected = "a step that the budget has room for"
        raise ScenarioError([of_option("--round-to", value, f"more than the budget of {money(budget)}", expected)])
    return found


def _frontier(text: str | None, budget: float, kind: Kind) -> Frontier | None:
    """`10M:40M:7`, `budget` or `shortfall`."""
    if text is None:
        return None
    expected = "LOW:HIGH:POINTS, such as 10M:40M:7, or budget, or shortfall"
    if text == "shortfall":
        if kind != "value":
            raise ScenarioError([of_option("--frontier", text, f"shortfall beside {kind}", "--objective value")])
        return Frontier(5, None)
    if kind == "regret":
        found = "budgets beside regret, which is against the best of one budget"
        raise ScenarioError([of_option("--frontier", text, found, "another objective")])
    if text == "budget":
        if budget == inf:
            raise ScenarioError([of_option("--frontier", text, "no budget to begin with", "LOW:HIGH:POINTS")])
        return Frontier(7, tuple(budget * part for part in (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)))
    parts = text.split(":")
    if len(parts) != 3 or not parts[2].isdecimal() or not 2 <= int(parts[2]) <= 100:
        raise ScenarioError([of_option("--frontier", text, f"'{text}'", expected)])
    low, high = (money_of_option("--frontier", part, expected) for part in parts[:2])
    if not 0 < low < high:
        raise ScenarioError([of_option("--frontier", text, f"'{text}'", "budgets above 0, the lower first")])
    count = int(parts[2])
    return Frontier(count, tuple(low + (high - low) * i / (count - 1) for i in range(count)))


def _clashes(
    asked: Asked, bounds: Sequence[Bound], fixed: Sequence[Fixed], constraints: Sequence[Constraint], budget: float,
    places: Sequence[Place],
) -> list[Problem]:  # fmt: skip
    """What single options do not show."""
    problems = []
    held: dict[Place, str] = {}
    for one in fixed:
        for place in one.places:
            if place in held:
                problems.append(of_option("--fix", one.text, f"`{place}`, fixed by '{held[place]}' too", "it once"))
            held.setdefault(place, one.text)
    for bound in bounds:
        if len(bound.places) == 1 and bound.places[0] in held:
            found = f"`{bound.places[0]}`, fixed by '{held[bound.places[0]]}'"
            problems.append(of_option("--bound", bound.text, found, "what is not fixed"))
    if not problems and set(held) >= set(places) and not asked.initiative:
        problems.append(of_option("--fix", fixed[-1].text, "everything fixed", "something to decide"))
    for constraint in constraints:
        if constraint.left.budget and budget == inf:
            problems.append(of_option("--constraint", constraint.text, "a part of an unlimited budget", "money"))
    return problems


def _without_luck(question: Question, scenario: Scenario) -> list[Problem]:
    """Worst outcomes of what is known for sure."""
    allocations = scenario.allocations if question.asked.initiative else {"": scenario.allocations[question.like]}
    moves = {move: scenario.moves[move] for move in question.moves}
    lucky = bool(scenario.uncertain.paths) or has_luck(replace(scenario, allocations=allocations, moves=moves))
    if lucky or sum(weight > 0 for weight in question.weights) > 1:
        return []
    option, text = "--objective", str(question.kind)
    if question.risk_limit is not None:
        option, text = "--risk-limit", str(question.asked.risk_limit)
    elif question.kind != "shortfall":
        option, text = "--frontier", "shortfall"
    found = "one move, and expected values in which nothing is random: there are no worst outcomes"
    expected = "probabilities of several moves, a market with luck, or uncertain inputs"
    return [of_option(option, text, found, expected, "state --probabilities, or market: shocks")]
