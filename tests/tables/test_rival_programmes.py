"""A rival that runs our programme: the same effects from its own start on, for spend in proportion to its customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import Tables
from tests.properties.worlds import Document, market, opened

AFFLUENT, MASS = 0, 1  # segments
ATLAS = 1  # the first supplier after us
BESIDE_US = {AFFLUENT: 0.31 / 0.34, MASS: 0.35 / 0.40}  # atlas's customers over ours


def world(allocation: dict[str, Any], *move: dict[str, Any], **blocks: Any) -> Tables:
    """Tables of `baseline` and `ours` under `quiet` and under a move of atlas's."""
    document: Document = market() | blocks
    document["allocations"] = {"baseline": {}, "ours": allocation}
    document["moves"] = {"quiet": {}, "moved": [{"who": "atlas", "at": "2026-Q1", "like": "ours"} | m for m in move]}
    return opened(document)[2]


def cell(tables: Tables, allocation: str, move: str) -> int:
    return tables.axes.cells.index((allocation, move))


def gained(tables: Tables, supplier: int, allocation: str, move: str, segment: int = AFFLUENT) -> Any:
    """[T, 1 + K] what a supplier's price is over today's, and by how much its levels exceed today's."""
    today = cell(tables, "baseline", "quiet")
    price, level = (table[:, :, segment, supplier] for table in (tables.offers.price, tables.offers.level))
    c = cell(tables, allocation, move)
    return np.column_stack([price[c] / price[today], level[c] - level[today]])


PHASED = {
    "advisers": [{"from": "2026-Q2", "until": "2026-Q3", "affluent": 8000}, {"from": "2026-Q4", "affluent": 6000}],
    "discount": {"from": "2026-Q3", "affluent": 2000, "mass": 3000},
}


@pytest.mark.parametrize(("at", "start"), [("2026-Q1", 0), ("2026-Q2", 1), ("2026-Q4", 3), ("2027-Q4", 7)])
def test_a_rival_gains_what_we_gain_from_when_it_begins(at: str, start: int) -> None:
    """Ours begins in the second period; the rival's when the move says, phase by phase as ours."""
    tables = world(PHASED, {"at": at})
    for segment in (AFFLUENT, MASS):
        ours = gained(tables, 0, "ours", "quiet", segment)
        theirs = gained(tables, ATLAS, "baseline", "moved", segment)
        assert theirs[:start] == pytest.approx(np.tile([1, 0, 0], (start, 1)), abs=1e-12)
        compared = min(len(ours) - 1, len(theirs) - start)
        assert theirs[start : start + compared] == pytest.approx(ours[1 : 1 + compared], abs=1e-12)
    assert gained(tables, ATLAS, "ours", "moved") == pytest.approx(gained(tables, ATLAS, "baseline", "moved"))


def test_it_spends_in_proportion_to_its_customers_what_we_spend_beyond_today() -> None:
    spend = world(PHASED, {"at": "2026-Q3"}).rivals.programmes
    quiet, moved = spend[0, 0], spend[1, 0]
    assert (quiet == 0).all()
    assert moved[:, AFFLUENT, 0] / BESIDE_US[AFFLUENT] == pytest.approx(
        [0, 0, 3000, 5000, 3000, 3000, 3000, 3000]  # advisers 5,000 today; the discount begins a period later
    )
    assert moved[:, MASS, 0] / BESIDE_US[MASS] == pytest.approx([0, 0, 0, 3000, 3000, 3000, 3000, 3000])
    assert (moved[:, 2] == 0).all()  # under contract
    assert (moved[..., 1] == 0).all()  # neo does nothing


def test_it_stops_when_the_move_ends_and_what_is_carried_over_fades() -> None:
    tables = world({"advisers": {"affluent": 9000}}, {"until": "2026-Q3"})
    spend = tables.rivals.programmes[cell(tables, "baseline", "moved"), 0, :, AFFLUENT, 0]
    assert spend == pytest.approx([4000 * BESIDE_US[AFFLUENT]] * 3 + [0] * 5)
    level = gained(tables, ATLAS, "baseline", "moved")[:, 2]
    assert level[:3] == pytest.approx(gained(tables, 0, "ours", "quiet")[:3, 2])
    assert (np.diff(level[2:]) < 0).all()
    assert level[-1] > 0


def test_the_programme_of_today_changes_nothing_to_the_bit() -> None:
    tables = world({"advisers": {"affluent": 5000}}, {})
    quiet, moved = cell(tables, "baseline", "quiet"), cell(tables, "baseline", "moved")
    offers = tables.offers.price, tables.offers.level, tables.offers.knowledge
    for table in (*tables.choice, *offers, tables.rivals.price_ratio, tables.rivals.wallet):
        assert table[moved].tobytes() == table[quiet].tobytes()
    assert (tables.rivals.programmes == 0).all()


def test_a_lever_that_acts_at_once_is_a_change_of_its_size() -> None:
    """Half of a 15 % discount, as a programme and as a stated change."""
    discount = {"discount": {"affluent": 2000}}
    run = world(discount, {"at": "2026-Q3", "segments": ["affluent"]})
    stated = world(discount, {"at": "2026-Q3", "like": None, "change": {"price": -0.075}, "segments": ["affluent"]})
    for one, other in zip(run.choice, stated.choice, strict=True):
        assert one == pytest.approx(other, rel=1e-12)
    assert run.rivals.price_ratio == pytest.approx(stated.rivals.price_ratio)


def test_of_two_programmes_the_one_written_last_is_run() -> None:
    document = market()
    document["allocations"] = {
        "baseline": {}, "more": {"advisers": {"affluent": 9000}}, "less": {"advisers": {"affluent": 1000}},
    }  # fmt: skip
    first = {"who": "atlas", "at": "2026-Q1", "like": "more"}
    document["moves"] = {"moved": [first, {"who": "atlas", "at": "2026-Q3", "until": "2026-Q4", "like": "less"}]}
    spend = opened(document)[2].rivals.programmes[0, 0, :, AFFLUENT, 0] / BESIDE_US[AFFLUENT]
    assert spend == pytest.approx([4000, 4000, -4000, -4000, 4000, 4000, 4000, 4000])


def test_a_rival_s_outreach_makes_everybody_else_reconsider() -> None:
    tables = world({"outreach": {"affluent": 6000}}, {})
    more = 0.6 * (6000**1.5 / (3000**1.5 + 6000**1.5) - 2000**1.5 / (3000**1.5 + 2000**1.5))
    review = tables.choice.review[:, 0, AFFLUENT]  # [C, J]
    woo = 1 - np.exp(-0.6 * (1 + more) / 4)
    twice = 1 - np.exp(-0.6 * (1 + more) ** 2 / 4)
    still = 1 - np.exp(-0.6 / 4)
    assert review[cell(tables, "baseline", "moved")] == pytest.approx([woo, still, woo, woo])
    assert review[cell(tables, "ours", "moved")] == pytest.approx([woo, woo, twice, twice])
    assert review[cell(tables, "ours", "quiet")] == pytest.approx([still, woo, woo, woo])


def test_wallet_and_cost_to_serve_are_the_rival_s() -> None:
    tables = world({"bundle": {"affluent": 4000}, "lean": {"affluent": 1000}}, {})
    quiet, moved = cell(tables, "baseline", "quiet"), cell(tables, "baseline", "moved")
    assert tables.rivals.wallet[moved, ..., AFFLUENT, 0] == pytest.approx(1.1)
    served = tables.rivals.cost_to_serve[..., AFFLUENT, 0]
    assert served[moved] == pytest.approx(0.85 * served[quiet])
    assert tables.economics.wallet[moved] == pytest.approx(1.0)  # ours stays
    assert tables.choice.coefficient[moved].tobytes() == tables.choice.coefficient[quiet].tobytes()


def test_it_designs_for_as_many_groups_at_the_same_cost() -> None:
    tables = world({"design": {"affluent": {"groups": 4, "cost_per_group": 500}}}, {"at": "2026-Q3"})
    fit = tables.choice.coefficient[cell(tables, "baseline", "moved"), :, AFFLUENT, ATLAS, -2:]
    assert fit.tolist() == [[-1, 0]] * 2 + [[0, -1]] * 6
    assert tables.rivals.programmes[1, 0, :, AFFLUENT, 0].tolist() == [0, 0] + [2000.0] * 6


def test_we_have_no_lead_over_a_rival_that_runs_our_programme() -> None:
    ours = {"advisers": {"affluent": 9000}}
    tables = world(ours, {}, imitation={"service": 2.0})
    both = gained(tables, ATLAS, "ours", "moved")[:, 2]
    assert both == pytest.approx(gained(tables, 0, "ours", "moved")[:, 2])
    assert gained(tables, ATLAS, "ours", "quiet")[1:, 2].min() > 0


def test_what_a_budget_is_spread_to_is_what_the_rival_runs() -> None:
    tables = world(
        {"spread": {"budget": 12000, "lever": "advisers", "by": "equal", "segments": ["affluent", "mass"]}}, {}
    )
    spend = tables.rivals.programmes[1, 0, :, :2, 0]
    assert spend == pytest.approx(np.tile([1000 * BESIDE_US[AFFLUENT], 2000 * BESIDE_US[MASS]], (8, 1)))


def test_beyond_the_horizon_rivals_go_on_as_they_are_with_one_design() -> None:
    company = market()["company"] | {"residual": {"method": "run_off"}}
    finer = {"advisers": {"affluent": 9000}, "design": {"affluent": {"groups": 4, "cost_per_group": 500}}}
    tables = world(finer, {}, company=company)
    assert tables.run_off is not None
    moved = cell(tables, "baseline", "moved")
    last = tables.choice.coefficient[moved, -1, AFFLUENT, ATLAS]
    assert tables.run_off.choice.coefficient[moved, 0, AFFLUENT, ATLAS].tolist() == [*last[:3].tolist(), -1]
