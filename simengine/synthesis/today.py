"""The market of a scenario today, solved: what synthetic customers are drawn from."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from simengine.engine.opening import Opening
from simengine.portfolio.customer_file import read_customers
from simengine.portfolio.customers import Customers, of_segment
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Population
from simengine.results.compiling import kernels_of_today, say_if_new
from simengine.results.prepare import Notice, open_market, options_of
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.scenario.segment import ChoiceSegment, ContractSegment
from simengine.synthesis import luck_of_rows
from simengine.tables.build import build
from simengine.tables.layout import Tables

LARGEST_SOLVED = 20_000  # customers of a synthetic segment from whom its constants and inertia are solved


class Today(NamedTuple):
    """A scenario's market at the opening."""

    scenario: Scenario
    tables: Tables
    population: Population
    opening: Opening
    rows: tuple[Customers | None, ...]  # by segment: those of the scenario's customer file, churned ones too


def solve_today(scenario: Scenario, notice: Notice | None = None) -> Today:
    """Solve the opening of a scenario. Raises ScenarioError as a run does.

    Segments of which no customer file holds rows are solved on their first customers, up to LARGEST_SOLVED.
    `notice(text)` is called before a wait worth a word.
    """
    _refuse_histories(scenario)
    drawing = (luck_of_rows.states_of_ids, luck_of_rows.tenure_of_ids)
    choice = any(segment.dynamics == "choice" for segment in scenario.segments.values())
    say_if_new(notice, ((each,) for each in (*kernels_of_today(scenario), *(drawing if choice else ()))))
    customers, _ = read_customers(scenario)
    names = list(scenario.segments)
    found = [None if customers is None else of_segment(customers, s) for s in range(len(names))]
    rows = tuple(own if own is not None and len(own.ids) else None for own in found)
    segments = {
        name: segment
        if own is not None or segment.size is None
        else segment.model_copy(update={"size": min(segment.size, LARGEST_SOLVED)})
        for (name, segment), own in zip(scenario.segments.items(), rows, strict=True)
    }
    quiet = dataclasses.replace(
        scenario.status_quo,  # in expected mode: a row of weight n stays one
        segments=segments,
    )
    portfolio = load_portfolio(quiet)
    tables = build(quiet, portfolio)
    opening = open_market(quiet, tables, portfolio.population, options_of(quiet))
    return Today(scenario, tables, portfolio.population, opening, rows)


def _refuse_histories(scenario: Scenario) -> None:
    """What customers have bought is not drawn."""
    raise_if = [
        scenario.problem(
            ("segments", name, "dynamics"),
            f"the {segment.dynamics} segment `{name}`",
            "segments of choice or contract: what customers have bought so far is not drawn",
            "leave the segment out of the scenario that the file is for",
        )
        for name, segment in scenario.segments.items()
        if not isinstance(segment, (ChoiceSegment, ContractSegment))
    ]
    if raise_if:
        raise ScenarioError(raise_if)


def sizes(today: Today) -> np.ndarray:
    """[segment] how many rows of a file each segment would have: the stated size, or the customer file's weights."""
    found = []
    for s, (segment, own) in enumerate(zip(today.scenario.segments.values(), today.rows, strict=True)):
        if own is None:
            assert segment.size is not None
            found.append(float(segment.size))
        elif segment.dynamics == "contract":
            found.append(float(own.weight.sum()))
        else:
            found.append(float(opening_rows(today, s).weight.sum()))
    return np.array(found)


def opening_rows(today: Today, s: int) -> Population:
    """The customers of a segment who are there at the opening."""
    rows = slice(today.tables.segments.rows[s], today.tables.segments.rows[s + 1])
    here = Population._make(column[rows] for column in today.population)
    return Population._make(column[here.arrival == 0] for column in here)
