"""Customers who move between need states, against the slow twin: laws by matrices, the same luck one by one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import numpy as np
import pytest

from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening
from simengine.portfolio.load import load_portfolio
from simengine.scenario.load import load_scenario
from simengine.tables.layout import OWN_STATES, Tables
from tests.oracle import need_states as twin
from tests.oracle.changing_worlds import write_moving_choice_world
from tests.oracle.market import BASE, market
from tests.oracle.need_states import Law, law_of
from tests.oracle.world import World, open_world, options
from tests.properties.worlds import simulated

SEGMENT = "homes"
SOME = slice(None, None, 4)  # of the cells: the twin is slow
CLOSE = 1e-6  # of a share: as exactly as `check` closes


class Pair(NamedTuple):
    """One market, lived through by the engine; the twin's rules and markets."""

    scenario: Any
    tables: Tables
    opening: Opening
    ledger: Ledger
    world: World
    law: Law


@cache
def pair(mode: str) -> Pair:
    path = write_moving_choice_world(Path(mkdtemp()))
    scenario = load_scenario(path, simulation={"mode": mode})
    portfolio = load_portfolio(scenario)
    tables, opening, ledger = simulated(scenario, portfolio, scenario.cells[0][0], threads=2, block=16)
    names = tables.axes
    constants = {
        s: {j: float(opening.constants[i, k]) for k, j in enumerate(names.suppliers) if tables.segments.available[i, k]}
        for i, s in enumerate(names.segments)
    }
    inertia = {s: float(opening.inertia[i]) for i, s in enumerate(names.segments)}
    world = open_world(scenario, portfolio, constants, inertia)
    return Pair(scenario, tables, opening, ledger, world, law_of(scenario, SEGMENT))


def openings(both: Pair) -> dict[int, np.ndarray]:
    """By row: the twin's joint distribution at rest, [need state, state]."""
    opening = both.world.openings[SEGMENT]
    today = market(both.scenario, SEGMENT, options(opening), BASE, 0)
    assert opening.rules is not None
    return {
        person.row: twin.at_rest(twin.reviewed(person, today, opening.rules, both.law), both.law)
        for person in opening.people
    }


def test_need_states_have_the_laws_of_the_twin() -> None:
    both = pair("expected")
    states = both.tables.segments.need_states[0]
    assert states is not None
    assert states.names == both.law.names == ("retired", "settled", "young")
    np.testing.assert_allclose(states.move, both.law.move, atol=1e-14)
    np.testing.assert_allclose(states.share, both.law.share, atol=1e-14)
    np.testing.assert_allclose(states.shift, [list(shift.values()) for shift in both.law.shift], atol=1e-7)


def test_everybody_opens_at_rest_and_today_is_reproduced() -> None:
    both = pair("expected")
    opening = both.world.openings[SEGMENT]
    assert opening.rules is not None
    today = market(both.scenario, SEGMENT, options(opening), BASE, 0)
    stated, everybody, ours, kept = both.scenario.segments[SEGMENT], 0.0, 0.0, 0.0
    found = openings(both)
    shares = np.zeros(next(iter(found.values())).shape[1])
    for person in opening.people:
        rest = found[person.row]
        row = person.row - int(both.tables.segments.rows[0])
        np.testing.assert_allclose(both.opening.joint[0][row], rest, atol=CLOSE)
        np.testing.assert_allclose(both.opening.states[person.row], rest.sum(axis=0), atol=CLOSE)
        np.testing.assert_allclose(rest.sum(axis=1), both.law.share, atol=1e-9)
        if person.arrival == 0:
            moves = twin.reviewed(person, today, opening.rules, both.law)
            shares += person.weight * rest.sum(axis=0)
            everybody += person.weight
            ours += person.weight * rest[:, :OWN_STATES].sum()
            kept += person.weight * twin.stays(rest, moves, both.law, 4)
    by_supplier = np.array([shares[:OWN_STATES].sum(), *shares[OWN_STATES:]]) / everybody
    np.testing.assert_allclose(by_supplier, [stated.shares[j] for j in opening.rules.constants], atol=CLOSE)
    assert 1 - kept / ours == pytest.approx(stated.churn, abs=CLOSE)


def test_expected_customers_are_those_of_the_twin() -> None:
    both = pair("expected")
    found = openings(both)
    count = np.zeros_like(both.ledger.count[SOME, 0, :, 0, :, 0], float)
    for person in both.world.openings[SEGMENT].people:
        for c, cell in enumerate(both.world.cells[SOME]):
            for k, joint in enumerate(twin.lived(both.world, person, cell, found[person.row], both.law)):
                count[c, person.arrival + k] += person.weight * joint.sum(axis=0)
    own = both.ledger.count[:, 0, :, 0].sum(axis=-1) / both.ledger.count_scale
    np.testing.assert_allclose(own[SOME], count, rtol=1e-4, atol=1e-4)
    assert np.ptp(count[:, -1], axis=0).max() > 0.5, "cells differ"


def test_sampled_customers_are_those_of_the_twin_one_by_one() -> None:
    both = pair("sampled")
    found = openings(both)
    opening = both.world.openings[SEGMENT]
    assert opening.rules is not None
    names = twin.states(tuple(opening.rules.constants))
    count = np.zeros_like(both.ledger.count[SOME, :, :, 0, :, 0])
    for person in opening.people:
        for c, cell in enumerate(both.world.cells[SOME]):
            for r in range(both.scenario.simulation.replications):
                path = twin.drawn(both.world, person, cell, found[person.row], both.law, r)
                for k, state in enumerate(path):
                    count[c, r, person.arrival + k, names.index(state)] += person.weight
    np.testing.assert_array_equal(both.ledger.count[SOME, :, :, 0].sum(axis=-1), count)
