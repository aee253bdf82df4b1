"""What waiting costs: the figures of runs that state every wait by hand; nothing where nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.run import run
from simengine.scenario import Scenario, ScenarioError, load_scenario
from simengine.study.delay import Company, Delay, delay
from tests.results.conftest import MARKET

BY_HAND = """\
extends: market.yaml
allocations:
  in_a_year: {like: advice, shift: 4}
  never: {like: baseline}
moves:
  quiet: {}
  price_cut: null
  atlas_too: [{who: atlas, at: 2026-Q1, like: advice}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delay")
    (folder / "market.yaml").write_text(MARKET)
    (folder / "by_hand.yaml").write_text(BY_HAND)
    return folder


def stated(folder: Path, mode: str, *settings: str) -> Scenario:
    return load_scenario(folder / "market.yaml", settings=settings, simulation={"mode": mode})


@pytest.fixture(scope="module", params=["sampled", "expected"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def found(folder: Path, mode: str) -> Delay:
    return delay(stated(folder, mode), allocation="advice", by=[4, 8], rivals=["atlas"])


def test_waits_are_those_that_a_scenario_states(folder: Path, mode: str, found: Delay) -> None:
    done = run(load_scenario(folder / "by_hand.yaml", simulation={"mode": mode})).summary
    value = {(cell["allocation"], cell["move"]): cell["value_per_share"]["mean"] for cell in done["cells"]}

    def same(company: Company, move: str) -> None:
        at_once, year, never = (value[name, move] for name in ("advice", "in_a_year", "never"))
        assert [wait.value_per_share for wait in company.waits] == [at_once, year, never]
        assert [wait.lost.mean for wait in company.waits] == pytest.approx([0, at_once - year, at_once - never])
        assert company.worth.mean == pytest.approx(at_once - value["baseline", move])

    same(found.alone, "quiet")
    (atlas,) = found.rivals
    same(atlas, "atlas_too")
    assert atlas.costs is not None
    assert atlas.costs.mean == pytest.approx(value["advice", "quiet"] - value["advice", "atlas_too"])
    alone, beside = ([wait.lost.mean for wait in each.waits] for each in (found.alone, atlas))
    more = [None if wait.lost_more_than_alone is None else wait.lost_more_than_alone.mean for wait in atlas.waits]
    assert more[0] is None
    assert more[1:] == pytest.approx([beside[1] - alone[1], beside[2] - alone[2]])


def test_what_is_lost_is_told_in_three_moneys(found: Delay) -> None:
    _, year, never = found.alone.waits
    assert year.lost_of_the_year == pytest.approx(year.lost.mean * 1.09, rel=1e-12)
    assert never.lost_of_the_year == pytest.approx(never.lost.mean * 1.09**2, rel=1e-12)
    assert never.lost_value == never.lost.mean * 1000
    assert year.lost_per_period is not None
    assert never.lost_per_period is not None
    assert 4 * (year.lost_per_period.mean + never.lost_per_period.mean) == pytest.approx(never.lost.mean)
    assert (year.begins, never.begins) == ("2027-Q1", None)


def test_intervals_are_of_paired_luck(found: Delay) -> None:
    none, year, _ = found.alone.waits
    assert found.exact == (found.mode == "expected")
    if found.exact:
        assert year.lost.ci95 is None
        assert found.replications == 1
        return
    assert none.lost.ci95 == (0.0, 0.0)
    assert year.lost.ci95 is not None
    assert year.lost.ci95[0] < year.lost.mean < year.lost.ci95[1]


def test_intervals_are_of_blocks_where_inputs_are_drawn_so(folder: Path) -> None:
    judged = "uncertain={segments.affluent.margin: {uniform: [50%, 66%]}, "
    judged += "moves.price_cut.1.change.price: {uniform: [-15%, -5%]}}"
    drawn = ("simulation.inputs=antithetic", "simulation.replications=10", judged)
    (wait,) = delay(stated(folder, "expected", *drawn), allocation="advice", by=[4], rivals=["neo"]).alone.waits[1:]
    by_hand = load_scenario(folder / "by_hand.yaml", settings=(*drawn[:2], f"{judged.split(', moves')[0]}}}"),
                            simulation={"mode": "expected"})  # fmt: skip
    cells = run(by_hand, to="in_a_year").summary["cells"]
    (less,) = (c["difference"] for c in cells if (c["allocation"], c["move"]) == ("advice", "quiet"))
    assert wait.lost.ci95 is not None
    assert wait.lost.mean == pytest.approx(less["mean"])
    assert wait.lost.ci95[0] - wait.lost.mean == pytest.approx(less["ci95"][0] - less["mean"], rel=1e-6)
    assert wait.lost.ci95[0] < wait.lost.mean


def test_waiting_with_what_changes_nothing_costs_exactly_nothing(folder: Path, mode: str) -> None:
    found = delay(stated(folder, mode), allocation="same", by=range(9), rivals=["neo"])
    for company in (found.alone, *found.rivals):
        assert company.worth.mean == 0.0
        assert {wait.lost.mean for wait in company.waits} == {0.0}
        assert {wait.share_end for wait in company.waits} == {found.alone.waits[0].share_end}


def test_years_are_waited_unless_said_otherwise(folder: Path) -> None:
    found = delay(stated(folder, "expected"), allocation="advice")
    assert [wait.periods for wait in found.alone.waits] == [0, 4, 8]
    assert [company.rival for company in found.rivals] == ["atlas", "neo"]
    assert found.cannot == ""


def test_what_no_rival_can_run_is_said(folder: Path) -> None:
    initiative = "allocations.advice.initiatives={desk: {duration: 2, effect: {service: 1}}}"
    found = delay(stated(folder, "expected", initiative), allocation="advice", by=[4])
    assert found.rivals == ()
    assert found.cannot == "`advice` has our initiatives, which no rival can run"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "found no allocation that is named, expected the one that may begin later: same or advice"),
        ({"allocation": "advise"}, "did you mean 'advice'?"),
        ({"allocation": "advice", "by": [9]}, "expected periods from 0 to 8, the end of the calendar"),
        ({"allocation": "advice", "by": [0]}, "found no periods of waiting"),
        ({"allocation": "advice", "rivals": ["atlass"]}, "did you mean 'atlas'?"),
        ({"allocation": "advice", "move": "price"}, "expected a move of the scenario: quiet or price_cut"),
    ],
)
def test_what_cannot_be_asked_is_refused(folder: Path, asked: dict[str, object], message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        delay(stated(folder, "expected"), **asked)  # type: ignore[arg-type]
    assert message in str(refused.value)
