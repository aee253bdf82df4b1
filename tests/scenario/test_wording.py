"""Values of a resolved scenario as people write them, by what they count."""

from __future__ import annotations

from typing import Any

import pytest

from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path

LEVERS = {"advice": {"target": "service"}, "outreach": {"target": "acquisition"}, "upgrade": {"target": "convert"}}


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        (("segments", "a", "churn"), 0.07, "7%"),
        (("segments", "a", "share_trend", "us"), -0.02, "-2%"),
        (("segments", "a", "review"), "always", "always"),
        (("segments", "a", "needs", "rate"), 0.35, "0.35"),
        (("segments", "a", "size"), 180_000, "180k"),
        (("uncertain", "segments.a.size"), {"normal": [180_000.0, 5000.0]}, "{normal: [180k, 5k]}"),
        (
            ("uncertain", "segments.a.churn"),
            {"lognormal": {"mean": 0.07, "cv": 0.1}},
            "{lognormal: {mean: 7%, cv: 0.1}}",
        ),
        (("uncertain", "segments.a.churn", "max"), 0.1, "10%"),
        (
            ("uncertain", "correlations"),
            {"segments.a.churn": {"segments.b.churn": 0.6}},
            "{segments.a.churn: {segments.b.churn: 0.6}}",
        ),
        (("segments", "a", "capital"), "0.12 of revenue", "12% of revenue"),
        (("segments", "a", "capital"), 2500.0, "2.5k"),
        (
            ("segments", "a", "needs_drift"),
            {"volatility": 0.02, "trend": {"rate": -0.01}},
            "{volatility: 2%, trend: {rate: -1%}}",
        ),
        (("company", "shares"), 120e6, "120M"),
        (("company", "residual"), {"method": "fade", "years": 10.0}, "{method: fade, years: 10}"),
        (("levers", "advice", "response", "hill", "max"), 2.0, "2"),
        (("levers", "outreach", "response", "hill", "max"), 0.4, "40%"),
        (("levers", "upgrade", "response", "hill", "max"), 0.6, "60%"),
        (("levers", "outreach", "response", "hill", "half"), 3e6, "3M"),
        (("moves", "war", 0, "change"), {"price": -0.125, "advice": 1.0}, "{price: -12.5%, advice: 1}"),
        (("allocations", "x", "advice"), [{"from": "2027-Q2", "a": 5e6}], "[{from: 2027-Q2, a: 5M}]"),
        (("simulation", "customer_values"), True, "true"),
    ],
)
def test_values_as_people_write_them(path: Path, value: Any, text: str) -> None:
    assert in_words(value, path, LEVERS) == text
