"""P15. Optimal splits of a budget over concave responses, found by `optimize` in scenarios whose value is such a sum.

Square roots: a wallet lever with a Hill response of shape 1/2 gains max sqrt(x / half) / (1 + sqrt(x / half)): with
half = 10^12 and x up to 100 a square root to 1e-5. Exponentials: a retention lever whose response is a straight line
takes the survival of one period from exp(-h) to exp(-h exp(-b x)): of a small hazard h, what it gains is
a (1 - exp(-b x)) to h / 2. What a share gains is that sum less the spend itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from simengine.scenario import load_scenario
from simengine.study.optimize.optimize import Optimum, optimize

HEAD = """\
simengine: 1
calendar: {start: 2026, step: year, periods: 1}
simulation: {mode: expected}
company: {name: Sum, discount_rate: 0%, shares: 1, residual: {method: none}}
"""
HALF = 1e12
HAZARD = 0.01
EXPONENTIAL = {"a": (100, 0.05), "b": (60, 0.08), "c": (30, 0.02)}
UNIT = 1e6  # money that 1 of the published values is, so that the spend itself hardly counts


def segment(name: str, leaving: float, revenue: float) -> str:
    hazard = f"hazard: {{constant: {leaving}}}"
    return f"  {name}: {{dynamics: contract, {hazard}, size: 1000, revenue: {revenue / 1000:.10f}, margin: 100%}}\n"


def lever(name: str, target: str, most: float, shape: float) -> str:
    response = f"{{hill: {{max: {most:.10f}, half: {HALF:.0f}, shape: {shape}}}}}"
    return f"  {name}: {{target: {target}, response: {response}}}\n"


def found(folder: Path, segments: str, levers: str, **asked: object) -> Optimum:
    path = folder / "sum.yaml"
    path.write_text(f"{HEAD}segments:\n{segments}levers:\n{levers}allocations: {{baseline: {{}}}}\n", encoding="utf-8")
    return optimize(load_scenario(path), round_to="0.000001", **asked)  # type: ignore[arg-type]


def roots(folder: Path) -> Optimum:
    """The best split of 100 over three square roots."""
    segments = "".join(segment(f"s{a}", 0, a * UNIT * np.sqrt(HALF) / 10) for a in (4, 2, 1))
    return found(folder, segments, lever("extras", "wallet", 10, 0.5), budget="100")


@pytest.fixture(scope="module")
def square_roots(tmp_path_factory: pytest.TempPathFactory) -> Optimum:
    return roots(tmp_path_factory.mktemp("roots"))


@pytest.fixture(scope="module")
def exponentials(tmp_path_factory: pytest.TempPathFactory) -> Optimum:
    segments = "".join(segment(name, HAZARD, a * UNIT / HAZARD) for name, (a, _) in EXPONENTIAL.items())
    levers = "".join(lever(f"keep_{name}", "retention", b * HALF, 1) for name, (_, b) in EXPONENTIAL.items())
    elsewhere = [f"keep_{one}.{other}" for one in EXPONENTIAL for other in EXPONENTIAL if one != other]
    return found(tmp_path_factory.mktemp("exponentials"), segments, levers, budget="60", fix=elsewhere)


def amounts(optimum: Optimum) -> dict[str, float]:
    return {row["segment"]: row["optimum"] for row in optimum.document["items"]}


def multiplier(optimum: Optimum) -> float:
    """What one more unit of money brings, the unit itself, which is spent, put back; in published units."""
    return float((optimum.document["budget_marginal_value"] / optimum.document["marginal_unit"] + 1) / UNIT)


def gained(optimum: Optimum) -> float:
    return float((optimum.document["gain"]["mean"] + sum(optimum.document["spent"])) / UNIT)


def test_square_roots(square_roots: Optimum) -> None:
    spent = amounts(square_roots)
    assert spent["s4"] == pytest.approx(76.190476, abs=5e-3)
    assert spent["s2"] == pytest.approx(19.047619, abs=5e-3)
    assert spent["s1"] == pytest.approx(4.761905, abs=5e-3)
    assert gained(square_roots) == pytest.approx(45.8257569, rel=2e-5)
    assert multiplier(square_roots) == pytest.approx(np.sqrt(21) / 20, rel=2e-4)


def test_exponentials_with_a_corner(exponentials: Optimum) -> None:
    spent = amounts(exponentials)
    assert spent["a"] == pytest.approx(37.237092, abs=0.03)
    assert spent["b"] == pytest.approx(22.762908, abs=0.03)
    assert spent["c"] == 0
    assert gained(exponentials) == pytest.approx(134.7500699, rel=HAZARD)
    assert multiplier(exponentials) == pytest.approx(0.7769209, rel=HAZARD)


def test_exponentials_as_the_closed_form_of_the_scenario_has_them(exponentials: Optimum) -> None:
    a, b = np.array(list(EXPONENTIAL.values())).T

    def worth(x: np.ndarray) -> float:
        return float((a / HAZARD * (np.exp(-HAZARD * np.exp(-b * x)) - np.exp(-HAZARD))).sum())

    best = minimize(
        lambda x: -worth(x), [20, 20, 20], bounds=[(0, 60)] * 3, method="SLSQP", options={"ftol": 1e-14},
        constraints={"type": "eq", "fun": lambda x: x.sum() - 60},
    )  # fmt: skip
    assert [amounts(exponentials)[name] for name in EXPONENTIAL] == pytest.approx(best.x.tolist(), abs=0.03)
    assert gained(exponentials) == pytest.approx(-best.fun, rel=1e-5)


@pytest.mark.parametrize("which", ["square_roots", "exponentials"])
def test_the_conditions_of_an_optimum_hold(which: str, request: pytest.FixtureRequest) -> None:
    """Karush, Kuhn and Tucker: equal slopes where something is spent, none steeper where nothing is."""
    optimum: Optimum = request.getfixturevalue(which)
    document = optimum.document
    assert document["optimality"] < 1e-2
    assert document["spent"] == [pytest.approx(100 if which == "square_roots" else 60, abs=1e-6)]
    price = document["budget_marginal_value"]
    for row in document["items"]:
        if row["optimum"] > 0:
            assert row["marginal_value"] == pytest.approx(price, rel=1e-2)
        else:
            assert row["marginal_value"] < price
