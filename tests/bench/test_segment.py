"""The market as plain arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.bench.question import northbank
from simengine.bench.segment import segments_of
from simengine.engine.opening import solve_opening
from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.tables.build import build
from simengine.tables.layout import OWN_STATES
from tests.oracle.worlds import write_contract_world


def test_states_and_their_suppliers() -> None:
    scenario = northbank(customers=100, periods=10)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    affluent = segments_of(tables, solve_opening(tables, portfolio.population), cell=0)[0]
    assert affluent.supplier.tolist() == [0, 0, 0, 1, 2, 3]
    assert affluent.opening.shape == (30, OWN_STATES + 3)
    assert (np.diff(affluent.inertia[0, :OWN_STATES]) > 0).all()  # loyal customers hold on more


def test_other_dynamics_are_refused(tmp_path: Path) -> None:
    scenario = load_scenario(write_contract_world(tmp_path))
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    with pytest.raises(ValueError, match="not part of this comparison"):
        segments_of(tables, solve_opening(tables, portfolio.population), cell=0)
