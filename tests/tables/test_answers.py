"""What moves that wait do to the market: nothing before they begin, to the period, in every world by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.market import Market, plans_of
from simengine.tables.seen import Seen
from simengine.tables.today import today_of
from simengine.tables.worlds import worlds_of
from tests.scenario.worlds import replaced, write

PERIODS = 12
CUT = "{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}"
ANSWER = "who: atlas, when: share(us, affluent) > 50%, detect: 1, respond: 1"
SCHEDULED = [  # a move that waits, and the same move as it is where it begins in period 6, that is in 2028-Q3
    ("change: {price: -8%, service: 1}", "change: {price: -8%, service: 1}"),
    ("lasts: 3, set: {price: 90}", "until: 2029-Q1, set: {price: 90}"),
    ("lasts: 2, like: more_advice", "until: 2028-Q4, like: more_advice"),
    ("like: more_advice", "like: more_advice"),
]
WOOING = ("  baseline: {}\n", "  baseline: {}\n  wooing: {outreach: {affluent: 6k}}\n")


def bank(folder: Path, move: str, *pairs: tuple[str, str]) -> Scenario:
    text = replaced(("periods: 8", f"periods: {PERIODS}"), (CUT, f"{{{move}, segments: [affluent]}}"), *pairs)[0]
    return load_scenario(write(folder, text))


def unfolded(scenario: Scenario, breach: int, replications: int = 2, breached: tuple[int, ...] = (0, 1)) -> Market:
    """The market when we have most of the affluent at the end of the period `breach`, in these replications."""
    worlds = worlds_of(scenario, 0, replications)
    count, segments, suppliers = len(worlds.move), len(scenario.segments), len(scenario.suppliers)
    market = Market(scenario, today_of(scenario, np.full((segments, 2), 0.5)), worlds, plans_of(scenario))
    for t in range(PERIODS):
        customers = np.ones((count, segments, suppliers))
        if t - 1 == breach:
            customers[np.isin(worlds.replication, breached), 0, 0] = 3.0
        market.reveal(t, Seen(customers, np.zeros((count, segments, suppliers + 2))))
    return market


def assert_alike(answered: Market, planned: Market) -> None:
    for mine, theirs in (
        (answered.choice, planned.choice),
        (answered.money, planned.money),
        (answered.rival_money, planned.rival_money),
    ):
        for name, table in zip(mine._fields, mine, strict=True):
            np.testing.assert_allclose(table, getattr(theirs, name), rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(("how", "scheduled"), SCHEDULED)
def test_an_answer_is_the_same_move_on_the_date_when_it_begins(how: str, scheduled: str, tmp_path: Path) -> None:
    """Met at the end of period 3, noticed in 1, answered in 1 more: it holds from period 6 on."""
    answered = unfolded(bank(tmp_path, f"{ANSWER}, {how}"), 3)
    planned = unfolded(bank(tmp_path, f"who: atlas, at: 2028-Q3, {scheduled}"), 3)
    assert_alike(answered, planned)


@pytest.mark.parametrize("last", [False, True], ids=["scheduled last", "answer last"])
def test_of_two_programmes_the_one_written_last_is_run_whenever_it_began(last: bool, tmp_path: Path) -> None:
    def run(how: str) -> Market:
        wooing = "who: atlas, at: 2028-Q2, until: 2029-Q1, like: wooing"
        more_advice = f"who: atlas, {how}, like: more_advice"
        both = (wooing, more_advice) if last else (more_advice, wooing)
        return unfolded(bank(tmp_path, ", segments: [affluent]}, {".join(both), WOOING), 3)

    answered = run("when: share(us, affluent) > 50%, detect: 1, respond: 1, lasts: 4")
    assert_alike(answered, run("at: 2028-Q3, until: 2029-Q2"))
    spent = answered.rival_money.programmes[:, :, 0, 0].max(axis=0) / (0.43 / 0.34)  # in the worlds of the move
    wooing, advice = [4000.0], [5000.0]
    path = wooing + 4 * advice if last else 4 * wooing + advice
    assert spent.tolist() == pytest.approx([0.0] * 5 + path + [0.0] * 2)


def test_worlds_answer_each_by_itself(tmp_path: Path) -> None:
    scenario = bank(tmp_path, f"{ANSWER}, change: {{price: -8%}}")
    market, quiet = unfolded(scenario, 3, breached=(1,)), unfolded(scenario, PERIODS)
    worlds = worlds_of(scenario, 0, 2)
    moved = (market.rival_money.price_ratio != quiet.rival_money.price_ratio).any(axis=(2, 3))  # [W, T]
    answering = (worlds.move == list(scenario.moves).index("price_cut")) & (worlds.replication == 1)
    assert (moved == (answering[:, None] & (np.arange(PERIODS) >= 6))).all()


def test_a_market_that_is_never_breached_is_as_if_nobody_moved(tmp_path: Path) -> None:
    waiting = unfolded(bank(tmp_path, f"{ANSWER}, change: {{price: -8%}}"), PERIODS)
    moves = worlds_of(bank(tmp_path, f"{ANSWER}, change: {{price: -8%}}"), 0, 2).move
    coefficient = waiting.choice.coefficient
    assert (coefficient[moves == 1] == coefficient[moves == 0]).all()


def test_sizes_multiply_what_changes(tmp_path: Path) -> None:
    scenario = bank(tmp_path, "who: atlas, at: 2028-Q3, change: {price: -8%}, size: {uniform: [0.5, 1.5]}")
    worlds = worlds_of(scenario, 0, 2)
    market = unfolded(scenario, PERIODS)
    fall = 1.0 - market.rival_money.price_ratio[:, 6, 0, 0] / market.rival_money.price_ratio[:, 5, 0, 0]
    mine = worlds.move == list(scenario.moves).index("price_cut")
    assert (fall[~mine] == 0).all()
    assert ((fall[mine] > 0.04) & (fall[mine] < 0.12)).all()
    assert len(set(np.round(fall[mine], 12))) == 2  # one for each replication, the same in every allocation
