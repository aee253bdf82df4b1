"""The shipped story of imitation: a price advantage is gone in the stated time, a service advantage lasts longer."""

from __future__ import annotations

from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import Scenario, load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "imitation.yaml"
PER_YEAR = 4


@pytest.fixture(scope="module")
def story() -> Scenario:
    return load_scenario(PATH)


@pytest.fixture(scope="module")
def imitated(story: Scenario) -> Run:
    return live()


@pytest.fixture(scope="module")
def alone() -> Run:
    return live("imitation=null", "rivals=null")


def live(*settings: str) -> Run:
    """Without luck."""
    return run(load_scenario(PATH, settings=settings, simulation={"mode": "expected"}))


def offer(finished: Run, supplier: str, allocation: str, move: str = "quiet") -> Any:
    """Price, and level of service, in each period."""
    here = finished.dataset.sel(allocation=allocation, move=move, segment="households", supplier=supplier)
    return here.offer_price.to_numpy(), here.offer_level.sel(need="service").to_numpy()


def gain(finished: Run, allocation: str) -> float:
    """Value per share against baseline, where rivals stay quiet but for what they imitate."""
    (cell,) = (c for c in finished.summary["cells"] if (c["allocation"], c["move"]) == (allocation, "quiet"))
    return float(cell["difference"]["mean"])


def test_a_price_advantage_is_gone_in_the_stated_time(story: Scenario, imitated: Run) -> None:
    """Of the cut of 6 %, 86 % is gone after one year and 98 % after two."""
    our_cut = 0.08 * 300 / 400
    ours, _ = offer(imitated, "us", "lower_price")
    assert ours / 100 == pytest.approx(1 - our_cut)
    for rival in ("norda", "volt"):
        price, _ = offer(imitated, rival, "lower_price")
        left = our_cut - (1 - price / story.price(rival, "households"))
        assert left == pytest.approx([our_cut * exp(-2 * t / PER_YEAR) for t in range(40)], abs=1e-12)
        assert left[[PER_YEAR, 2 * PER_YEAR]] / our_cut == pytest.approx([0.14, 0.02], abs=0.005)


def test_a_service_advantage_lasts_longer(story: Scenario, imitated: Run) -> None:
    """A lead that grows with the training towards 1.2 points, against rivals at 25 % and 10 % a year."""
    kept, gained = 0.6 ** (1 / PER_YEAR), []
    for t in range(40):
        spend = 300e3 * (1 - kept ** (t + 1))
        gained.append(2 * spend / (200e3 + spend))
    _, ours = offer(imitated, "us", "better_service")
    assert ours == pytest.approx(6 + np.array(gained))
    for rival, speed in (("norda", 0.25), ("volt", 0.10)):
        _, level = offer(imitated, rival, "better_service")
        had = story.level(rival, "households", "service")
        points = 0.0
        for t in range(1, 40):
            points += (gained[t - 1] - points) * (1 - exp(-speed / PER_YEAR))
            assert level[t] == pytest.approx(had + points)
        assert gained[8] - (level[8] - had) > 0.5 * gained[8]  # two years on


def test_what_norda_does_by_itself_leaves_it_less_to_imitate(imitated: Run) -> None:
    _, quiet = offer(imitated, "norda", "better_service")
    _, invests = offer(imitated, "norda", "better_service", "norda_invests")
    assert (invests[:8] == quiet[:8]).all()
    assert invests[8] - quiet[8] == pytest.approx(0.5)
    assert (np.diff(invests[8:] - quiet[8:]) < 0).all()
    assert invests[-1] > quiet[-1]


def test_volt_runs_halden_s_programme_in_proportion_to_its_customers(imitated: Run) -> None:
    _, ours = offer(imitated, "us", "better_service")
    _, volt = offer(imitated, "volt", "baseline", "volt_hires")
    assert (volt[:8] == 4).all()
    assert volt[8:] - 4 == pytest.approx(ours[:32] - 6)
    spend = imitated.dataset.rival_programme_spend.sel(allocation="baseline", segment="households")
    assert spend.sel(move="volt_hires", rival="volt").to_numpy() == pytest.approx([0] * 8 + [280e3] * 32)
    assert (spend.sel(rival="norda") == 0).all()
    assert (spend.drop_sel(move="volt_hires") == 0).all()


def test_nobody_imitates_the_baseline_and_every_cell_is_quiet_without_speeds(imitated: Run, alone: Run) -> None:
    for finished, allocations in ((imitated, ["baseline"]), (alone, list(alone.scenario.allocations))):
        for rival in ("norda", "volt"):
            for allocation in allocations:
                price, service = offer(finished, rival, allocation)
                assert (price == price[0]).all()
                assert (service == service[0]).all()
    one, other = (finished.ledger.count[:3].tobytes() for finished in (imitated, alone))  # baseline, any move
    assert one == other


def test_a_lower_price_pays_only_if_nobody_imitates_and_better_service_does_anyhow(imitated: Run, alone: Run) -> None:
    assert gain(alone, "lower_price") > 0.3
    assert gain(imitated, "lower_price") < -1
    assert gain(alone, "better_service") > gain(imitated, "better_service") > 0.5


def test_the_comments_tell_the_arithmetic(story: Scenario) -> None:
    header = PATH.read_text(encoding="utf-8").split("simengine: 1", maxsplit=1)[0]
    price, service = story.imitation["price"], story.imitation["service"]
    assert (price, service) == (2.0, 0.25)
    for speed, years in ((price, 1), (price, 2), (service, 1), (service, 2), (service, 10)):
        assert f"{exp(-speed * years):.0%}" in header
    assert log(2) / service == pytest.approx(2.8, abs=0.05)
    assert "invented" in header
    assert PATH.read_text(encoding="utf-8").count("# assumed") > 5
