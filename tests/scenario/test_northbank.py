"""The shipped bank: twelve cells, the same budget in those that are compared, figures that fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.segment import ChoiceSegment, Lognormal

PATH = Path(__file__).parents[2] / "scenarios" / "northbank.yaml"


@pytest.fixture(scope="module")
def bank() -> Scenario:
    return load_scenario(PATH)


def yearly_spend(bank: Scenario, allocation: str) -> float:
    """Money a year after the last date, over all levers and segments."""
    spend = {(lever, s): money for lever, it in bank.levers.items() for s, money in it.today.items()}
    for lever, phases in bank.allocations[allocation].fundings.items():
        spend |= {(lever, s): money for s, money in phases[-1].amounts.items()}
    return sum(spend.values())


def test_twelve_cells(bank: Scenario) -> None:
    assert len(bank.allocations) == 4
    assert len(bank.moves) == 3
    assert len(bank.cells) == 12
    assert bank.cells[0] == ("baseline", "quiet")


def test_a_market_of_600_000(bank: Scenario) -> None:
    assert {name: segment.size for name, segment in bank.segments.items()} == {"affluent": 180_000, "mass": 420_000}
    assert bank.needs == ("advice", "digital", "rate", "service")
    assert bank.suppliers == ("us", "atlas", "neo", "none")


def test_the_compared_allocations_spend_the_same(bank: Scenario) -> None:
    assert yearly_spend(bank, "baseline") == 14e6
    assert {yearly_spend(bank, name) for name in bank.allocations if name != "baseline"} == {19e6}


def test_forty_quarters_and_a_sampled_mode(bank: Scenario) -> None:
    assert (bank.calendar.labels[0], bank.calendar.periods, bank.calendar.step) == ("2027-Q1", 40, "quarter")
    assert (bank.simulation.seed, bank.simulation.mode, bank.simulation.replications) == (7, "sampled", 40)
    assert all(change.start >= 1 for changes in bank.moves.values() for change in changes)


def test_the_bank_earns_more_than_its_capital_costs(bank: Scenario) -> None:
    """Opening equity is positive with a profit that lasts ten years, before any growth or residual value."""
    profit = -bank.company.overhead - yearly_spend(bank, "baseline")
    for segment in bank.segments.values():
        assert isinstance(segment, ChoiceSegment)
        assert isinstance(segment.revenue, Lognormal)
        assert segment.shares is not None
        assert segment.size is not None
        served = sum(t.uses * t.cost for t in segment.cost_to_serve.values())
        profit += segment.size * segment.shares["us"] * (segment.revenue.mean * segment.margin - served)
    k = bank.company.discount_rate
    worth = profit * (1 - bank.company.tax_rate) * (1 - (1 + k) ** -10) / k
    assert worth - bank.company.net_debt > 100e6


def test_the_header_says_what_it_is_for() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("# Northbank: where should")
    assert "invented" in text.split("simengine: 1", maxsplit=1)[0]
    assert text.count("# assumed") > 8
