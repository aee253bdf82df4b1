"""What is concluded of an optimum, in words."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from simengine.report.optimize import print_optimum

FOUND: dict[str, Any] = {
    "scenario": "A field", "currency": "EUR", "objective": "value", "moves": {"quiet": 1.0}, "budget": 12e3,
    "to": "baseline", "exact": True, "profiles": None, "uncertain": [], "replications": 1,
    "reference_spent": [9e3], "spent": [12e3], "kept": {}, "marginal_unit": 1e3, "initiatives": {}, "worth": 5.0,
    "gain": {"to": "baseline", "mean": 0.5, "ci95": None}, "by_move": {}, "binding": [], "budget_marginal_value": 0.02,
    "optimality": 0.0, "frontier": [], "habits": {}, "search": {"stopped": False, "climbs": 5},
    "items": [{"lever": "care", "segment": "all", "from": "2026", "reference": 9e3, "optimum": 12e3,
               "marginal_value": 0.02, "bound": None}],
    "best_stated": {"allocation": "advice", "gain": {"to": "advice", "mean": 0.2, "ci95": None}, "improves": True},
}  # fmt: skip


def printed(**other: Any) -> str:
    out = StringIO()
    print_optimum({**FOUND, **other}, Console(file=out, width=120))
    return out.getvalue()


def stated(mean: float, ci95: list[float] | None) -> dict[str, Any]:
    return {"allocation": "advice", "gain": {"to": "advice", "mean": mean, "ci95": ci95}, "improves": False}


def test_gains_and_what_the_budget_is_worth_are_said() -> None:
    text = printed()
    assert "against advice, the best stated, exact." in text
    assert "one more 1k a year is worth +0.02" in text
    assert "No better split" not in text
    merged = printed(profiles={"customers": 9000, "profiles": 90, "bound": 0.01, "error": 0.004, "step": 0.25})
    assert "exact" not in merged
    assert "expected values, within 1 %: nothing is random" in merged
    assert "2k a year of the budget is better not spent." in printed(spent=[10e3])
    assert "more may be had" in printed(optimality=0.3)


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (stated(-0.001, None), "No better split found than advice."),
        (stated(0.01, [-0.1, 0.12]), "No split is sure to be better than advice."),
    ],
)
def test_where_nothing_better_is_found_that_is_said(best: dict[str, Any], said: str) -> None:
    assert said in printed(best_stated=best)
