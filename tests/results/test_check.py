"""The base-year check finds today as stated, and finds where it is not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from simengine.report.check import print_check
from simengine.results.check import check
from simengine.results.check_report import CheckReport, ChoiceCheck, ContractCheck
from simengine.scenario import Scenario, ScenarioError, load_scenario
from tests.portfolio.worlds import with_file
from tests.results.conftest import MARKET


@pytest.fixture(scope="module")
def report(scenario: Scenario) -> CheckReport:
    return check(scenario)


def test_today_closes_and_stays(report: CheckReport) -> None:
    segment = report.segments[0]
    assert isinstance(segment, ChoiceCheck)
    assert segment.market_size == 300
    for figure in (segment.customers, segment.churn, segment.revenue, *segment.shares.values()):
        assert figure.stated is not None
        assert figure.modelled == pytest.approx(figure.stated, rel=1e-6)
    assert list(segment.shares) == ["us", "atlas", "neo", "none"]
    assert segment.drift < 1e-5


def test_dearer_loses_customers_and_more_as_they_review(report: CheckReport) -> None:
    segment = report.segments[0]
    assert isinstance(segment, ChoiceCheck)
    one, three, ten = (segment.own_price_elasticity[years] for years in ("1", "3", "10"))
    assert ten < three < one < 0


def test_a_stated_hazard_is_the_survival_that_is_simulated(report: CheckReport) -> None:
    segment = report.segments[1]
    assert isinstance(segment, ContractCheck)
    assert segment.customers.modelled == 150
    assert segment.revenue.modelled == pytest.approx(900, rel=1e-6)
    assert segment.survival["12"].modelled == pytest.approx(0.904837418, rel=1e-8)  # exp(-0.1)
    assert segment.survival["72"].modelled == pytest.approx(0.548811636, rel=1e-8)  # exp(-0.6)


def test_stated_constants_have_nothing_to_be_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "constants.yaml"
    path.write_text(
        MARKET.replace(
            "shares: {us: 34%, atlas: 31%, neo: 12%, none: 23%}",
            "constants: {us: 0.5, atlas: 0, neo: 0, none: 0}",
        ).replace("churn: 7%", "inertia: 2")
    )
    segment = check(load_scenario(path)).segments[0]
    assert isinstance(segment, ChoiceCheck)
    assert segment.churn.stated is None
    assert 0 < segment.churn.modelled < 0.25
    assert segment.drift < 1e-5


def test_figures_that_clash_are_located_in_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "clash.yaml"
    path.write_text(MARKET.replace("churn: 7%", "churn: 70%"))
    with pytest.raises(ScenarioError) as error:
        check(load_scenario(path))
    assert [problem.line for problem in error.value.problems] == [16]


def test_the_report_is_readable(report: CheckReport) -> None:
    out = io.StringIO()
    print_check(report, Console(file=out, width=120))
    text = out.getvalue()
    assert "share: atlas" in text
    assert "Own-price elasticity" in text
    assert "The hazard of leaving is stated." in text


def test_a_file_of_ours_alone_with_one_alternative(tmp_path: Path) -> None:
    """Whatever the constants, who is not ours is the only rival's: they must still come out, and stay."""
    rows = "id,spend\n" + "".join(f"{i},{100 + i}\n" for i in range(30))
    body = (
        "offers: {us: {price: 100}, atlas: {price: 100}}\n"
        "segments: {all: {shares: {us: 30%, atlas: 70%}, review: 20%, churn: 5%, margin: 50%}}\n"
    )
    (segment,) = check(with_file(tmp_path, rows, "{id: id, revenue: spend}", body)).segments
    assert isinstance(segment, ChoiceCheck)
    assert segment.shares["us"].modelled == pytest.approx(0.3, abs=1e-6)
    assert segment.churn.modelled == pytest.approx(0.05, abs=1e-6)
    assert segment.drift < 1e-6


def test_growth_beside_a_trend_is_told(tmp_path: Path) -> None:
    path = tmp_path / "growing.yaml"
    path.write_text(MARKET.replace("churn: 7%", "churn: 7%\n    share_trend: {us: -3%}\n    growth: 5%"))
    report, out = check(load_scenario(path)), io.StringIO()
    print_check(report, Console(file=out, width=120))
    assert "Newcomers are left out here" in out.getvalue()
    assert "grows by 5% a year" in out.getvalue()


def test_a_market_that_moves_by_itself_is_at_rest_here_and_that_is_said(market: Path, tmp_path: Path) -> None:
    moving = "market: {volatility: 0.5, demand: {volatility: 20%}}\nknowledge: {forgetting: 40%}\nmoves: {quiet: {}}\n"
    text = MARKET[: MARKET.index("moves:")].replace("review: 25%", "review: 25%\n    word_of_mouth: 1") + moving
    path = tmp_path / "moving.yaml"
    path.write_text(text.replace("price_sens", "needs_drift: {volatility: 5%, trend: {rate: 1%}}\n    price_sens"))
    at_rest, moved = check(load_scenario(market)), check(load_scenario(path))
    assert moved.segments == at_rest.segments
    assert (moved.left_out, at_rest.left_out) == (("shocks", "drifting needs", "word of mouth", "learning"), ())
    screen = Console(file=io.StringIO(), width=100)
    print_check(moved, screen)
    assert (
        screen.file.getvalue()
        .rstrip()
        .endswith(  # type: ignore[attr-defined]
            "Left out here: shocks, drifting needs, word of mouth and learning."
        )
    )
