"""What every player is worth in every combination of options: all of them cells of one run, with the same luck."""

from __future__ import annotations

import dataclasses
from itertools import product
from typing import Any

import numpy as np

from simengine.results.run import Run, run
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.suppliers import COMPANY
from simengine.study.wargame.game import Game
from simengine.study.wargame.players import Cast, Place
from simengine.tables.layout import Floats

MOST_CELLS = 10_000


def played(scenario: Scenario, cast: Cast, **how: Any) -> tuple[Run, Game]:
    """The run of all cells of a game, and the pay-offs: what players are worth, as means over what the market may do.

    `how` is as in `run`. Raises ScenarioError: for more cells than anybody would wait for, too.
    """
    require_values(scenario)
    require_few(cast)
    allocations: dict[str, None] = {}
    moves: dict[tuple[Place, ...], tuple[str, tuple[Change, ...]]] = {}
    cells: list[tuple[str, tuple[Place, ...]]] = []
    for chosen in product(*(player.options for player in cast.players)):
        allocation = next(option.allocation for option in chosen if option.allocation is not None)
        who = [f"{player.name}: {option.name}" for player, option in zip(cast.players, chosen, strict=True)]
        named = [name for name, option in zip(who, chosen, strict=True) if option.changes]
        for chance in cast.chances:
            changes = dict(chance.changes)
            for option in chosen:
                changes |= option.changes
            key = tuple(sorted(changes))
            name = "; ".join([*named, *([chance.name] if chance.name else [])]) or "nothing"
            moves.setdefault(key, (name, tuple(changes[place] for place in key)))
            cells.append((allocation, key))
        allocations[allocation] = None
    done = run(
        dataclasses.replace(
            scenario,
            allocations=_needed(scenario, list(allocations), [change for _, each in moves.values() for change in each]),
            moves=dict(_distinct(list(moves.values()))),
            simulation=scenario.simulation.model_copy(update={"customer_values": False}),
        ),
        to=next(iter(allocations)),
        spread=False,
        **how,
    )
    row = {cell: c for c, cell in enumerate(done.tables.axes.cells)}
    names = dict(zip(moves, (name for name, _ in _distinct(list(moves.values()))), strict=True))
    at = np.array([row[allocation, names[key]] for allocation, key in cells])
    weights = np.array([chance.probability for chance in cast.chances])
    payoffs = np.stack([worth(done, player.members)[at] for player in cast.players])  # [P, cells, R]
    payoffs = payoffs.reshape(len(cast.players), -1, len(weights), payoffs.shape[-1])
    means = payoffs[:, :, 0] if len(weights) == 1 else (payoffs * weights[:, None]).sum(axis=2)
    options = tuple(tuple(option.name for option in player.options) for player in cast.players)
    names_of_players = tuple(player.name for player in cast.players)
    return done, Game(
        names_of_players, options, means.reshape(len(cast.players), *cast.shape, -1), done.valuation.block
    )


def worth(done: Run, members: tuple[str, ...]) -> Floats:
    """[C, R] what some suppliers are worth together, currency: our equity, rivals' enterprise value."""
    valuation, rivals = done.valuation, list(done.scenario.rivals)
    total = np.zeros(valuation.equity.shape)
    for who in members:
        if who == COMPANY:
            total += valuation.equity / valuation.money_scale
        else:
            total += done.rival_valuation.value[:, :, rivals.index(who)]
    return total


def _needed(scenario: Scenario, played: list[str], changes: list[Change]) -> dict[str, Any]:
    """Allocations that are played, and those that rivals run themselves."""
    names = [*played, *(change.like for change in changes if change.like is not None and change.like not in played)]
    return {name: scenario.allocations[name] for name in dict.fromkeys(names)}


def _distinct(moves: list[tuple[str, tuple[Change, ...]]]) -> list[tuple[str, tuple[Change, ...]]]:
    """The same under names of which no two are the same."""
    found: dict[str, tuple[Change, ...]] = {}
    for name, changes in moves:
        while name in found:
            name += "'"
        found[name] = changes
    return list(found.items())


def require_values(scenario: Scenario) -> None:
    """Raise ScenarioError where rivals have no value."""
    if scenario.company.residual.method == "run_off":
        found = "run_off: how long rivals' customers stay after the horizon is not evaluated"
        expected, hint = "a residual by which rivals have a value", "--set company.residual.method=fade"
        raise ScenarioError([scenario.problem(("company", "residual"), found, expected, f"{hint}, with years")])


def require_few(cast: Cast) -> None:
    """Raise ScenarioError where there are more combinations than anybody would wait for."""
    if cast.cells <= MOST_CELLS:
        return
    numbers = [f"{len(player.options):,} of {player.name}" for player in cast.players]
    if len(cast.chances) > 1:
        numbers.append(f"{len(cast.chances)} of the market")
    most = max(cast.players, key=lambda player: len(player.options))
    fewer = len(most.options) * MOST_CELLS // cast.cells
    hint = "name a few options of each player: --options PLAYER=NAME,NAME"
    if 2 <= fewer <= 10 and len(most.members) == 1:
        hint = f"name fewer: --options '{most.name}={','.join(option.name for option in most.options[:fewer])}'"
    found = f"{cast.cells:,} combinations of options: {' x '.join(numbers)}"
    raise ScenarioError([Problem("wargame", 0, 0, found, f"{MOST_CELLS:,} at most", hint)])
