"""A market with feedback and luck of its own: the same bits however the work is cut up; those of a market without,
where nothing that is stated has an effect; and today for as long as nobody acts."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.tables.layout import by_supplier
from simengine.tables.unfolding import feeds_back, has_luck
from tests.properties.worlds import EXPERIENCE, Document, Lived, live, living_market, market, same_bits

MODES = ["sampled", "expected"]
REPLICATIONS = 19  # a whole group of 16 review bytes, and a part of the next
TOTALS = ("count", "revenue", "joins", "leaves", "direction", "changed_hands", "run_off")


def cut_up(mode: str, replications: int = REPLICATIONS) -> Document:
    """Small, but for one segment that is more than a leaf of 1,024 customers."""
    document = living_market(mode=mode, replications=replications)
    document["company"]["residual"] = {"method": "run_off"}
    document["segments"]["affluent"]["size"] = 1100
    document["calendar"]["periods"] = 6
    return document


@cache
def whole(mode: str) -> Lived:
    return live(cut_up(mode), block=1 << 20, batch=1 << 20)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "cut", [{"batch": 1}, {"threads": 3, "batch": 4}, {"block": 333, "batch": 18}, {"threads": 2, "block": 1024}]
)
def test_how_the_work_is_cut_up_never_shows(mode: str, cut: dict[str, int]) -> None:
    lived, reference = live(cut_up(mode), **cut), whole(mode)
    assert same_bits(lived.ledger, reference.ledger)
    assert np.array_equal(lived.valuation.enterprise_value, reference.valuation.enterprise_value)
    for one, other in zip(lived.tables.offers, reference.tables.offers, strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("mode", MODES)
def test_a_replication_is_the_same_however_many_are_run(mode: str) -> None:
    few, many = live(cut_up(mode, 5), batch=3), whole(mode)
    for name in TOTALS:
        assert np.array_equal(getattr(few.ledger, name), getattr(many.ledger, name)[:, :5]), name
    assert np.array_equal(few.valuation.enterprise_value, many.valuation.enterprise_value[:, :5])


@pytest.mark.parametrize("mode", MODES)
def test_replications_differ_in_every_cell_and_cells_differ(mode: str) -> None:
    """Else the same bits would say nothing."""
    values = whole(mode).enterprise_value
    assert all(len(np.unique(of_cell)) == REPLICATIONS for of_cell in values)
    assert len(np.unique(values, axis=0)) == len(values)


NO_MORE = {"desk": {"cost": 0, "duration": {"uniform": [1, 3]}, "effect": {"service": 0, "knowledge": 0}}}
WITHOUT_EFFECT: dict[str, Document] = {  # blocks, and fields of every segment where customers choose
    "market that does not move": {"market": {"persistence": 0.6, "demand": {"persistence": 0.5}}},
    "talk that nobody listens to": {"choice": {"word_of_mouth": 0}},
    "needs that rest": {"choice": {"needs_drift": {"volatility": 0, "persistence": 0.6, "trend": {"service": 0}}}},
    "knowledge that nobody forgets": {"knowledge": {"forgetting": 0, "learning_exponent": 2}},
    "imitation that takes for ever": {"imitation": {"price": 0, "service": 0}},
    "initiatives that change nothing": {
        "allocations": {"baseline": {"initiatives": NO_MORE}}, "delivery": {"teams": 1},
    },
    "an arrival of nothing": {"attack": {"who": "neo", "arrival": 0.9, "change": {"price": 0, "knowledge": 0}}},
    "an arrival of a market that stays": {"attack": {"arrival": 0.5, "lasts": 2, "change": {"review": 0, "cost": 0}}},
    "an answer without consequence": {
        "attack": {"who": "atlas", "when": "share(us) > 1%", "detect": 1, "change": {"service": 0}}
    },
    "an answer that never comes": {"attack": {"who": "atlas", "when": "share(us) > 99%", "change": {"price": -0.5}}},
    "a size of nothing": {
        "attack": {"who": "neo", "at": "2026-Q2", "change": {"price": 0}, "size": {"uniform": [0.5, 2]}}
    },
}  # fmt: skip


def stated(document: Document, blocks: Document) -> Document:
    """With blocks that say nothing new."""
    more = deepcopy(document)
    for block, content in deepcopy(blocks).items():
        if block == "choice":
            for name in ("affluent", "mass"):
                more["segments"][name] |= content
        elif block == "attack":
            more["moves"]["attack"].append(content)
        elif block == "allocations":
            more["allocations"] |= content
        else:
            more[block] = content
    return more


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [*WITHOUT_EFFECT, "all of it"])
def test_what_has_no_effect_leaves_every_bit_as_it_is(name: str, mode: str) -> None:
    """The shipped scenarios, which state nothing of this, are held by their digests (tests/shipped)."""
    document = market(mode=mode, replications=3)
    document["company"]["residual"] = {"method": "run_off"}
    changed = document
    for each in WITHOUT_EFFECT if name == "all of it" else [name]:
        changed = stated(changed, WITHOUT_EFFECT[each])
    plain, lived = live(document), live(changed)
    for total in TOTALS:
        one, other = getattr(plain.ledger, total), getattr(lived.ledger, total)
        assert np.array_equal(np.broadcast_to(one, other.shape), other), total
    one, other = plain.valuation.enterprise_value, lived.valuation.enterprise_value
    assert np.array_equal(np.broadcast_to(one, other.shape), other)
    if mode == "sampled":
        assert same_bits(plain.ledger, lived.ledger)
    if name == "all of it":
        assert feeds_back(lived.scenario)
        assert has_luck(lived.scenario)


YEARS = 10


def numbers(least: float, most: float) -> st.SearchStrategy[float]:
    """Numbers as people write them."""
    return st.floats(least, most).map(lambda number: round(number, 3))


FRACTION, SPEED = numbers(0.05, 0.95), numbers(0, 5)
BLOCKS = st.fixed_dictionaries(
    {
        "knowledge": st.fixed_dictionaries({"forgetting": numbers(0, 0.9), "learning_exponent": numbers(0, 2)}),
        "known": st.fixed_dictionaries({"us": FRACTION, "atlas": FRACTION, "neo": FRACTION}),
        "imitation": st.fixed_dictionaries({"price": SPEED, "service": SPEED, "knowledge": SPEED}),
        "word_of_mouth": numbers(0, 2),
        "tailoring": numbers(0.1, 3),
        "gap_sensitivity": numbers(0, 1),
        "qualities": st.tuples(FRACTION, FRACTION, FRACTION),
        "silo": numbers(0, 3),
        "enablement": numbers(0, 1),
        "motivation": numbers(0, 1),
        "half_life": numbers(0.1, 5),
    }
)


def decade(drawn: dict[str, Any], size: int = 1, **simulation: Any) -> Document:
    """Ten years of today's spend without a move, whatever is stated of what would answer a change."""
    document = market(customer_values=False, **simulation)
    document["calendar"]["periods"] = 4 * YEARS
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    document["company"]["knowledge"] = drawn["known"]["us"]
    document["rivals"] = {name: {"knowledge": drawn["known"][name]} for name in ("atlas", "neo")}
    for name in ("affluent", "mass"):
        segment = document["segments"][name]
        segment["size"] *= size
        segment |= {field: drawn[field] for field in ("word_of_mouth", "tailoring", "gap_sensitivity")}
    document |= {"knowledge": drawn["knowledge"], "imitation": drawn["imitation"], "experience": deepcopy(EXPERIENCE)}
    document["experience"]["silo"] = drawn["silo"]
    for point, quality in zip(document["experience"]["touchpoints"].values(), drawn["qualities"], strict=True):
        point["quality"] = quality
    document["employees"] = {
        level: {"today": drawn[level], "half_life_up": drawn["half_life"], "half_life_down": drawn["half_life"]}
        for level in ("enablement", "motivation")
    }
    document["levers"] |= {
        "analytics": {
            "target": "knowledge", "today": {"affluent": 1000},
            "response": {"hill": {"max": 0.4, "half": 3000, "shape": 1}},
        },
        "training": {
            "target": "enablement", "carry_over": 0.4, "today": {"affluent": 1000, "mass": 500},
            "response": {"hill": {"max": 0.8, "half": 2000, "shape": 1}},
        },
    }  # fmt: skip
    return document


def assert_at_rest(lived: Lived) -> None:
    """Levers, employees, experience and imitation, to the bit; all that choices follow from but knowledge and talk."""
    offers, experience = lived.tables.offers, lived.tables.experience
    assert experience is not None
    assert experience.employees is not None
    tables = [offers.price, offers.level, experience.quality, experience.experience, experience.promised]
    for table in (*tables, *experience.employees):
        first = np.broadcast_to(table[:, :1], table.shape)
        assert table.tobytes() == first.tobytes()
    money = lived.tables.economics
    assert (money.price_ratio == 1).all()
    assert (money.wallet == 1).all()
    for table in (money.cost_to_serve, money.programmes):
        assert (table == table[:, :1, :1]).all()


def shares(lived: Lived) -> np.ndarray:
    """[R, T + 1, S, states] in the segments where customers choose."""
    count = lived.ledger.count.sum(axis=-1)[0][:, :, ~lived.tables.segments.contract]
    return np.asarray(count / count.sum(axis=-1, keepdims=True))


@settings(max_examples=8, deadline=None)
@given(drawn=BLOCKS)
def test_today_lasts_ten_years_in_expected_mode(drawn: dict[str, Any]) -> None:
    lived = live(decade(drawn, mode="expected"))
    assert_at_rest(lived)
    states = shares(lived)
    assert np.abs(states - states[:, :1]).max() <= 1e-5
    known = lived.tables.offers.knowledge[0][:, ~lived.tables.segments.contract, :-1]  # [T, S, N]
    stated = np.array([drawn["known"][name] for name in ("us", "atlas", "neo")])
    assert np.abs(known - stated).max() <= 1e-5


TALKATIVE = {
    "knowledge": {"forgetting": 0.3, "learning_exponent": 1}, "known": {"us": 0.6, "atlas": 0.5, "neo": 0.3},
    "imitation": {"price": 3, "service": 1, "knowledge": 0.2}, "word_of_mouth": 1.5, "tailoring": 1,
    "gap_sensitivity": 0.5, "qualities": (0.8, 0.9, 0.4), "silo": 2, "enablement": 0.4, "motivation": 0.6,
    "half_life": 1,
}  # fmt: skip


def test_today_lasts_ten_years_in_sampled_mode() -> None:
    """The change since the opening, against 4 of its standard errors, of 200 replications of 5,400 customers, so many
    that the bias of feedback is far less. A right engine fails in one of 16,000 comparisons; there are some 500."""
    lived = live(decade(TALKATIVE, 20, mode="sampled", replications=200))
    assert_at_rest(lived)
    by_name = by_supplier(shares(lived))
    change = by_name - by_name[:, :1]
    error = change.std(axis=0, ddof=1) / np.sqrt(len(change))
    assert (np.abs(change.mean(axis=0)) <= 4 * error + 1e-12).all()
    assert error.max() > 0
