"""Prices at which nobody gains by another price: the equilibrium of suppliers who set them in their own interest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simengine.results.prepare import reference_of
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.suppliers import COMPANY
from simengine.study.studied import cell_of
from simengine.study.wargame.luck import interval
from simengine.study.wargame.payoffs import require_values
from simengine.study.wargame.players import groups_of
from simengine.study.wargame.price_market import PriceMarket
from simengine.study.wargame.price_search import Search
from simengine.tables.layout import Floats

WITHIN = (0.5, 2.0)  # multiples of today's prices


def price_equilibrium(
    scenario: Scenario,
    *,
    allocation: str | None = None,
    move: str | None = None,
    together: Sequence[Sequence[str]] = (),
    within: tuple[float, float] = WITHIN,
    **how: Any,
) -> dict[str, Any]:
    """Prices of us and all rivals that are best answers to each other, as plain data, for JSON.

    Everybody has one price, a multiple of today's within `within`, for good, in all segments in which customers choose;
    beside it, `allocation` and `move` are what happens (the reference and the first unless given). Everybody maximises
    its own value, those `together` the sum of theirs. From today's prices on each in turn takes the best price against
    all others', until that rests. What else `run` takes may be given, too. Raises ScenarioError.
    """
    under = cell_of(scenario.allocations, scenario.moves, reference_of(scenario, None), allocation, move)
    suppliers = (COMPANY, *scenario.rivals)
    _require_competition(scenario)
    require_values(scenario)
    problems: list[Problem] = []
    groups = groups_of(together, suppliers, problems)
    if problems:
        raise ScenarioError(problems)
    market = PriceMarket(scenario, *under, *within, **how)

    def decided_by(prices: Floats) -> Floats:
        """[P, N, R] the value of everybody's group."""
        values = market.values(prices)
        return np.stack([values[[suppliers.index(who) for who in groups[name]]].sum(axis=0) for name in suppliers])

    search = Search(decided_by, *within, market.exact, market.run.valuation.block)
    today = np.ones(len(suppliers))
    rest = search.rest(today)
    inside = [i for i, edge in enumerate(rest.at_edge) if not edge]
    half = np.full(len(suppliers), np.nan) if market.exact else search.half_widths(rest.prices, inside)
    alone = today.copy()
    alone[0] = search.best(today, 0)
    values = market.values(np.stack([today, alone, rest.prices]))
    done = market.run

    def told(outcomes: Floats) -> dict[str, Any]:
        return interval(outcomes, block=done.valuation.block).document

    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "mode": done.options.mode,
        "seed": done.options.seed,
        "replications": done.valuation.replications,
        "block": done.valuation.block,
        "exact": market.exact,
        "shares": scenario.company.shares,
        "profiles": done.profiles,
        "uncertain_inputs": list(scenario.uncertain.paths),
        "assumed_of_rivals": {name: rival.unstated for name, rival in scenario.rivals.items()},
        "cell": {"allocation": under[0], "move": under[1]},
        "segments": list(scenario.choosing),
        "other_segments": [name for name in scenario.segments if name not in scenario.choosing],
        "within": list(within),
        "cells": market.cells,
        "rests": rest.rests,
        "path": [prices.tolist() for prices in rest.path],
        "suppliers": {
            name: {
                "together_with": [who for who in groups[name] if who != name],
                "multiple": float(rest.prices[i]),
                "ci95": None if np.isnan(half[i]) else [float(rest.prices[i] + s * half[i]) for s in (-1.0, 1.0)],
                "numerical_error": float(rest.numerical_error[i]),
                "at_edge": rest.at_edge[i],
                "today": {segment: scenario.price(name, segment) for segment in _served(scenario, name)},
                "price": {
                    segment: scenario.price(name, segment) * float(rest.prices[i])
                    for segment in _served(scenario, name)
                },
                "value_today": told(values[i, 0]),
                "value": told(values[i, 2]),
                "epsilon": _epsilon(search, rest.prices, i),
            }
            for i, name in enumerate(suppliers)
        },
        "if_rivals_keep_theirs": {
            "multiple": float(alone[0]),
            "value": told(values[0, 1]),
            "cost_of_their_answers": told(values[0, 1] - values[0, 2]),
        },
    }


def _epsilon(search: Search, prices: Floats, i: int) -> dict[str, Any]:
    """The most that a supplier would gain by any other price that was tried, over the whole range and near its own."""
    tried, gains = search.others(prices, i)
    best = int(gains.mean(axis=1).argmax())
    most = interval(gains[best], block=search.block)
    return {"gain": max(most.mean, 0.0), "at": float(tried[best]), **most.document}


def _served(scenario: Scenario, supplier: str) -> list[str]:
    return [name for name, segment in scenario.choosing.items() if supplier in (*segment.available, COMPANY)]


def _require_competition(scenario: Scenario) -> None:
    if not scenario.choosing:
        found, expected = "no segment in which customers choose", "a segment with needs, shares and churn"
        raise ScenarioError([scenario.problem(("segments",), found, expected, "contracts have no prices to compare")])
    if not scenario.rivals:
        hint = "state the offer of a rival and its share of each segment"
        raise ScenarioError([scenario.problem((), "no rival", "a rival whose price competes with ours", hint)])
