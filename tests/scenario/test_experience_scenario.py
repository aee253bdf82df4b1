"""The shipped scenario of an insurer whose touchpoints have five owners: what its comments say is so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "experience.yaml"
SMALLER = ("segments.families.size=3000", "segments.landlords.size=600")
WEIGHTS, QUALITIES = (0.15, 0.25, 0.2, 0.3, 0.1), (0.85, 0.7, 0.8, 0.6, 0.75)  # branch, call, app, claims, billing


@pytest.fixture(scope="module")
def finished() -> Run:
    return run(load_scenario(PATH, settings=SMALLER))


def cell(finished: Run, allocation: str, move: str = "quiet") -> dict[str, Any]:
    return next(c for c in finished.summary["cells"] if (c["allocation"], c["move"]) == (allocation, move))


def gain(finished: Run, allocation: str, move: str = "quiet") -> float:
    return float(cell(finished, allocation, move)["difference"]["mean"])


def test_it_loads_without_warnings() -> None:
    scenario = load_scenario(PATH)
    assert not scenario.warnings
    assert len(scenario.cells) == 16


@pytest.mark.parametrize("move", ["quiet", "norse_improves"])
def test_the_fewer_answer_for_the_whole_the_more_it_is_worth(finished: Run, move: str) -> None:
    assert 0 < gain(finished, "two_owners", move) < gain(finished, "one_owner", move)
    assert 0 < gain(finished, "two_years_later", move) < gain(finished, "one_owner", move)
    assert gain(finished, "claims_by_an_agency", move) < 0 < gain(finished, "better_claims", move)


def test_what_customers_experience_is_the_mean_of_a_power(finished: Run) -> None:
    told = finished.summary["experience"]

    def mean(owners: int, qualities: tuple[float, ...] = QUALITIES) -> float:
        rho = 1 - 2 * (owners - 1)
        return float(sum(w * q**rho for w, q in zip(WEIGHTS, qualities, strict=True)) ** (1 / rho))

    better, agency = (0.85, 0.7, 0.8, 0.65, 0.75), (0.85, 0.7, 0.8, 0.5, 0.75)
    assert told["today"] == {"owners": 5, "experience": pytest.approx(mean(5))}
    for name, owners, found in (
        ("baseline", 5, mean(5)),
        ("one_owner", 1, mean(1)),
        ("two_owners", 2, mean(2)),
        ("two_years_later", 1, mean(1)),
        ("better_claims", 5, mean(5, better)),
        ("claims_by_an_agency", 5, mean(5, agency)),
        ("even", 5, 0.7175),
        ("even_one_owner", 1, 0.7175),
    ):
        allocation = told["allocations"][name]
        assert allocation["owners"] == owners
        for segment in allocation["segments"].values():
            assert segment["experience"] == pytest.approx(found)
            assert segment["promised"] == {"claims": 4, "service": 5}
            assert segment["delivered"]["claims"] == pytest.approx(4 * found / mean(5))
            assert segment["delivered"]["service"] == pytest.approx(5 * found / mean(5))


@pytest.mark.parametrize("move", ["quiet", "norse_improves"])
def test_one_owner_of_even_touchpoints_is_worth_nothing(finished: Run, move: str) -> None:
    several, one = cell(finished, "even", move), cell(finished, "even_one_owner", move)
    for figure in ("value_per_share", "segments", "rivals", "present", "future"):
        assert several[figure] == one[figure]
    assert gain(finished, "even", move) == pytest.approx(gain(finished, "one_owner", move), rel=1e-6)


def test_all_of_the_gain_is_of_customers(finished: Run) -> None:
    """Nothing is spent; what customers bring more is what the company is worth more."""
    before, after = cell(finished, "baseline"), cell(finished, "one_owner")
    for name in before["segments"]:
        assert after["segments"][name]["programmes"] == before["segments"][name]["programmes"] == 0
    gained = sum(
        after["segments"][name]["customers"] - before["segments"][name]["customers"]
        for name in ("families", "landlords")
    )
    assert gained / 20e6 == pytest.approx(gain(finished, "one_owner"), rel=1e-6)


def test_a_promise_that_is_broken_costs_more_than_a_level_that_is_lower(finished: Run) -> None:
    unmoved = [f"segments.{name}.gap_sensitivity=0" for name in ("families", "landlords")]
    without = run(load_scenario(PATH, settings=[*SMALLER, *unmoved]))
    assert gain(finished, "claims_by_an_agency") < gain(without, "claims_by_an_agency") < 0
    assert gain(finished, "one_owner") == gain(without, "one_owner")  # where more is delivered there is no gap
