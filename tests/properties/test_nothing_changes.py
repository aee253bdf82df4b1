"""Identity 5: cells that are alike differ by exactly nothing, other cells change nobody, and today stays as it is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from tests.properties.worlds import MARKET, Document, Lived, live, market, random_market, same_bits

YEARS = 10
MODES = ["sampled", "expected"]
PER_CELL = {"count": 0, "revenue": 0, "joins": 0, "leaves": 0, "customer_value": 2}  # axis of the cells
TWINS: dict[str, Any] = {  # allocations that change nothing, however they say so
    "copied": {"like": "baseline"},
    "spelled out": {
        "advisers": {"affluent": 5000, "mass": 4000}, "outreach": {"affluent": 2000}, "club": {"mass": 0},
        "discount": {"affluent": 0},
    },
    "one group": {"design": {"affluent": {"groups": 1, "cost_per_group": 0}}},
    "in phases": {"advisers": [{"until": "2026-Q2", "mass": 4000}, {"from": "2026-Q4", "mass": 4000}]},
}  # fmt: skip


def cell_of(lived: Lived, name: str, cell: tuple[str, str]) -> np.ndarray:
    """One total of the ledger in one cell."""
    return np.take(getattr(lived.ledger, name), lived.tables.axes.cells.index(cell), axis=PER_CELL[name])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_allocation_like_baseline_differs_by_exactly_nothing(mode: str, seed: int) -> None:
    document = random_market(seed, mode=mode, replications=20)
    document["allocations"] |= TWINS
    lived = live(document)
    for move in document["moves"]:
        for twin in TWINS:
            for name in PER_CELL:
                assert np.array_equal(cell_of(lived, name, (twin, move)), cell_of(lived, name, ("baseline", move)))
            of_twin, of_baseline = (lived.cell(allocation, move) for allocation in (twin, "baseline"))
            worth = lived.valuation
            for part in (worth.customers, worth.programmes, worth.unallocated, worth.enterprise_value):
                assert np.array_equal(part[of_twin], part[of_baseline])
            assert (lived.ledger.direction[of_twin, :, 1:] == 0).all()
            assert not lived.ledger.changed_hands[of_twin].any()
            assert lived.ledger.changed_hands[lived.cell("grow", move)].any()
    grow, baseline = (cell_of(lived, "count", (name, "quiet")) for name in ("grow", "baseline"))
    assert not np.array_equal(grow, baseline)


@pytest.mark.parametrize("mode", MODES)
def test_rivals_that_could_imitate_change_nothing_where_we_add_nothing(mode: str) -> None:
    document = random_market(9, mode=mode, replications=5)
    document["allocations"] = {"baseline": {}, "less": {"advisers": {"affluent": 0, "mass": 100}}}
    speeds = {"rate": 1, "service": 12, "price": 12}
    one, other = live(document), live(document | {"imitation": speeds, "rivals": {"neo": {"imitation": {"price": 3}}}})
    assert same_bits(one.ledger, other.ledger)
    assert not same_bits(one.ledger, live(document | {"allocations": MARKET["allocations"]}).ledger)


def larger(document: Document) -> Document:
    """With further allocations and a move, before, between and after those there are."""
    more = deepcopy(document)
    more["allocations"] = {
        "first": {"advisers": {"affluent": 20000}, "outreach": {"affluent": 50000, "mass": 50000}},
        **document["allocations"],
        **TWINS,
        "last": {"like": "grow", "club": {"affluent": 9000}},
        "finer": {"like": "keep", "design": {"affluent": {"groups": 4, "cost_per_group": 500}}},
    }
    more["moves"] = {"war": [{"who": "neo", "at": "2026-Q1", "change": {"price": -0.3}}], **document["moves"]}
    more["moves"]["restless"] = [{"at": "2026-Q1", "change": {"review": 2}}]
    return more


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", [3, 4])
def test_further_cells_leave_the_bits_of_all_others_unchanged(mode: str, seed: int) -> None:
    document = random_market(seed, mode=mode, replications=20)
    few, many = live(document), live(larger(document))
    assert len(many.tables.axes.cells) == 40
    for cell in few.tables.axes.cells:
        for name in PER_CELL:
            assert cell_of(few, name, cell).tobytes() == cell_of(many, name, cell).tobytes(), (name, cell)
        one, other = few.tables.axes.cells.index(cell), many.tables.axes.cells.index(cell)
        assert np.array_equal(few.valuation.enterprise_value[one], many.valuation.enterprise_value[other])
        assert np.array_equal(few.ledger.direction[one], many.ledger.direction[other])


def decade(seed: int, **simulation: Any) -> Lived:
    """Ten years of today: nothing funded differently, no move."""
    document = random_market(seed, customer_values=False, **simulation)
    document["calendar"]["periods"] = 4 * YEARS
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    return live(document)


@pytest.mark.parametrize("seed", range(5, 9))
def test_today_lasts_ten_years_in_expected_mode(seed: int) -> None:
    lived = decade(seed)
    choice = ~lived.tables.segments.contract
    size = np.diff(lived.tables.segments.rows)[choice, None]
    states = lived.ledger.count.sum(axis=-1)[0, 0][:, choice] / lived.ledger.count_scale / size  # [T + 1, S, states]
    assert np.abs(states - states[0]).max() <= 1e-5
    revenue = lived.ledger.revenue.sum(axis=-1)[0, 0][:, choice]
    total = revenue[0].sum(axis=-1)[:, None]
    assert np.abs(revenue / total - revenue[0] / total).max() <= 1e-5


@pytest.mark.parametrize("seed", [5, 6])
def test_today_lasts_ten_years_in_sampled_mode(seed: int) -> None:
    """The change since the opening, against 4 of its standard errors, of 500 replications. A right engine fails in one
    of 16,000 comparisons; there are 560 in each market."""
    lived = decade(seed, mode="sampled", replications=500)
    change = lived.ledger.count.sum(axis=-1)[0].astype(float)
    change = (change - change[:, :1])[:, :, ~lived.tables.segments.contract]
    error = change.std(axis=0, ddof=1) / np.sqrt(len(change))
    assert (np.abs(change.mean(axis=0)) <= 4 * error + 1e-12).all()
    assert error.max() > 0


@pytest.mark.parametrize("step", ["month", "quarter", "year"])
def test_today_is_priced_and_funded_at_exactly_nothing_more(step: str) -> None:
    document = market()
    document["calendar"] = {"start": "2026", "step": step, "periods": 10}
    document["allocations"], document["moves"] = {"baseline": {}, **TWINS}, {"quiet": {}}
    for allocation in ("spelled out", "in phases"):
        document["allocations"][allocation] = {
            lever: {k: v for k, v in (spend[0] if isinstance(spend, list) else spend).items() if k != "until"}
            for lever, spend in TWINS[allocation].items()
        }
    tables = live(document).tables
    for table in (tables.economics.price_ratio, tables.economics.wallet, tables.choice.hazard_factor):
        assert (table == 1).all()
    assert (tables.choice.inertia == 0).all()
    assert (tables.choice.coefficient == tables.today.coefficient[:, 0]).all()
    assert (tables.choice.review == tables.today.review[:, 0]).all()
