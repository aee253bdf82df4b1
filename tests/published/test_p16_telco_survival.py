"""Kaplan-Meier survival and mean charges of IBM's telecoms customers, through the product's own loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.portfolio import load_portfolio
from simengine.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CONTRACTS = ("Month-to-month", "One year", "Two year")


def test_survival_by_contract() -> None:
    hazards = load_portfolio(load_scenario(SCENARIOS / "telco.yaml")).hazards
    assert hazards["Month-to-month"].survival[12] == pytest.approx(0.7031, abs=5e-5)
    assert hazards["One year"].survival[12] == pytest.approx(0.9908, abs=5e-5)
    assert sum(hazards[name].at_risk for name in CONTRACTS) == 7043
    assert sum(hazards[name].churned for name in CONTRACTS) == 1869


def whole_file(folder: Path, segments: str, columns: str) -> Path:
    scenario = folder / "whole.yaml"
    scenario.write_text(
        "calendar: {start: 2027-01, step: month, periods: 12}\n"
        "company: {name: Telco, discount_rate: 9%, shares: 1M}\n"
        "allocations: {baseline: {}}\n"
        f"segments: {{{segments}}}\n"
        f"portfolio:\n  customers: {SCENARIOS / 'data/telco.csv'}\n"
        f"  columns: {{id: customer_id, revenue: {{column: monthly_charges, unit: a month}}, {columns}}}\n"
    )
    return scenario


def test_survival_of_all(tmp_path: Path) -> None:
    one = "everybody: {dynamics: contract, hazard: {empirical: {}}, margin: 60%}"
    columns = "tenure: {column: tenure, unit: months}, churned: churn"
    portfolio = load_portfolio(load_scenario(whole_file(tmp_path, one, columns)))
    survival = portfolio.hazards["everybody"].survival
    assert survival[12] == pytest.approx(0.8432, abs=5e-5)
    assert survival[[24, 36, 48, 60, 72]] == pytest.approx([0.7887, 0.7485, 0.7088, 0.6644, 0.5928], abs=5e-5)
    assert len(portfolio.population.ids) == 7043 - 1869


def test_mean_monthly_charge(tmp_path: Path) -> None:
    segments = ", ".join(
        f"{name}: {{dynamics: contract, hazard: {{constant: 20%}}, margin: 60%}}" for name in CONTRACTS
    )
    population = load_portfolio(load_scenario(whole_file(tmp_path, segments, "segment: contract"))).population
    means = [population.revenue[population.segment == s].mean() / 12 for s in range(3)]
    assert means == pytest.approx([66.40, 65.05, 60.77], abs=5e-3)
