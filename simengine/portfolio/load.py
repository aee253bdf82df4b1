"""From a scenario to everybody who is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simengine.portfolio import opening_checks as check
from simengine.portfolio.customer_file import file_name, read_customers
from simengine.portfolio.customers import Customers, of_segment, taken
from simengine.portfolio.individuals import individuals
from simengine.portfolio.newcomers import Cohorts, growing_market, steady_newcomers
from simengine.portfolio.ordering import repeated
from simengine.portfolio.population import Hazards, Population, Portfolio
from simengine.portfolio.progress import Progress
from simengine.portfolio.prospects import prospect_count
from simengine.portfolio.segment_hazard import segment_hazard
from simengine.portfolio.segment_population import SegmentPopulation
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.suppliers import COMPANY

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def load_portfolio(
    scenario: Scenario,
    *,
    seed: int | None = None,
    further: Sequence[str] = (),
    rejects: Path | None = None,
    progress: Progress | None = None,
    memory: int | None = None,
) -> Portfolio:
    """All customers of the market, at the opening and later, and the hazards of contract segments.

    In a choice segment: the file's customers, with prospects where the file holds only ours, or a synthetic
    market of `size`. In others: the file's customers who have not churned, or `size` new ones.
    Then the newcomers of every period.
    Weights are kept in expected mode and become individuals in sampled mode. `seed` is the scenario's unless
    given. `further` names columns of the customer files that are read, as text, besides those that the scenario needs.
    `progress(done, total)` is called as columns are read. `memory` is how many bytes the process may use: what is read
    of files takes a part of that, and waits on disk beyond it. Raises ScenarioError: all that is wrong; rows of the
    files that cannot be used are written to `rejects` then.
    """
    seed = scenario.simulation.seed if seed is None else seed
    columns = tuple(dict.fromkeys((*scenario.spread_columns, *further)))
    customers, reading = read_customers(scenario, columns, rejects, progress, memory)
    problems: list[Problem] = []
    populations: list[Population] = []
    hazards: dict[str, Hazards] = {}
    count = 0 if customers is None else len(customers.ids)
    for index, (name, segment) in enumerate(scenario.segments.items()):
        rows = None if customers is None else of_segment(customers, index)
        if segment.dynamics == "contract":
            try:
                hazards[name] = segment_hazard(scenario, name, rows)
            except ScenarioError as error:
                problems += error.problems
        try:
            populations += _populations(scenario, name, _opening_rows(scenario, rows), seed, len(reading.further))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    del customers, rows  # so that each of their columns goes when it has been joined
    population = _joined(populations)
    _refuse_shared_addresses(scenario, population)
    return Portfolio(population, hazards, count, file_name(scenario), *reading)


def _opening_rows(scenario: Scenario, rows: Customers | None) -> Customers | None:
    """The file's customers of a segment who are there on day one, None if it holds none."""
    if rows is None:
        return None
    rows = taken(rows, slice(0, int(np.searchsorted(rows.gone, True))))
    weighted = bool((rows.weight != 1).any())
    if weighted and scenario.simulation.mode == "sampled" and rows.weight.sum() <= check.MOST_CUSTOMERS:
        rows = individuals(rows)
    return rows if len(rows.ids) else None


def _joined(populations: list[Population]) -> Population:
    """One population of several, column by column; the list is emptied on the way, to save memory."""
    columns = [list(column) for column in zip(*populations, strict=True)]
    populations.clear()
    joined = []
    for parts in columns:
        joined.append(parts[0] if len(parts) == 1 else np.concatenate(parts))
        parts.clear()
    return Population._make(joined)


def _populations(scenario: Scenario, name: str, rows: Customers | None, seed: int, further: int) -> list[Population]:
    """The populations of one segment in the order of (arrival, opening supplier, id)."""
    if problems := check.missing_inputs(scenario, name, rows):
        raise ScenarioError(problems)
    segment, make = scenario.segments[name], SegmentPopulation(scenario, name, seed, further)
    if rows is None:
        assert segment.size is not None
        if problems := check.unlike_size(scenario, name, segment.size, check.STATED):
            raise ScenarioError(problems)
        population = make.synthetic(segment.size)
        return [population, *_newcomers(scenario, name, make, segment.size, population)]
    if segment.dynamics != "choice" or not check.only_ours(rows):
        problems = check.unlike_size(scenario, name, rows.weight.sum(), "the customers of the file")
        if segment.dynamics == "choice":
            problems += check.unlike_shares(scenario, name, rows)
        if problems:
            raise ScenarioError(problems)
        population = make.of_file(rows)
        return [population, *_newcomers(scenario, name, make, rows.weight.sum(), population)]
    if problems := check.own_share(scenario, name):
        raise ScenarioError(problems)
    assert segment.shares is not None
    others = prospect_count(rows.weight.sum(), segment.shares[COMPANY])
    market = "the file's customers over our share"
    if problems := check.unlike_size(scenario, name, rows.weight.sum() + others, market):
        raise ScenarioError(problems)
    ours = make.of_file(rows)
    everybody = rows.weight.sum() + others
    return [make.prospects(ours, others), ours, *_newcomers(scenario, name, make, everybody, ours)]


def _newcomers(
    scenario: Scenario, name: str, make: SegmentPopulation, customers: float, like: Population
) -> list[Population]:
    """Who enters a segment of so many customers after the opening: like those of `like`."""
    segment, calendar = scenario.segments[name], scenario.calendar
    if segment.dynamics == "choice":
        so_far = growing_market(customers, segment.growth, calendar)
    else:
        so_far = steady_newcomers(segment.newcomers.per_year, calendar)
    if problems := check.too_many_newcomers(scenario, name, customers, so_far):
        raise ScenarioError(problems)
    return [make.newcomers(Cohorts(name, so_far, calendar), like)] if so_far[-1] else []


def _refuse_shared_addresses(scenario: Scenario, population: Population) -> None:
    """Two customers with one address would have the same luck."""
    for again in repeated(population.ids)[:1]:
        first, second = population.labels[population.ids == population.ids[again]][:2].tolist()
        found = f"customers '{first}' and '{second}', the hashes of whose ids are the same"
        raise ScenarioError([scenario.problem(("segments",), found, "another id, or another name of the segment")])
