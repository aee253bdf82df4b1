"""Runs in successive replications, as one: the bits of one run of all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simengine.results.customers import customer_columns
from simengine.results.run import Run, run
from simengine.results.stacked import stacked
from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from tests.results.conftest import MARKET

# Everything that differs by replication at once: a market with luck, moves that wait, boards, initiatives.
ALL_LUCK = (
    MARKET.replace("replications: 6", "replications: 7")
    .replace("overhead: 20k,", "overhead: 20k, knowledge: 0.3,")
    .replace("review: 25%", "review: 25%\n    tailoring: 1")
    .replace(
        "  same: {like: baseline}\n",
        """\
  meeting: {board: {budget: 30k, lever: advisers, by: revenue, every: 2}}
  building:
    initiatives: {desk: {cost: {build: 20k, run: 2k}, duration: {uniform: [1, 5]}, effect: {service: 0.5}}}
""",
    )
    .replace(
        "moves:\n",
        """\
experience:
  touchpoints: {branch: {weight: 0.5, quality: 0.8, owner: retail}, app: {weight: 0.5, quality: 0.7, owner: it}}
  delivers: [service]
employees:
  enablement: {today: 0.5}
  motivation: {today: 0.6}
knowledge: {forgetting: 30%}
rivals: {atlas: {knowledge: 0.2, imitation: {service: 80%}}}
market: {demand: {volatility: 5%}, volatility: 0.1}
moves:
  answers:
    - {who: atlas, when: "share(us, affluent) > 34.2%", lasts: 1, repeat: repeatedly, change: {price: -20%}}
    - {who: neo, arrival: 60%, change: {service: 1}, size: {uniform: [0.5, 1.5]}}
""",
    )
)
PARTS = ((0, 3), (3, 1), (4, 3))  # first, replications


def in_parts(whole: Scenario) -> Run:
    """The replications of a scenario, some at a time, each part on top of those before."""

    def of(count: int) -> Scenario:
        return replace(whole, simulation=whole.simulation.model_copy(update={"replications": count}))

    done = run(of(PARTS[0][1]), to="baseline")
    for first, count in PARTS[1:]:
        done = stacked([done, done.more(of(count), first=first)])
    return done


def assert_alike(found: Run, wanted: Run) -> None:
    """To the bit: summary, dataset, and the table of customers."""
    assert found.summary == wanted.summary
    for name, variable in wanted.dataset.variables.items():
        assert np.array_equal(found.dataset[name].values, variable.values, equal_nan=variable.dtype.kind == "f"), name
    assert found.dataset.attrs == wanted.dataset.attrs
    columns = customer_columns(found)
    for name, column in customer_columns(wanted).items():
        assert np.array_equal(columns[name], column, equal_nan=column.dtype.kind == "f"), name


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("text", [MARKET.replace("replications: 6", "replications: 7"), ALL_LUCK], ids=["calm", "luck"])
def test_parts_are_the_whole_to_the_bit(text: str, mode: str, tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path, simulation={"mode": mode})
    whole = run(scenario)
    if mode == "expected" and whole.exact:
        assert stacked([whole]) is whole
        return
    assert whole.valuation.replications == 7
    assert_alike(in_parts(scenario), whole)


def test_single_replications_are_the_whole_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(ALL_LUCK, encoding="utf-8")
    scenario = load_scenario(path, simulation={"mode": "expected", "replications": 3})
    one = replace(scenario, simulation=scenario.simulation.model_copy(update={"replications": 1}))
    done = run(one)
    assert_alike(stacked([done, done.more(first=1), done.more(first=2)]), run(scenario))


def test_what_does_not_follow_is_refused(sampled: Run) -> None:
    with pytest.raises(ValueError, match="from 5 on where those from 6 on are due"):
        stacked([sampled, sampled.more(first=5)])
    few = replace(sampled.scenario, moves={"quiet": sampled.scenario.moves["quiet"]})
    with pytest.raises(ValueError, match="different cells"):
        stacked([sampled, sampled.more(few, first=6)])
    finer = replace(sampled, ledger=replace(sampled.ledger, money_scale=1.0), options=sampled.options._replace(first=6))
    with pytest.raises(ValueError, match="scales"):
        stacked([sampled, finer])
