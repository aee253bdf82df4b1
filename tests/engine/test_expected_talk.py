"""Segments that hear of themselves alone, carried through all periods one after the other: the bits of a market that is
revealed period by period."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from simengine.engine import expected, simulate, talk
from simengine.engine.expected_choice import MOST_KEPT, choice_periods
from simengine.engine.expected_layout import Market, Talk, Totals
from simengine.engine.expected_talk import hear
from simengine.engine.leaves import LEAF
from simengine.engine.ledger import Ledger
from simengine.engine.memory import size_of
from simengine.engine.options import Options
from simengine.engine.talk import CELLS_BYTES, cells_at_once, talk_alone
from simengine.jit import kernel
from simengine.results.memory import size_of_scenario
from simengine.tables.build import unfolding_of
from tests.engine.failing import fails_beside_another
from tests.properties.test_board import BOARDS
from tests.properties.test_need_states import SUPPLIERS, moving
from tests.properties.worlds import Document, live, market, opened, same_bits

CUSTOMERS = 1100  # of a segment: more than a leaf of 1,024
WHOLE, BY_PERIOD = simulate.talk_alone, lambda *unused: None


def talking(**fields: Any) -> Document:
    """A market whose customers talk, with newcomers, drifting needs, and cells that part one after the other; `fields`
    of every segment where customers choose."""
    document = deepcopy(market(mode="expected"))
    document["calendar"]["periods"] = 7
    document["segments"]["mass"]["size"] = CUSTOMERS
    document["segments"]["affluent"]["growth"] = 0.2
    for name in ("affluent", "mass"):
        document["segments"][name] |= {"word_of_mouth": 1.5, "needs_drift": {"trend": {"service": 0.02}}} | fields
    return document


def in_many_replications() -> Document:
    return talking() | {"market": {"volatility": 0.2, "persistence": 0.6}}


WORLDS: dict[str, Document] = {
    "known but for talk": talking(),
    "of luck": in_many_replications(),
    "in which one segment is silent": talking(),
    "of many talkers": talking(word_of_mouth=40),
    "of offers that move far apart": talking(points_worth=5, word_of_mouth=50),
}
WORLDS["in which one segment is silent"]["segments"]["mass"]["word_of_mouth"] = 0
WORLDS["in which only the second talks"] = deepcopy(moving(talking()))
WORLDS["in which only the second talks"]["segments"]["affluent"]["word_of_mouth"] = 0


@kernel
def through_hear(talk: Any, totals: Any, cells: Any, supplier: Any, t: Any, shift: Any, scale: Any, far: Any) -> None:
    hear(talk, totals, cells, supplier, t, shift, scale, far)


@pytest.mark.parametrize("t", [0, 1])
def test_what_is_heard_is_omega_times_the_change_of_share(t: int) -> None:
    """Of us, a rival and the outside option, in two cells; in the first one of the offers is far from 0 by it."""
    customers = np.array([[[10, 20, 30, 20, 20], [0, 0, 0, 60, 40]]])  # [1, C, states]
    share = np.array([[0.1, 0.7, 0.2], [0.2, 0.5, 0.3]])
    bounds = np.zeros((2, 2, 3))
    most = bounds + np.array([40.0, 0.0, 0.0])
    shift = np.arange(12.0).reshape(2, 2, 3)
    said = Talk(50.0, share, customers[0], shift, bounds, most)
    by_presence = np.stack([customers // 2, customers - customers // 2], axis=-1)
    totals = Totals(by_presence, by_presence, np.zeros((1, 2, 3, 2), np.int64), np.zeros((1, 2, 3, 2), np.int64))
    if t == 1:
        said = said._replace(before=np.full((2, 5), -1))  # is not looked at
    moved, scale, far = *np.zeros((2, 2, 2, 3), np.float32), np.zeros((2, 2), np.bool_)
    through_hear(said, totals, np.arange(2), np.arange(3), t, moved, scale, far)
    now = np.array([[0.6, 0.2, 0.2], [0.0, 0.6, 0.4]])
    heard = 50.0 * (now - share) * [1, 1, 0]
    np.testing.assert_allclose(moved[t], shift[t] + heard, rtol=1e-7)
    np.testing.assert_allclose(scale[t], np.where(far[t, :, None], 1.0, np.exp(shift[t] + heard)), rtol=1e-6)
    assert not moved[1 - t].any()
    assert far[t].tolist() == [True, False]
    assert not far[1 - t].any()


def carried(monkeypatch: pytest.MonkeyPatch, document: Document, how: Any, **cut: Any) -> Ledger:
    asked = []

    def answered(*of: Any) -> Any:
        asked.append(how(*of))
        return asked[-1]

    with monkeypatch.context() as patched:
        patched.setattr(simulate, "talk_alone", answered)
        ledger = live(document, **cut).ledger
    assert [each is None for each in asked] == [how is BY_PERIOD]
    return ledger


@pytest.mark.parametrize("name", WORLDS)
def test_segments_carried_whole_have_the_bits_of_a_market_by_the_period(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_period = carried(monkeypatch, WORLDS[name], BY_PERIOD)
    monkeypatch.setattr(expected, "TABLES_AT_ONCE", 1)
    assert same_bits(carried(monkeypatch, WORLDS[name], WHOLE), by_period)
    assert by_period.customer_value.any()


def test_talk_makes_a_difference_in_every_period() -> None:
    """Else the same bits would say nothing."""
    silent, heard = live(talking(word_of_mouth=0)).ledger, live(talking()).ledger
    moved = (silent.count != heard.count).any(axis=(0, 1, 3, 4, 5))
    assert moved.tolist() == [False, False, *[True] * 6]


@pytest.mark.parametrize("cut", [{"threads": 2}, {"threads": 3, "batch": 2}, {"block": 1024, "batch": 3}])
def test_how_the_work_is_cut_up_never_shows(cut: dict[str, int]) -> None:
    assert same_bits(live(in_many_replications(), **cut).ledger, live(in_many_replications()).ledger)


def test_offers_that_change_in_every_period_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of all of them would take far more memory than their customers."""
    document, asked = talking(size=44 * LEAF), []
    document["calendar"]["periods"] = 24
    by_period = carried(monkeypatch, document, BY_PERIOD)

    def counted(customers: Any, market: Market, *rest: Any) -> None:
        leaves = rest[-1] - rest[-2]
        asked.append((len(market.constant) + len(market.supplier)) * leaves * LEAF)
        choice_periods(customers, market, *rest)

    monkeypatch.setattr(expected, "PERIODS", {**expected.PERIODS, Market: counted})
    assert same_bits(carried(monkeypatch, document, WHOLE), by_period)
    assert max(asked) > MOST_KEPT


@pytest.mark.parametrize("steps", [1, 3 * 2048 * 6, 2**24])
def test_calls_can_be_as_short_as_a_period(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few cells a call is of, it has as many periods as an interrupt can wait for, and one at least."""
    by_period, asked = carried(monkeypatch, talking(), BY_PERIOD), []

    def counted(customers: Any, market: Market, *rest: Any) -> None:
        asked.append((len(market.review), (rest[-1] - rest[-2]) * LEAF * len(market.cells)))
        choice_periods(customers, market, *rest)

    monkeypatch.setattr(expected, "STEPS_AT_ONCE", steps)
    monkeypatch.setattr(expected, "PERIODS", {**expected.PERIODS, Market: counted})
    assert same_bits(carried(monkeypatch, talking(), WHOLE), by_period)
    assert all(periods == 1 or periods * customers <= steps for periods, customers in asked)
    assert max(periods for periods, _ in asked) == {1: 1, 2**24: 6}.get(steps, 3)


@pytest.mark.parametrize("together", [1, 2, 3])
def test_cells_may_be_carried_a_few_at_a_time(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through all periods each, and where customers enter as they go."""
    of_two_leaves = 2 * 4 * LEAF * (len(SUPPLIERS) + 2)
    by_period, asked = carried(monkeypatch, talking(), BY_PERIOD), []

    def counted(customers: Any, market: Market, *rest: Any) -> None:
        asked.append((len(market.cells) * (rest[-1] - rest[-2]), len(market.review)))
        choice_periods(customers, market, *rest)

    monkeypatch.setattr(talk, "CELLS_BYTES", together * of_two_leaves)
    monkeypatch.setattr(expected, "PERIODS", {**expected.PERIODS, Market: counted})
    assert same_bits(carried(monkeypatch, talking(), WHOLE), by_period)
    leaves, periods = (max(each) for each in zip(*asked, strict=True))
    assert leaves == 2 * together < 2 * len(by_period.count)
    assert periods > 1


def test_cells_are_parted_evenly() -> None:
    """Whatever is left of the last part is room for nothing else."""
    parts = cells_at_once(np.arange(10, 20), CELLS_BYTES // 4)
    assert [part.tolist() for part in parts] == [[10, 11, 12, 13], [14, 15, 16], [17, 18, 19]]
    assert [len(part) for part in cells_at_once(np.arange(3), CELLS_BYTES + 1)] == [1, 1, 1]
    assert [len(part) for part in cells_at_once(np.arange(3), 1)] == [3]


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_periods_may_be_revealed_a_few_at_a_time(periods: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by_period = carried(monkeypatch, talking(), BY_PERIOD)
    monkeypatch.setattr(expected.ExpectedRun, "_at_once", lambda run: periods)
    assert same_bits(carried(monkeypatch, talking(), WHOLE), by_period)


def heard(document: Document, worlds: int = 1, **cut: Any) -> Any:
    scenario, portfolio, tables = opened(document)
    options = Options(1, "expected", 1, threads=1)._replace(**cut)
    return talk_alone(unfolding_of(scenario, portfolio, tables, 1), tables, options, worlds)


def test_omega_of_who_talks() -> None:
    segments = list(talking()["segments"])
    np.testing.assert_array_equal(heard(talking()), [1.5 if name in ("affluent", "mass") else 0 for name in segments])


@pytest.mark.parametrize(
    "more",
    [
        {"knowledge": {"forgetting": 0.3, "learning_exponent": 0.8}, "rivals": {"atlas": {"knowledge": 0.5}}},
        {"moves": {"answer": [{"who": "atlas", "when": "share(us) > 99%", "change": {"price": "-1%"}}]}},
        {"company": talking()["company"] | {"residual": {"method": "run_off"}}},
        {"allocations": {"baseline": {}, "by_profit": BOARDS["by_profit"]}},
        {"segments": moving(talking())["segments"]},
    ],
)
def test_where_more_follows_from_customers_all_goes_by_the_period(more: Document) -> None:
    assert heard(talking() | more) is None


def test_the_plan_of_memory_knows_who_talks() -> None:
    for document, talks in ((talking(), True), (talking(word_of_mouth=0), False)):
        scenario, portfolio, tables = opened(document)
        options = Options(1, "expected", 1, threads=1)
        assert size_of(tables, options, unfolding_of(scenario, portfolio, tables, 1)).talks is talks
        assert size_of_scenario(scenario, options).talks is talks


def test_nobody_waits_for_a_segment_that_is_too_large_for_one_worker() -> None:
    customers = len(opened(talking())[1].population.ids)
    share = customers // CUSTOMERS  # workers of whom each has more than that segment to do
    assert heard(talking(), threads=share) is not None
    assert heard(talking(), threads=share + 1) is None


def test_a_segment_that_no_cache_holds_is_not_carried_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of a cell nor of all of them; some cells at a time are enough."""
    largest = CUSTOMERS * 4 * (len(SUPPLIERS) + 2)
    monkeypatch.setattr(talk, "SEGMENT_BYTES", 3 * largest)
    monkeypatch.setattr(talk, "CELLS_BYTES", largest)
    assert heard(talking(), worlds=4) is not None
    monkeypatch.setattr(talk, "CELLS_BYTES", largest - 1)
    assert heard(talking(), worlds=3) is not None
    assert heard(talking(), worlds=4) is None


def test_the_worlds_of_a_batch_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = []
    monkeypatch.setattr(simulate, "talk_alone", lambda *of: worlds.append(of[-1]))
    cells = len(live(in_many_replications() | {}, batch=3).ledger.count)
    assert worlds == [3 * cells]


def test_the_others_stop_between_periods_when_one_worker_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they do for an interrupt."""
    monkeypatch.setattr(expected, "STEPS_AT_ONCE", 1)
    period, calls = fails_beside_another(monkeypatch, expected)
    monkeypatch.setattr(expected, "PERIODS", {**expected.PERIODS, Market: period})
    with pytest.raises(ValueError, match="of one worker"):
        live(talking(size=400), threads=2)
    assert len(calls) == len(set(calls)) == 2


def test_a_market_that_does_not_talk_has_nothing_to_hear() -> None:
    assert heard(talking(word_of_mouth=0)) is None
