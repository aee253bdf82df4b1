"""Need states that cannot be. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio.load import load_portfolio
from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.need_states import NeedState, lasting
from simengine.tables.build import build
from simengine.tables.need_states import ROUNDED
from tests.properties.worlds import market, opened
from tests.scenario.worlds import MARK, Case, assert_told, replaced, write

AT_ALL = "    price_sensitivity: 3\n"
YOUNG = "young: {needs: {rate: 0.5, service: 0.5}, next: {settled: 10%}}"
SETTLED = "settled: {needs: {rate: 0.3, service: 0.7}, next: {young: 5%}}"


def states(*texts: str, mark: str = "") -> list[tuple[str, str]]:
    return [(AT_ALL, f"{AT_ALL}    {mark}need_states:\n" + "".join(f"      {text}\n" for text in texts))]


CASES: dict[str, Case] = {
    "a need that nobody lists": (
        states(YOUNG, SETTLED.replace("rate", "§rates")),
        [("the unknown need `rates`", "one of rate or service", "did you mean 'rate'?")],
    ),
    "weights that sum to more": (
        states(YOUNG, SETTLED.replace("needs:", "§needs:").replace("0.7", "0.8")),
        [("weights that sum to 110%", "a sum of 100%", "")],
    ),
    "moves to itself and to nowhere": (
        states(YOUNG, SETTLED.replace("young: 5%", "§yuong: 5%, §settled: 2%")),
        [
            ("the unknown need state `yuong`", "another need state of the segment: young", "did you mean 'young'?"),
            ("the need state itself", "another need state of the segment: young", "who does not move on stays"),
        ],
    ),
    "too many": (
        states(*(f"age_{n}: {{needs: {{rate: 1}}, next: {{age_{(n + 1) % 13}: 50%}}}}" for n in range(13)), mark=MARK),
        [("13 need states", "at most 12", "put together")],
    ),
    "a chance that is certain": (
        states(YOUNG, SETTLED.replace("5%", "§100%")),
        [("100%", "a probability a year, more than 0 and less than 1", "")],
    ),
    "two ends": (
        states(
            YOUNG,
            SETTLED.replace("young: 5%", "abroad: 2%, retired: 3%"),
            "retired: {needs: {service: 1}}",
            "abroad: {needs: {rate: 1}}",
            mark=MARK,
        ),
        [("moves that end in `abroad` or `retired`", "lead to each other", "next: {retired: 5%}")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


def test_mean_weights_that_would_be_none_are_told_once_the_mean_is_known(tmp_path: Path) -> None:
    """A third of customers are young, 67 points above the mean in rate, which the segment weighs 40 %."""
    young, settled = YOUNG.replace("{rate: 0.5, service: 0.5}", "{rate: 1}"), SETTLED.replace("rate: 0.3, ", "")
    text, places = replaced(*states(young.replace("needs:", "§needs:"), settled.replace("0.7", "1")))
    scenario = load_scenario(write(tmp_path, text))
    with pytest.raises(ScenarioError) as caught:
        build(scenario, load_portfolio(scenario))
    told = caught.value.problems
    assert [(problem.line, problem.column) for problem in told] == places * 2
    for problem, need in zip(told, ("rate of 107.", "service of -7."), strict=True):
        assert f"a mean weight of {need}" in problem.found
        assert "a weight between 0% and 100%" in problem.expected


def test_weights_of_nothing_are_weights() -> None:
    """In one of two states, that are as frequent, customers need no rate: the segment's needs are the mean, to
    the percent; the mean of the customers that are drawn around them is off by more."""
    document = market()
    document["segments"]["affluent"] |= {
        "size": 20,
        "needs": {"rate": 0.397, "service": 0.603},
        "need_states": {
            "young": {"needs": {"rate": 0.8, "service": 0.2}, "next": {"settled": 0.1}},
            "settled": {"needs": {"service": 1}, "next": {"young": 0.1}},
        },
    }
    _, portfolio, tables = opened(document)
    assert portfolio.population.needs[:20, 0].mean() - 0.4 < -ROUNDED
    states = tables.segments.need_states[0]
    assert states is not None
    np.testing.assert_allclose(states.shift, [[-0.4, 0.4], [0.4, -0.4]], rtol=1e-6)


def test_states_that_last() -> None:
    """A cycle that leads to an end, and one that leads to a cycle."""
    needs = {"rate": 1.0}

    def lead(**moves: str) -> dict[str, NeedState]:
        return {
            name: NeedState(needs=needs, next=dict.fromkeys(targets.split(), 0.1)) for name, targets in moves.items()
        }

    assert lasting({}) == []
    assert lasting(lead(a="b", b="a c", c="")) == [("c",)]
    assert lasting(lead(a="b", b="c", c="d b", d="c")) == [("b", "c", "d")]
    assert lasting(lead(a="b c", b="", c="")) == [("b",), ("c",)]
