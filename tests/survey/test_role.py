"""What columns may hold, by their names and their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.survey.role import Suggestion
from tests.survey.tables import surveyed

IDS = [f"c{i}" for i in range(40)]


def suggested(folder: Path, role: str, **columns: list[object]) -> Suggestion | None:
    found = surveyed(folder, {"customer": IDS, **columns})
    return next((s for s in found.suggestions if s.role == role), None)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("monthly_charges", "a month"),
        ("MonthlyCharges", "a month"),
        ("Annual revenue (EUR)", "a year"),
        ("quarterly sales", "a quarter"),
        ("mrr", "a month"),
        ("revenue", "a year"),
    ],
)
def test_the_unit_of_revenue(name: str, unit: str, tmp_path: Path) -> None:
    found = suggested(tmp_path, "revenue", **{name: [10.5 + i % 7 for i in range(40)]})
    assert found is not None
    assert (found.columns, found.unit) == ((name,), unit)
    assert ("does not say" in found.unsure) == (name == "revenue")


def test_a_running_total_is_not_a_years_revenue(tmp_path: Path) -> None:
    amounts: list[object] = [i + 0.5 for i in range(40)]
    found = suggested(tmp_path, "revenue", total_charges=amounts, fee=amounts)
    assert found is not None
    assert found.columns == ("fee",)


@pytest.mark.parametrize(
    ("name", "longest", "unit"),
    [("tenure", 72, "months"), ("tenure", 12, "years"), ("tenure_months", 12, "months"), ("years", 30, "years")],
)
def test_the_unit_of_tenure(name: str, longest: int, unit: str, tmp_path: Path) -> None:
    found = suggested(tmp_path, "tenure", **{name: [longest, *(i % 9 for i in range(39))]})
    assert found is not None
    assert found.unit == unit
    assert ("does not say" in found.unsure) == (name == "tenure")


@pytest.mark.parametrize("cells", [[-1, *range(39)], [2000, *range(39)]], ids=["negative", "too long"])
def test_impossible_tenures_are_not_suggested(cells: list[object], tmp_path: Path) -> None:
    assert suggested(tmp_path, "tenure", tenure=cells) is None


def test_churned(tmp_path: Path) -> None:
    found = suggested(tmp_path, "churned", churn=["Yes", "No", "No", "No"] * 10, married=["Yes", "No"] * 20)
    assert found is not None
    assert found.columns == ("churn",)
    assert "10 of 40 have left" in found.reason


def test_a_supplier_needs_us(tmp_path: Path) -> None:
    found = suggested(tmp_path, "supplier", main_bank=["us", "atlas", "none", "us"] * 10)
    assert found is not None
    assert found.confidence == "high"
    other = suggested(tmp_path, "supplier", main_bank=["Northbank", "atlas"] * 20)
    assert other is not None
    assert "write `us` for your own customers" in other.unsure


def test_needs_sum_to_one(tmp_path: Path) -> None:
    rate: list[object] = [round(0.01 * (i % 9) + 0.1, 2) for i in range(40)]
    service: list[object] = [round(1 - float(str(weight)), 2) for weight in rate]
    other: list[object] = [0.5] * 20 + [0.4] * 20
    found = suggested(tmp_path, "needs", other=other, w_rate=rate, w_service=service)
    assert found is not None
    assert found.columns == ("w_rate", "w_service")
    marks: list[object] = [0, 1] * 20
    assert suggested(tmp_path, "needs", red=marks, blue=[1, 0] * 20) is None


def test_segment_weight_and_sensitivity(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "contract": ["a", "b"] * 20,
        "customer_segment": ["x", "y"] * 20,
        "weight": [1, 2, 3, 4] * 10,
        "price_sensitivity": [1.5, 2.5] * 20,
    }
    segment = suggested(tmp_path, "segment", **columns)
    assert segment is not None
    assert segment.columns == ("customer_segment",)
    assert "contract could sort them too" in segment.unsure
    assert suggested(tmp_path, "weight", **columns) is not None
    assert suggested(tmp_path, "price_sensitivity", **columns) is not None
