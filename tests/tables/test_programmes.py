"""From an allocation to spend, carry-over and response."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.allocation import Allocation, Funding
from simengine.scenario.lever import Lever
from simengine.tables.programmes import lever_effect, programmes, response, spend_path
from tests.properties.worlds import market, opened

HILL = Lever.model_validate({"target": "service", "response": {"hill": {"max": 2, "half": 400, "shape": 1.5}}})
ADBUDG = Lever.model_validate(
    {
        "target": "service",
        "response": {"adbudg": {"none": -2, "today": 0, "plus_half": 0.8, "saturated": 2}},
        "carry_over": 0.6,
    }
)


def funded(*fundings: tuple[int, int, dict[str, float]]) -> Allocation:
    return Allocation(fundings={"care": tuple(Funding(start=a, end=b, amounts=amounts) for a, b, amounts in fundings)})


def test_spend_stays_todays_where_an_allocation_says_nothing() -> None:
    assert spend_path(None, "care", 7.0, "homes", 4) == [7, 7, 7, 7]
    assert spend_path(funded(), "care", 7.0, "homes", 4) == [7, 7, 7, 7]
    assert spend_path(funded((0, 4, {"shops": 9.0})), "care", 7.0, "homes", 4) == [7, 7, 7, 7]
    assert spend_path(funded((0, 4, {"homes": 9.0})), "other", 7.0, "homes", 4) == [7, 7, 7, 7]


def test_phases_hold_from_their_start_to_before_their_end() -> None:
    phases = funded((1, 2, {"homes": 9.0}), (3, 5, {"homes": 0.0, "shops": 4.0}))
    assert spend_path(phases, "care", 7.0, "homes", 6) == [7, 9, 7, 0, 0, 7]
    assert spend_path(phases, "care", 7.0, "shops", 6) == [7, 7, 7, 4, 4, 7]


@pytest.mark.parametrize("years", [1 / 12, 0.25, 1.0])
def test_carry_over_is_a_fraction_of_the_gap_a_year(years: float) -> None:
    """A_t = lambda A_{t-1} + (1 - lambda) spend; after a year 0.6 of a change is still to come, on any calendar."""
    periods = round(1 / years)
    felt = lever_effect(ADBUDG, [2000.0] * periods, 1000.0, years)[-1]
    assert felt == pytest.approx(response(ADBUDG, 2000 - 0.6 * 1000, 1000.0), rel=1e-12)


def test_carry_over_period_by_period() -> None:
    kept, accumulated, wanted = 0.6**0.25, 1000.0, []
    spend = [2000.0, 0.0, 500.0, 500.0, 3000.0]
    for money in spend:
        accumulated = kept * accumulated + (1 - kept) * money
        wanted.append(response(ADBUDG, accumulated, 1000.0))
    assert lever_effect(ADBUDG, spend, 1000.0, 0.25) == pytest.approx(wanted, abs=1e-12)


@given(st.floats(0, 1e9), st.sampled_from([1 / 12, 0.25, 1.0]), st.sampled_from([HILL, ADBUDG]))
def test_todays_spend_has_exactly_no_effect(today: float, years: float, lever: Lever) -> None:
    assert lever_effect(lever, [today] * 6, today, years) == [0.0] * 6


@given(st.lists(st.floats(0, 1e7), min_size=2, max_size=2, unique=True), st.sampled_from([HILL, ADBUDG]))
def test_more_money_never_does_less(money: list[float], lever: Lever) -> None:
    less, more = sorted(money)
    assert response(lever, less, 500.0) <= response(lever, more, 500.0)


def test_the_four_answers_of_a_manager_are_given_back() -> None:
    answers = {0.0: -2.0, 1000.0: 0.0, 1500.0: 0.8, 1e15: 2.0}
    for money, effect in answers.items():
        assert response(ADBUDG, money, 1000.0) == pytest.approx(effect, abs=1e-9)


def test_half_of_a_hill_is_reached_at_its_half() -> None:
    assert (response(HILL, 0.0, 0.0), response(HILL, 400.0, 0.0)) == (0.0, 1.0)
    assert response(HILL, 1e12, 0.0) == pytest.approx(2.0)


def test_an_adbudg_lever_without_spend_today_does_nothing() -> None:
    assert lever_effect(ADBUDG, [0.0] * 3, 0.0, 0.25) == [0.0] * 3


def test_spend_of_all_levers_is_charged_and_effects_on_one_target_add_up() -> None:
    document = market()
    document["levers"]["coaches"] = document["levers"]["advisers"] | {"today": {"affluent": 300}}
    document["allocations"]["both"] = {"advisers": {"affluent": 8000}, "coaches": {"affluent": 500}}
    scenario, _, _ = opened(document)
    spend, effects = programmes(scenario, scenario.allocations["both"])
    assert spend["affluent"] == [8000 + 500 + 2000] * 8
    assert spend["mass"] == [4000] * 8
    assert spend["signed"] == [0] * 8
    alone = [
        lever_effect(scenario.levers[name], [money] * 8, today, 0.25)
        for name, money, today in (("advisers", 8000.0, 5000.0), ("coaches", 500.0, 300.0))
    ]
    assert effects["affluent", "service"] == pytest.approx([a + b for a, b in zip(*alone, strict=True)])
    assert effects["affluent", "acquisition"] == [0.0] * 8
