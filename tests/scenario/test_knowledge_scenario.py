"""The shipped stories of knowledge: it is not copied as a price is, and who starts to learn first stays ahead."""

from __future__ import annotations

from functools import cache
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.oracle.knowledge import after
from tests.properties.worlds import by_supplier

FOLDER = Path(__file__).parents[2] / "scenarios"
ADVANTAGE, HEAD_START = FOLDER / "knowledge.yaml", FOLDER / "knowledge_head_start.yaml"
HEAD_STARTS = {"one_year_later": 4, "two_years_later": 8, "three_years_later": 12}  # periods
STEPS = 300  # of a period: as good as single precision
SUPPLIERS = ("us", "marden", "oke")
LEARNED, FORGETTING = 0.15, -log(0.6)  # a year: what 400k of analytics add, and the hazard at which it is forgotten


@cache
def live(path: Path, *settings: str) -> Run:
    return run(load_scenario(path, settings=settings))


def head_start(exponent: float) -> Run:
    return live(HEAD_START, f"knowledge.learning_exponent={exponent}")


def offered(finished: Run, name: str, allocation: str, **where: str) -> np.ndarray:
    """[T, J] of all suppliers."""
    here = finished.dataset[name].isel(move=0).sel({"allocation": allocation, "segment": "households", **where})
    return np.asarray(here.sel(supplier=list(SUPPLIERS)).transpose("period", "supplier", ...))


def customers(finished: Run, allocation: str) -> np.ndarray:
    """[T + 1, J] from the opening on."""
    (cell,) = (c for c, (name, _) in enumerate(finished.tables.axes.cells) if name == allocation)
    count = finished.ledger.count[cell, 0, :, 0].sum(axis=-1) / finished.ledger.count_scale
    return by_supplier(count, axis=-1)[:, :-1]


def learned(known: np.ndarray, ratio: np.ndarray, spent: list[float], exponent: float) -> np.ndarray:
    """[J] a period later, in small steps."""
    return np.array([after(known[j], 0.4, ratio[j], spent[j], 0.4, exponent, 0.25, STEPS) for j in range(3)])


def gain(finished: Run, allocation: str) -> float:
    (cell,) = (c for c in finished.summary["cells"] if c["allocation"] == allocation)
    return float(cell["difference"]["mean"])


def knowledge_left(finished: Run) -> float:
    """Of the lead that we would have over rivals at the horizon if nobody imitated, the least part that is left."""
    runs = finished, live(ADVANTAGE, "imitation=null")
    known = [offered(each, "offer_knowledge", "know_customers")[-1] for each in runs]
    lead, alone = (each[0] - each[1:] for each in known)
    return float(np.min(lead / alone))


def test_a_price_advantage_is_gone_in_the_stated_time_and_service_lasts_longer() -> None:
    """Of a cut of 4 %, and of 0.8 points."""
    price = offered(live(ADVANTAGE), "offer_price", "lower_price")
    service = offered(live(ADVANTAGE), "offer_level", "better_service", need="delivery")
    for change, ours, speed in ((1 - price / [100, 101, 94], 0.04, 2.0), (service - [6, 6, 5], 0.8, 0.25)):
        assert change[:, 0] == pytest.approx(ours)
        for rival in (1, 2):
            lead = change[:, 0] - change[:, rival]
            assert lead == pytest.approx([ours * exp(-speed * t / 4) for t in range(40)], abs=1e-12)


def test_knowledge_lasts() -> None:
    assert knowledge_left(live(ADVANTAGE)) == pytest.approx(0.89, abs=0.005)
    as_service = live(ADVANTAGE, "imitation.knowledge=25%")
    assert knowledge_left(as_service) == pytest.approx(0.6, abs=0.005)


@pytest.mark.parametrize("allocation", ["lower_price", "better_service", "know_customers"])
def test_knowledge_follows_from_the_customers_served(allocation: str) -> None:
    """In small steps of learning and forgetting, and 5 % a year of our lead for rivals."""
    finished = live(ADVANTAGE)
    served = customers(finished, allocation)
    known = np.full(3, 0.4)
    for t, found in enumerate(offered(finished, "offer_knowledge", allocation)):
        spent = [LEARNED if allocation == "know_customers" else 0.0, 0.0, 0.0]
        lead = np.maximum(known[0] - known, 0.0) * (1 - exp(-0.05 / 4))
        known = learned(known, served[t] / served[0], spent, 1.0) + lead
        assert found == pytest.approx(known, abs=2e-7)


def test_nothing_moves_where_nobody_acts() -> None:
    finished = live(ADVANTAGE)
    assert np.ptp(offered(finished, "offer_knowledge", "baseline"), axis=0).max() < 1e-6
    for name in ("offer_price", "offer_level"):
        assert not np.ptp(offered(finished, name, "baseline"), axis=0).any()


def test_the_order_turns_with_imitation() -> None:
    imitated, alone = live(ADVANTAGE), live(ADVANTAGE, "imitation=null")
    assert gain(alone, "better_service") > gain(alone, "know_customers") > gain(alone, "lower_price") > 1
    assert gain(imitated, "know_customers") > 1.5 > 0.5 > gain(imitated, "better_service") > 0
    assert gain(imitated, "lower_price") < -5
    assert gain(imitated, "know_customers") > 0.8 * gain(alone, "know_customers")
    assert gain(imitated, "better_service") < 0.1 * gain(alone, "better_service")
    as_service = live(ADVANTAGE, "imitation.knowledge=25%")
    assert gain(as_service, "know_customers") > max(0.5, gain(as_service, "better_service"))


def missing(finished: Run) -> np.ndarray:
    """[T + 1, head starts] points of the market, against starting with Marden."""
    together = customers(finished, "know_customers")
    return np.array([100 * (together - customers(finished, name))[:, 0] / together[0].sum() for name in HEAD_STARTS]).T


def test_the_longer_the_head_start_and_the_more_volume_teaches_the_more_is_missing_in_the_end() -> None:
    found = np.array([missing(head_start(exponent))[-1] for exponent in (0, 0.5, 1, 2)])
    assert (np.diff(found, axis=1) > 0).all(), "head starts"
    assert (np.diff(found, axis=0) > 0).all(), "exponents"
    assert (found[0] < 0.05 * found[2]).all(), "learning off"
    assert found[0] == pytest.approx([0.03, 0.08, 0.14], abs=0.005)
    assert found[2] == pytest.approx([1.0, 2.1, 3.2], abs=0.05)


def test_what_is_missing_halves_in_two_years_or_in_eleven_or_grows() -> None:
    for exponent, years in ((0, 2.3), (1, 11.6)):
        path = missing(head_start(exponent))[-17:, 0]  # the last four years
        assert 4 * log(0.5) / log(path[-1] / path[0]) == pytest.approx(years, abs=0.05)
    growing = missing(head_start(2))
    assert (np.diff(growing[13:], axis=0) > 0).all()


@pytest.mark.parametrize("exponent", [0, 1, 2])
def test_all_learn_by_the_same_law_from_when_they_start(exponent: float) -> None:
    """In small steps, from the customers that each serves; where they teach nothing, in closed form."""
    finished = head_start(exponent)
    rest, rate = 0.4 / 0.6 * FORGETTING, 0.4 / 0.6 * FORGETTING + LEARNED + FORGETTING
    for allocation, start in {"know_customers": 0, **HEAD_STARTS, "baseline": 60}.items():
        served, starts = customers(finished, allocation), (start, 0, 60)
        known = np.full(3, 0.4)
        for t, found in enumerate(offered(finished, "offer_knowledge", allocation)):
            spent = [LEARNED if t >= at else 0.0 for at in starts]
            if exponent:
                known = learned(known, served[t] / served[0], spent, exponent)
            else:
                reached = (rest + LEARNED) / rate
                known = np.array([reached + (0.4 - reached) * exp(-rate * max(0, t + 1 - at) / 4) for at in starts])
            assert found == pytest.approx(known, abs=2e-7)


def test_the_comments_tell_the_arithmetic() -> None:
    stated = load_scenario(ADVANTAGE)
    header, variant = (path.read_text(encoding="utf-8").split("name:")[0] for path in (ADVANTAGE, HEAD_START))
    for key, years in (("price", 1), ("price", 2), ("delivery", 1), ("delivery", 10)):
        assert f"{exp(-stated.imitation[key] * years):.0%}" in header
    assert stated.imitation == {"price": 2.0, "delivery": 0.25, "knowledge": 0.05}
    fundings = [each.fundings for each in stated.allocations.values() if each.fundings]
    assert [sum(phase[0].amounts.values()) for each in fundings for phase in each.values()] == [400e3] * 3
    assert all("invented" in each for each in (header, variant))
    assert ADVANTAGE.read_text(encoding="utf-8").count("# assumed") > 8
    for path in (ADVANTAGE, HEAD_START):
        assert not load_scenario(path).warnings
