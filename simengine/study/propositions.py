"""Why customers prefer us, or do not: the value map of every segment, who wins whom, what a better offer is worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

import numpy as np

from simengine.results.prepare import reference_of
from simengine.results.run import Run, run
from simengine.results.statement import statement_of
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.study.studied import cell_of, only
from simengine.study.switching import Switching, switching_of
from simengine.study.value_map import FIT, PRICE, SegmentToday, segments_today
from simengine.tables.initiatives import Initiatives
from simengine.tables.layout import OUR_STATES, OWN_STATES, Floats

POINT, PER_CENT = 1.0, 0.01  # by which levels and price are changed, to see what that is worth
NOTHING = 0.005  # of utility: less is shown, and judged, as none
REASONS = 3  # parts of a gap that are named as why customers switch


def propositions(
    scenario: Scenario, *, allocation: str | None = None, move: str | None = None, point: float = POINT,
    per_cent: float = PER_CENT, **how: Any,
) -> dict[str, Any]:  # fmt: skip
    """The value map of every segment in which customers choose, as plain data, for JSON.

    Gaps and switches are of today. What a `point` on a need and `per_cent` on our price are worth is measured in
    expected mode from the first period on, in one run: in the cell of `allocation` and `move`, the reference and the
    first unless given, against cells in which our offer alone differs. How it is run may be given as to `run`. Raises
    ScenarioError.
    """
    shown = cell_of(scenario.allocations, scenario.moves, reference_of(scenario, None), allocation, move)
    steps = dict.fromkeys(scenario.needs, point) | {PRICE: per_cent}
    finished = _run_with_steps(scenario, *shown, steps, how)
    profits = _profits(finished)
    segments = {
        market.name: _segment(market, finished, profits[market.name], steps) for market in segments_today(finished)
    }
    replications = finished.valuation.replications
    others = [name for name, segment in scenario.segments.items() if not isinstance(segment, ChoiceSegment)]
    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "cell": {"allocation": shown[0], "move": shown[1]},
        "replications": replications,
        "steps": steps,
        "last_period": scenario.calendar.labels[-1],
        "value_per_share": float(np.mean(finished.valuation.value_per_share[0])),
        "segments": segments,
        "without_offers": {
            name: {
                "our_customers": customers,
                "economic_profit_per_customer": profit / customers if customers else None,
            }
            for name, (customers, profit) in profits.items()
            if name in others
        },
    }


def _run_with_steps(
    scenario: Scenario, allocation: str, move: str, steps: Mapping[str, float], how: dict[str, Any]
) -> Run:
    """A run of one cell, first, and one for each step, last, in the order of the steps; in expected mode."""
    few = only(scenario, (allocation,), move)
    beside = {name: stated for name, stated in few.allocations.items() if name != allocation}  # that rivals run
    probes = dict.fromkeys(_names_besides(few, steps), few.allocations[allocation])
    few = dataclasses.replace(
        few,
        allocations={allocation: few.allocations[allocation], **beside, **probes},
        simulation=few.simulation.model_copy(update={"mode": "expected"}),
    )
    rows = {target: len(few.allocations) - len(steps) + n for n, target in enumerate(steps)}
    choosing = [name for name, segment in few.segments.items() if isinstance(segment, ChoiceSegment)]

    def besides(first: int, replications: int) -> Initiatives:
        found: dict[tuple[str, str], Floats] = {}
        for target, step in steps.items():
            paths = np.zeros((len(few.allocations), 1, few.calendar.periods))
            paths[rows[target]] = step
            found |= {(name, target): paths for name in choosing}
        return found

    return run(few, to=allocation, spread=False, besides=besides, **how)


def _names_besides(scenario: Scenario, steps: Iterable[str]) -> list[str]:
    """Names of cells that no allocation of the scenario has."""
    mark = " + a step"
    while any(name.endswith(mark) for name in scenario.allocations):
        mark += "'"
    return [target + mark for target in steps]


def _profits(finished: Run) -> dict[str, tuple[float, float]]:
    """By segment: our customers today, and their economic profit a year."""
    population = finished.portfolio.population
    states = finished.opening.states
    ours = states[:, OUR_STATES].sum(axis=1)
    weight = population.opening_weight * (ours if finished.profile is None else ours[finished.profile])
    profit = statement_of(finished).economic_profit
    found = {}
    for s, name in enumerate(finished.tables.axes.segments):
        here = (population.segment == s) & (weight > 0.0)
        found[name] = float(weight[here].sum()), float((weight[here] * profit[here]).sum())
    return found


def _segment(
    market: SegmentToday, finished: Run, profit: tuple[float, float], steps: Mapping[str, float]
) -> dict[str, Any]:
    switching = switching_of(market)
    customers = market.customers()
    rivals = {market.suppliers[j]: _rival(market, j, finished) for j in market.rivals}
    ours, total = profit
    each = total / ours if ours else 0.0
    return {
        "weights": dict(zip(market.needs, market.mean_customer.tolist(), strict=False)),
        "price_sensitivity": float(market.mean_customer[len(market.needs)]),
        "our_offer": _offer(finished, market.name, "us"),
        "our_inertia": market.inertia_of(0),
        "our_customers": ours,
        "share": float(customers[0] / customers.sum()),
        "rivals": rivals,
        "switching": _switches(market, switching),
        "sensitivity": _sensitivity(finished, market.name, steps),
        "economic_profit_per_customer": each,
        "verdict": _verdict(market, rivals, each),
    }


def _offer(finished: Run, segment: str, supplier: str) -> dict[str, Any]:
    scenario = finished.scenario
    return {
        "price": scenario.price(supplier, segment),
        "levels": {need: scenario.level(supplier, segment, need) for need in scenario.needs},
        "knowledge": scenario.knowledge(supplier),
    }


def _rival(market: SegmentToday, j: int, finished: Run) -> dict[str, Any]:
    """Utility of our offer less the rival's, part by part: to the mean customer, and in the mean over the segment, our
    customers and theirs."""
    ours = market.states[:, OUR_STATES].sum(axis=1) * market.weight
    theirs = market.states[:, j + OWN_STATES - 1] * market.weight
    groups = {"segment": market.weight, "our_customers": ours, "their_customers": theirs}
    means = {name: market.mean_features(weight) for name, weight in groups.items() if weight.sum() > 0.0}
    gaps = {"mean_customer": market.gap(0, j, market.mean_customer)}
    gaps |= {name: market.gap(0, j, features) for name, features in means.items()}
    explained = len(market.needs) + 2  # needs, price and fit
    return {
        "offer": _offer(finished, market.name, market.suppliers[j]),
        "gaps": {
            name: {
                "parts": dict(zip(market.parts, gap.tolist(), strict=True)),
                "explained": float(gap[:explained].sum()),
                "offer": float(gap.sum()),
            }
            for name, gap in gaps.items()
        },
        "inertia": market.inertia_of(j),
    }


def _switches(market: SegmentToday, switching: Switching) -> dict[str, Any]:
    """By rival, and `none`: who comes and who leaves within a year, and which parts spoke most for that."""
    found = {}
    for j in (j for j in market.available if j > 0):
        came, left = float(switching.flows[j, 0]), float(switching.flows[0, j])
        found[market.suppliers[j]] = {
            "won": came,
            "lost": left,
            "net": came - left,
            "won_because": _reasons(market, 0, j, switching.features[j, 0]) if j in market.rivals else [],
            "lost_because": _reasons(market, j, 0, switching.features[0, j]) if j in market.rivals else [],
        }
    return found


def _reasons(market: SegmentToday, to: int, origin: int, features: Floats) -> list[dict[str, Any]]:
    """The known parts that spoke most for the offer that customers of mean `features` switched to."""
    if np.isnan(features).any():
        return []
    gap = dict(zip(market.parts, market.gap(to, origin, features).tolist(), strict=True))
    known = [(part, gap[part]) for part in (*market.needs, PRICE, FIT) if gap[part] > NOTHING]
    return [{"part": part, "utility": utility} for part, utility in sorted(known, key=lambda each: -each[1])[:REASONS]]


def _sensitivity(finished: Run, segment: str, steps: Mapping[str, float]) -> dict[str, Any]:
    """What a step of each part of our offer changes: share at the horizon, value of the segment per share."""
    valuation = finished.valuation
    s = finished.tables.axes.segments.index(segment)
    value = valuation.segments[:, :, s] / (valuation.money_scale * valuation.shares)  # [C, R]
    customers = valuation.customers_end[:, :, s].astype(np.float64).mean(axis=1)  # [C, J]
    share = customers[:, 0] / customers.sum(axis=1)
    level = finished.tables.offers
    found = {}
    for c, (target, step) in enumerate(steps.items(), start=len(value) - len(steps)):
        if target == PRICE:
            done = float(level.price[c, 0, s, 0] / level.price[0, 0, s, 0] - 1.0)
        else:
            k = finished.tables.axes.needs.index(target)
            done = float(level.level[c, 0, s, 0, k] - level.level[0, 0, s, 0, k])
        found[target] = {
            "step": done,
            "limited": abs(done - step) > 1e-9,  # levels end at 10
            "share_end": float(share[c] - share[0]),
            "value_per_share": float((value[c] - value[0]).mean()),
            "standard_error": _standard_error(value[c] - value[0]),
        }
    return found


def _standard_error(differences: Floats) -> float | None:
    """Of the mean of paired differences [R]; None where there is one replication only."""
    count = len(differences)
    return float(differences.std(ddof=1) / sqrt(count)) if count > 1 else None


def _verdict(market: SegmentToday, rivals: Mapping[str, Any], profit: float) -> dict[str, Any]:
    """Whether what is known of the offers makes ours the better one, on which needs, and whether that pays."""
    explained = {name: rival["gaps"]["segment"]["explained"] for name, rival in rivals.items()}
    signs = {(gap > NOTHING) - (gap < -NOTHING) for gap in explained.values()}
    of_signs = {frozenset({1}): "superior", frozenset({-1}): "inferior", frozenset({0}): "equal"}
    offer = of_signs.get(frozenset(signs), "mixed")

    def parts_with(sign: int) -> dict[str, list[str]]:
        gaps = {name: rival["gaps"]["segment"]["parts"] for name, rival in rivals.items()}
        known = (*market.needs, PRICE, FIT)
        return {name: [part for part in known if sign * gap[part] > NOTHING] for name, gap in gaps.items()}

    return {
        "offer": offer if rivals else "alone",
        "superior_to": [name for name, gap in explained.items() if gap > NOTHING],
        "inferior_to": [name for name, gap in explained.items() if gap < -NOTHING],
        "better_on": parts_with(1),
        "worse_on": parts_with(-1),
        "profitable": profit > 0.0,
    }
