"""The figures of the base-year check where they have a closed form."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from simengine.results.check import check
from simengine.results.check_report import ChoiceCheck, ContractCheck, Figure
from simengine.scenario import load_scenario

STEPS = {"month": "2026-01", "quarter": "2026-Q1", "year": "2026"}
PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
COMPANY = "name: Closed forms\ncompany: {name: Us, discount_rate: 9%, shares: 1000}\nallocations: {baseline: {}}\n"

STATED = """\
segments:
  {leaving: {dynamics: contract, hazard: {constant: 10%}, size: 150, revenue: 900, margin: 50%}}
"""

FILE = """\
portfolio:
  customers: customers.csv
  columns: {id: id, revenue: pays, tenure: {column: months, unit: months}, churned: gone}
segments:
  {leaving: {dynamics: contract, hazard: {empirical: {}}, margin: 50%}}
"""
# Completed months, whether they left then, and how many: of 200 who reach month 6, 20 leave in it; of 180 who reach
# month 12, 18. Only 30 are older.
GROUPS = [(3, "no", 40), (6, "yes", 20), (12, "yes", 18), (12, "no", 132), (20, "no", 30)]
# 38 left in the last 12 months that 50 reached: 240 are at risk in 3 of them, 200 in 3, 180 in 6.
A_MONTH = 1 - 38 / (3 * 240 + 3 * 200 + 6 * 180)

# Four alike, except that a customer is attached to whoever it is with.
ALIKE = """\
needs: [service]
segments:
  all:
    size: 60
    needs: {service: 1}
    constants: {us: 0, atlas: 0, neo: 0, none: 0}
    inertia: 1.5
    review: 80%
    stages: {inertia: [1, 1, 1]}
    revenue: 100
    margin: 50%
offers: {us: {service: 0}, atlas: {service: 0}, neo: {service: 0}}
"""


def write(folder: Path, step: str, body: str) -> Path:
    path = folder / "closed.yaml"
    path.write_text(f"calendar: {{start: {STEPS[step]}, step: {step}, periods: 2}}\n{COMPANY}{body}")
    return path


def leaving(path: Path) -> ContractCheck:
    (segment,) = check(load_scenario(path)).segments
    assert isinstance(segment, ContractCheck)
    return segment


def both(figure: Figure) -> tuple[float | None, float]:
    return figure.stated, figure.modelled


@pytest.mark.parametrize("step", STEPS)
def test_a_constant_hazard_keeps_and_lets_survive_exponentially(tmp_path: Path, step: str) -> None:
    segment = leaving(write(tmp_path, step, STATED))
    assert list(segment.kept) == ["1", "3", "10"]
    for years, kept in segment.kept.items():
        left = 150 * exp(-0.1 * int(years))
        assert both(kept) == pytest.approx((left, left), rel=1e-6)
    assert list(segment.survival) == ["12", "24", "36", "48", "60", "72"]
    for months, survival in segment.survival.items():
        assert survival.stated is None
        assert survival.modelled == pytest.approx(exp(-0.1 * int(months) / 12), rel=1e-12)
    assert (segment.observed, segment.churned) == (0, 0)


@pytest.mark.parametrize("step", STEPS)
def test_an_estimated_hazard_keeps_and_lets_survive_as_by_hand(tmp_path: Path, step: str) -> None:
    lines = [f"5,{months},{gone}" for months, gone, customers in GROUPS for _ in range(customers)]
    rows = ["id,pays,months,gone", *(f"{i},{line}" for i, line in enumerate(lines))]
    (tmp_path / "customers.csv").write_text("\n".join(rows) + "\n")
    segment = leaving(write(tmp_path, step, FILE))
    assert (segment.observed, segment.churned) == (240, 38)
    assert both(segment.customers) == pytest.approx((202, 202), rel=1e-6)
    for months, survival in segment.survival.items():
        assert survival.stated == (pytest.approx(0.9 * 0.9, rel=1e-12) if months == "12" else None)
        assert survival.modelled == pytest.approx(0.81 * A_MONTH ** (int(months) - 12), rel=1e-9)
    for years, kept in segment.kept.items():
        ahead = 12 * int(years)  # the 40 who are in month 3 have both waves of leaving before them
        left = 40 * 0.81 * A_MONTH ** (ahead - 9) + 162 * A_MONTH**ahead
        assert both(kept) == pytest.approx((left, left), rel=1e-6)


@pytest.mark.parametrize("step", STEPS)
def test_churn_is_who_has_gone_at_least_once_within_a_year(tmp_path: Path, step: str) -> None:
    (segment,) = check(load_scenario(write(tmp_path, step, ALIKE))).segments
    assert isinstance(segment, ChoiceCheck)
    leaves = (1 - exp(-0.8 / PER_YEAR[step])) * 3 / (exp(1.5) + 3)  # a period
    assert segment.churn.modelled == pytest.approx(1 - (1 - leaves) ** PER_YEAR[step], rel=1e-5)
    assert segment.drift < 1e-5
    for share in segment.shares.values():
        assert share.modelled == pytest.approx(0.25, rel=1e-5)
