"""What finer designs are worth: the cells of a scenario that someone writes, and figures that follow from them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from simengine.results.run import run
from simengine.scenario import ScenarioError, load_scenario
from simengine.study.finer import Finer, finer
from simengine.study.finer_input import read_cost, read_groups, read_scenario
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, market

COST = 300.0


def document(**affluent: object) -> Document:
    """The market in which the affluent, and with less need the mass, want offers that are made for them."""
    written = market(mode="expected")
    written["segments"]["affluent"] |= affluent
    written["segments"]["mass"]["tailoring"] = 0
    return written


def studied(folder: Path, written: Document, **asked: object) -> Finer:
    path = folder / "market.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    return finer(load_scenario(path), **{"groups": (1, 2, 4, 8), **asked})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Finer:
    return studied(tmp_path_factory.mktemp("finer"), document(), cost_per_group=COST, allocation="grow", move="attack")


def test_cells_are_those_of_a_scenario_that_someone_writes_to_the_bit(found: Finer, tmp_path: Path) -> None:
    written = document()
    written["allocations"] = {
        "grow": written["allocations"]["grow"],
        **{
            f"{segment} {groups}": {
                "like": "grow", "design": {segment: {"groups": groups, "cost_per_group": COST}},
            }
            for segment in ("affluent", "mass")
            for groups in (2, 4, 8)
        },
    }  # fmt: skip
    written["moves"] = {"attack": written["moves"]["attack"]}
    path = tmp_path / "written.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    cells = {cell["allocation"]: cell for cell in run(load_scenario(path), to="grow").summary["cells"]}
    assert found.value_per_share == cells["grow"]["value_per_share"]["mean"]
    assert [curve.segment for curve in found.curves] == ["affluent", "mass"]
    for curve in found.curves:
        assert [step.groups for step in curve.steps] == [1, 2, 4, 8]
        for step in curve.steps[1:]:
            assert step.value == cells[f"{curve.segment} {step.groups}"]["difference"]["mean"]
            programmes = cells[f"{curve.segment} {step.groups}"]["segments"][curve.segment]["programmes"]
            spent = (cells["grow"]["segments"][curve.segment]["programmes"] - programmes) / 1000
            assert step.before_costs == pytest.approx(step.value + spent, abs=1e-9)


def test_before_costs_more_groups_gain_more_and_ever_less_and_nothing_without_tailoring(found: Finer) -> None:
    affluent, mass = found.curves
    gains = [step.before_costs for step in affluent.steps]
    assert gains == sorted(gains)
    assert gains[1] > 0
    by_group = [step.next_group for step in affluent.steps[1:]]
    assert by_group == sorted(by_group, reverse=True)
    assert [step.before_costs for step in mass.steps] == pytest.approx([0] * 4, abs=1e-9)
    assert mass.best.groups == 1
    assert mass.tailoring == 0


def test_the_best_number_follows_the_costs(found: Finer) -> None:
    affluent = found.curves[0]
    assert found.design == {"affluent": {"groups": affluent.best.groups, "cost_per_group": COST}}
    assert affluent.best.value == max(step.value for step in affluent.steps if step.value is not None)
    for fewer, more in pairwise(affluent.steps):
        assert fewer.value is not None
        assert more.value is not None
        assert more.break_even is not None
        assert (more.value > fewer.value) == (more.break_even > COST)


def test_a_group_at_the_cost_up_to_which_it_pays_gains_nothing(found: Finer, tmp_path: Path) -> None:
    break_even = found.curves[0].steps[1].break_even
    assert break_even is not None
    again = studied(
        tmp_path, document(), cost_per_group=break_even, groups=(2,), allocation="grow", move="attack"
    ).curves[0]
    assert again.steps[1].before_costs == pytest.approx(found.curves[0].steps[1].before_costs, rel=1e-9)
    assert again.steps[1].value == pytest.approx(0, abs=1e-6 * again.steps[1].before_costs)


def test_costs_are_an_annuity_after_tax(tmp_path: Path) -> None:
    """Without value beyond the horizon, at the end of each of 8 quarters: v + ... + v^8 of three quarters of c / 4."""
    written = document()
    written["company"] |= {"residual": {"method": "none"}, "timing": "end"}
    stated = studied(tmp_path, written, cost_per_group=COST, groups=[4]).curves[0].steps[1]
    assert stated.value is not None
    v = 1.09**-0.25
    annuity = sum(v**t for t in range(1, 9)) * COST * 4 / 4 * (1 - 0.25) / 1000
    assert stated.before_costs - stated.value == pytest.approx(annuity, rel=1e-6)
    unstated = studied(tmp_path, written, groups=[4]).curves[0].steps[1]
    assert unstated.value is None
    assert unstated.before_costs == pytest.approx(stated.before_costs, rel=1e-6)
    assert unstated.break_even == pytest.approx(stated.break_even, rel=1e-4)
    free = studied(tmp_path, written, groups=[4], cost_per_group=0).curves[0].steps[1]
    assert free.value == free.before_costs == unstated.before_costs


def test_where_all_is_known_a_finer_design_is_worth_nothing(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(json.dumps(document()), encoding="utf-8")
    known = finer(read_scenario(path, None, "100%", ()), groups=(1, 4))
    assert known.knowledge == 1
    assert known.curves[0].steps[1].before_costs == pytest.approx(0, abs=1e-9)
    little = finer(read_scenario(path, None, "0%", ()), groups=(1, 4))
    assert little.curves[0].steps[1].before_costs > 0


def test_todays_design_is_what_others_are_compared_with(found: Finer, tmp_path: Path) -> None:
    written = document()
    written["allocations"]["grow"]["design"] = {"affluent": {"groups": 5, "cost_per_group": 10}}
    written["allocations"]["advise"] = {"advisers": {"affluent": 9000}}
    written["moves"]["follows"] = [{"who": "atlas", "at": "2026-Q2", "like": "advise"}]
    again = studied(tmp_path, written, cost_per_group=COST, allocation="grow", move="attack")
    assert again.document == found.document
    followed = studied(tmp_path, written, groups=[2], move="follows")  # a rival runs an allocation that is not shown
    assert followed.allocation == "baseline"
    assert followed.curves[0].steps[1].before_costs > 0


def test_luck_of_the_market_gives_intervals(tmp_path: Path) -> None:
    written = document()
    written["market"] = {"volatility": 0.2, "persistence": 0.6}
    lucky = studied(tmp_path, written, groups=[4], cost_per_group=COST)
    step = lucky.curves[0].steps[1]
    assert not lucky.exact
    assert step.ci95 is not None
    assert step.ci95[0] < step.before_costs < step.ci95[1]


def test_customers_of_a_file_take_the_place_of_the_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(json.dumps(file_market(mode="expected")), encoding="utf-8")
    (tmp_path / "customers.csv").write_text(text_of(rows_of(seed=1)))
    other = tmp_path / "others.csv"
    other.write_text(text_of(rows_of(seed=5)))
    own, others = (finer(read_scenario(path, file, None, ()), groups=(4,)) for file in (None, other))
    assert own.curves[0].steps[1].before_costs > 0
    assert own.curves[0].steps[1] != others.curves[0].steps[1]
    (tmp_path / "customers.csv").write_text(other.read_text())
    assert finer(load_scenario(path), groups=(4,)).curves == others.curves


def told(caught: pytest.ExceptionInfo[ScenarioError]) -> str:
    return "\n".join(map(str, caught.value.problems))


def test_what_a_scenario_cannot_serve_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        studied(tmp_path, document(), allocation="growth")
    assert "did you mean 'grow'?" in told(caught)
    with pytest.raises(ScenarioError) as caught:
        studied(tmp_path, document(), groups=(1, 500))
    assert "found 500 groups, expected at most 120: the customers of `affluent`" in told(caught)
    assert "market.yaml:1:" in told(caught)
    signed = document()
    signed["segments"] = {"signed": signed["segments"]["signed"]}
    signed |= {"offers": {}, "levers": {}, "allocations": {"baseline": {}}, "moves": {"quiet": {}}}
    with pytest.raises(ScenarioError) as caught:
        studied(tmp_path, signed)
    assert "no segment in which customers choose" in told(caught)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(tmp_path / "market.yaml", tmp_path / "others.csv", None, ())
    assert "a scenario without `portfolio`" in told(caught)


@pytest.mark.parametrize("text", ["two", "1,,2", "0,4", "1", "2,2000", "-1", ""])
def test_numbers_of_groups_that_are_none(text: str) -> None:
    with pytest.raises(ScenarioError):
        read_groups(text)


@pytest.mark.parametrize("text", ["-1", "much", "1.000,5", "5%"])
def test_costs_that_are_none(text: str) -> None:
    with pytest.raises(ScenarioError):
        read_cost(text)


def test_numbers_are_read_as_people_write_them() -> None:
    assert read_groups("8, 2,2,1") == (1, 2, 8)
    assert read_cost("250k") == 250_000
    assert read_cost(None) is None
