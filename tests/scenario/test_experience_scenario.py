"""The shipped scenarios of an insurer's touchpoints, owners and employees: what their comments say is so."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "experience.yaml"
EMPLOYEES = PATH.with_name("experience_employees.yaml")
SMALLER = ("segments.families.size=3000", "segments.landlords.size=600")
THEIR_MONEY = [  # as much on each customer as in the market of full size
    f"levers.{lever}.today.{segment}={money / 20:g}"
    for lever, families, landlords in (("training", 3e5, 1e5), ("rewards", 1.5e5, 5e4))
    for segment, money in (("families", families), ("landlords", landlords))
]
THEIR_MONEY += [
    f"allocations.{allocation}.{lever}.{segment}={money / 20:g}"
    for allocation, lever, families, landlords in (
        ("more_training", "training", 4.5e5, 1.5e5),
        ("more_rewards", "rewards", 3e5, 1e5),
        ("more_of_both", "training", 3.75e5, 1.25e5),
        ("more_of_both", "rewards", 2.25e5, 7.5e4),
        ("less_training", "training", 1.5e5, 5e4),
    )
    for segment, money in (("families", families), ("landlords", landlords))
]
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


@pytest.fixture(scope="module")
def staffed() -> Run:
    return run(load_scenario(EMPLOYEES, settings=[*SMALLER, *THEIR_MONEY]))


def test_the_variant_loads_without_warnings() -> None:
    scenario = load_scenario(EMPLOYEES)
    assert not scenario.warnings
    assert len(scenario.cells) == 14


@pytest.mark.parametrize("move", ["quiet", "norse_improves"])
def test_money_on_both_levels_does_more_than_on_either(staffed: Run, move: str) -> None:
    either = gain(staffed, "more_training", move), gain(staffed, "more_rewards", move)
    assert gain(staffed, "more_of_both", move) > max(either) > 0 > gain(staffed, "less_training", move)
    spent = staffed.summary["allocations"]
    assert len({round(money(spent[name]), 6) for name in ("more_training", "more_rewards", "more_of_both")}) == 1


def money(levers: dict[str, dict[str, float]]) -> float:
    return sum(sum(by_segment.values()) for by_segment in levers.values())


def test_levels_of_employees_end_where_the_curves_and_half_lives_say(staffed: Run) -> None:
    """Training with half as much again aims 0.08 higher; eight years on what is spent acts, at a half-life of one."""
    told = staffed.summary["experience"]
    more = told["allocations"]["more_training"]["segments"]["families"]
    assert more["motivation"] == 0.6
    acting = [1.5 - 0.5 * 0.5 ** (n / 4) for n in range(1, 33)]  # of today's spend, with its carry-over of a half
    level = 0.45
    for spend in acting:
        midpoint = 0.25 / 0.3
        shape = math.log(midpoint * 0.38 / 0.17) / math.log(1.5)
        aimed = 0.45 - 0.3 + 0.55 * spend**shape / (midpoint + spend**shape)
        level = aimed + (level - aimed) * 0.5**0.25
    assert more["enablement"] == pytest.approx(level)
    qualities = [1 / (1 + (1 - q) / q * math.exp(-2 * (level - 0.45))) for q in QUALITIES]
    whole = sum(w * q**-7 for w, q in zip(WEIGHTS, qualities, strict=True)) ** (-1 / 7)
    assert more["experience"] == pytest.approx(whole)
    assert told["allocations"]["less_training"]["segments"]["families"]["enablement"] < 0.45 < level < 0.53
