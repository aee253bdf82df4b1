"""Shocks, drift and learning as a scenario states them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.knowledge import learning_of
from simengine.tables.needs_drift import drift_law, luck_name
from simengine.tables.shocks import shock_law, shocks_of
from tests.scenario.worlds import replaced, write

OFFERS = "offers:\n"
AT_ALL = "    price_sensitivity: 3\n"
ATLAS = "  atlas: {knowledge: 0.2}\n"


def scenario(folder: Path, *pairs: tuple[str, str]) -> Scenario:
    text, _ = replaced(*pairs)
    return load_scenario(write(folder, text))


def test_a_scenario_that_says_nothing_moves_nothing(tmp_path: Path) -> None:
    still = scenario(tmp_path)
    assert (shock_law(still), drift_law(still), learning_of(still)) == (None, None, None)
    assert not still.has_market_luck
    assert not still.follows_customers


def test_shocks_are_of_who_has_one_and_of_demand(tmp_path: Path) -> None:
    said = """\
market:
  volatility: 0.2
  persistence: 60%
  suppliers: {atlas: {persistence: 30%}, none: {volatility: 0.1}, us: {volatility: 0}}
  demand: {volatility: 8%, persistence: 50%}
  correlations: {none: {atlas: 0.4}, demand: {none: -0.5}, us: {atlas: 0.5}}
"""
    shocked = scenario(tmp_path, (OFFERS, said + OFFERS))
    law = shock_law(shocked)
    assert law is not None
    assert shocked.has_market_luck
    assert law.names == ("atlas", "none", "demand")
    assert law.suppliers == (1, 2)
    np.testing.assert_array_equal(law.volatility, [0.2, 0.1, 0.08])
    np.testing.assert_allclose(law.kept, [0.3**0.25, 0.6**0.25, 0.5**0.25])
    np.testing.assert_array_equal(law.correlations, [[1, 0.4, 0], [0.4, 1, -0.5], [0, -0.5, 1]])
    assert [place for place in (w.place for w in shocked.warnings) if place.startswith("market")] == [
        "market.correlations.us.atlas"
    ]
    found = shocks_of(law, len(shocked.suppliers), shocked.simulation.seed, 0, 2, 3)
    assert found.utility.shape == (2, 3, 3)
    assert not found.utility[:, :, 0].any()


def test_demand_alone_is_a_law_too(tmp_path: Path) -> None:
    law = shock_law(scenario(tmp_path, (OFFERS, f"market: {{demand: {{volatility: 8%}}}}\n{OFFERS}")))
    assert law is not None
    assert law.names == ("demand",)
    assert not shocks_of(law, 3, 7, 0, 2, 4).utility.any()


def test_needs_that_are_not_named_share_what_a_trend_leaves(tmp_path: Path) -> None:
    said = f"{AT_ALL}    needs_drift: {{volatility: 2%, persistence: 60%, trend: {{rate: 1%}}}}\n"
    drifting = scenario(tmp_path, (AT_ALL, said))
    law = drift_law(drifting)
    assert law is not None
    assert drifting.has_market_luck
    assert law.names[0] == (luck_name("affluent", "rate"), luck_name("affluent", "service"))
    np.testing.assert_array_equal(law.volatility, [0.02, 0, 0])
    np.testing.assert_allclose(law.kept[0], 0.6**0.25)
    np.testing.assert_array_equal(law.trend, [[0.01, -0.01], [0, 0], [0, 0]])


def test_a_trend_alone_is_no_luck(tmp_path: Path) -> None:
    drifting = scenario(tmp_path, (AT_ALL, f"{AT_ALL}    needs_drift: {{trend: {{rate: 1%}}}}\n"))
    assert drift_law(drifting) is not None
    assert not drifting.has_market_luck


def test_learning_is_of_every_supplier_and_imitation_of_rivals(tmp_path: Path) -> None:
    learned = scenario(
        tmp_path,
        (OFFERS, f"knowledge: {{forgetting: 20%, learning_exponent: 0.5}}\nimitation: {{knowledge: 10%}}\n{OFFERS}"),
        ("  shares: 1 million\n", "  shares: 1 million\n  knowledge: 0.4\n"),
        (AT_ALL, f"{AT_ALL}    tailoring: 1\n"),
    )
    law = learning_of(learned)
    assert law is not None
    assert learned.follows_customers
    np.testing.assert_array_equal(law.today, [0.4, 0.2])
    assert law.forgetting == pytest.approx(-math.log(0.8))
    assert law.exponent == 0.5
    np.testing.assert_allclose(law.imitated, [0, 1 - math.exp(-0.1 / 4)], rtol=1e-12)


def test_a_lever_that_teaches_brings_what_is_assumed_of_learning(tmp_path: Path) -> None:
    care = "  care:\n    target: retention\n"
    taught = scenario(
        tmp_path,
        (AT_ALL, f"{AT_ALL}    tailoring: 1\n"),
        (care, f"  analytics: {{target: knowledge, response: {{hill: {{max: 0.25, half: 1k}}}}}}\n{care}"),
    )
    law = learning_of(taught)
    assert law is not None
    assert law.forgetting == pytest.approx(-math.log(0.8))
    assert law.exponent == 1


def test_word_of_mouth_follows_customers(tmp_path: Path) -> None:
    assert scenario(tmp_path, (AT_ALL, f"{AT_ALL}    word_of_mouth: 1\n")).follows_customers
