"""Budgets spread by a habit: what each segment gets, against sums done by hand and customer by customer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.scenario.problems import ScenarioError
from simengine.tables.build import settled
from tests.oracle.spread import amounts
from tests.properties.files import Row, file_market, rows_of, text_of
from tests.properties.worlds import Document, live, market, opened

AFFLUENT, MASS, SIGNED = 120 * 0.34, 150 * 0.4, 70.0  # our customers in the market


def spread(document: Document, rows: str = "", **stated: Any) -> dict[str, float]:
    """What the segments get of a budget of 10,000 a year."""
    document["allocations"] = {"baseline": {}, "habit": {"spread": {"budget": 10_000, **stated}}}
    scenario, portfolio, _ = opened(document, rows)
    allocation = settled(scenario, portfolio).allocations["habit"]
    assert allocation.spreads == ()
    (funding,) = allocation.fundings[stated["lever"]]
    (unsettled,) = scenario.allocations["habit"].spreads
    assert funding.amounts == pytest.approx(amounts(scenario, portfolio, unsettled), rel=1e-12)
    assert (funding.start, funding.end) == (unsettled.start, unsettled.end)
    assert sum(funding.amounts.values()) == pytest.approx(10_000, rel=1e-14)
    return funding.amounts


def test_equal_goes_to_every_segment_in_which_the_lever_can_act() -> None:
    assert spread(market(), lever="outreach", by="equal") == {"affluent": 5000, "mass": 5000}
    assert spread(market(), lever="care", by="equal") == {"signed": 10_000}
    thirds = spread(market(), lever="bundle", by="equal")
    assert thirds == pytest.approx(dict.fromkeys(("affluent", "mass", "signed"), 10_000 / 3))
    assert spread(market(), lever="bundle", by="equal", segments=["signed", "mass"]) == {"mass": 5000, "signed": 5000}


def test_customers_are_ours_and_not_the_market() -> None:
    found = spread(market(), lever="bundle", by="customers")
    total = AFFLUENT + MASS + SIGNED
    wanted = {"affluent": AFFLUENT / total, "mass": MASS / total, "signed": SIGNED / total}
    assert found == pytest.approx({name: 10_000 * part for name, part in wanted.items()})


def test_revenue_is_that_of_our_customers_as_the_simulation_opens() -> None:
    found = spread(market(), lever="bundle", by="revenue")
    lived = live(market())
    opening = lived.ledger.revenue[0, 0, 0, :, :3].sum(axis=(-2, -1)) / lived.ledger.money_scale
    base = np.array([AFFLUENT * 2700, MASS * 600, SIGNED * 900])
    assert list(found.values()) == pytest.approx((10_000 * base / base.sum()).tolist())
    assert opening[1:] == pytest.approx(base[1:], rel=1e-6)  # where no stage multiplies it


def test_profit_is_what_is_left_for_shareholders_and_a_loss_gets_nothing() -> None:
    document = market()
    document["segments"]["signed"]["margin"] = 0.01
    found = spread(document, lever="bundle", by="profit")
    affluent = AFFLUENT * ((2700 * 0.58 - 33) * 0.75 - 0.09 * 0.12 * 2700)
    mass = MASS * (600 * 0.5 * 0.75 - 0.09 * 40)
    assert found["signed"] == 0
    assert found["affluent"] == pytest.approx(10_000 * affluent / (affluent + mass))


@pytest.mark.parametrize("by", ["customers", "revenue", "profit", "column region"])
def test_newcomers_have_no_part_in_it(by: str) -> None:
    """Who enters later is drawn, also where the file says who is whose: 40% of its customers, not the
    stated 40.4%."""
    still, growing = file_market(), file_market()
    for document in (still, growing):
        document["segments"]["affluent"]["shares"] = {"us": 0.404, "atlas": 0.296, "neo": 0.2, "none": 0.1}
    growing["segments"]["affluent"]["growth"] = 0.4
    rows = text_of(territories())
    assert spread(growing, rows, lever="bundle", by=by) == spread(still, rows, lever="bundle", by=by)


@pytest.mark.parametrize("by", ["customers", "revenue", "profit"])
def test_newcomers_have_no_part_in_it_where_the_market_is_drawn(by: str) -> None:
    growing = market()
    growing["segments"]["affluent"]["growth"] = 0.4
    growing["segments"]["signed"]["newcomers"] = {"per_year": 30}
    assert spread(growing, lever="bundle", by=by) == spread(market(), lever="bundle", by=by)


def test_what_is_stated_beside_a_spread_of_the_same_lever_stays() -> None:
    document = market()
    later = {"budget": 9000, "lever": "outreach", "by": "equal", "from": "2026-Q3"}
    document["allocations"] = {
        "baseline": {},
        "both": {"outreach": {"until": "2026-Q2", "mass": 700}, "spread": later},
    }
    scenario, portfolio, _ = opened(document)
    both = settled(scenario, portfolio).allocations["both"]
    assert [both.stated("outreach", period) for period in (1, 2)] == [{"mass": 700}, {"affluent": 4500, "mass": 4500}]


def territories(weight: int = 1) -> list[Row]:
    """The customers of the file market, in territories: everybody in the north but a few."""
    regions = {0: "south", 1: "south", 2: "east"}
    return [row | {"region": regions.get(i % 11, "north")} for i, row in enumerate(rows_of(weight=weight))]


def test_a_column_splits_the_budget_over_its_values_and_then_over_our_customers() -> None:
    rows = territories()
    found = spread(file_market(), text_of(rows), lever="bundle", by="column region")
    ours = [row for row in rows if row["supplier"] == "us"]
    wanted = dict.fromkeys(("affluent", "mass", "signed"), 0.0)
    for row in ours:
        alike = sum(other["region"] == row["region"] for other in ours)
        wanted[str(row["segment"])] += 10_000 / 3 / alike
    assert found == pytest.approx(wanted)
    even = spread(file_market(), text_of(rows), lever="bundle", by="customers")
    assert found != pytest.approx(even, rel=0.01)


def test_a_value_that_only_customers_of_others_have_gets_nothing() -> None:
    rows: list[Row] = [row | {"region": "there" if row["supplier"] == "us" else "elsewhere"} for row in rows_of()]
    by_column = spread(file_market(), text_of(rows), lever="outreach", by="column region")
    assert by_column == pytest.approx(spread(file_market(), text_of(rows), lever="outreach", by="customers"))


@settings(max_examples=10)
@given(
    by=st.sampled_from(["customers", "revenue", "profit", "column region"]),
    weight=st.integers(1, 4),
    mode=st.sampled_from(["expected", "sampled"]),
)
def test_a_row_of_weight_n_counts_n_times_in_both_modes(by: str, weight: int, mode: str) -> None:
    weighted = [row | {"weight": 1 + i // 10 % weight} for i, row in enumerate(territories())]
    single: list[Row] = [
        row | {"id": f"{row['id']}.{c}", "weight": 1} for row in weighted for c in range(row["weight"])
    ]
    one = spread(file_market(mode=mode), text_of(weighted), lever="bundle", by=by)
    assert one == pytest.approx(spread(file_market(mode="expected"), text_of(single), lever="bundle", by=by), rel=1e-12)


@pytest.mark.parametrize("mode", ["expected", "sampled"])
def test_a_spread_is_worth_exactly_what_its_amounts_are(mode: str) -> None:
    document = market(mode=mode)
    document["allocations"] = {
        "baseline": {},
        "habit": {
            "from": "2026-Q2",
            "spread": [
                {"budget": 9000, "lever": "outreach", "by": "revenue"},
                {"budget": 3000, "lever": "club", "by": "equal", "until": "2026-Q4", "segments": ["mass"]},
            ],
        },
        "later": {"shift": 2, "like": "habit"},
    }
    scenario, portfolio, _ = opened(document)
    found = settled(scenario, portfolio).allocations["habit"].fundings
    (outreach,), (club,) = found["outreach"], found["club"]
    document["allocations"]["stated"] = {
        "outreach": {"from": "2026-Q2", **outreach.amounts},
        "club": {"from": "2026-Q2", "until": "2026-Q4", **club.amounts},
    }
    document["allocations"]["stated later"] = {"like": "stated", "shift": 2}
    lived = live(document)
    for one, other in (("habit", "stated"), ("later", "stated later")):
        for move in document["moves"]:
            a, b = lived.cell(one, move), lived.cell(other, move)
            assert np.array_equal(lived.ledger.count[a], lived.ledger.count[b])
            assert np.array_equal(lived.valuation.enterprise_value[a], lived.valuation.enterprise_value[b])
    spent = lived.tables.economics.programmes[lived.cell("habit"), 0].sum(axis=1)
    assert spent == pytest.approx([11_000] + [11_000 - 2000 + 12_000] * 3 + [11_000 - 2000 + 9000] * 4)


def told(document: Document, rows: str = "", **stated: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as error:
        spread(document, rows, **stated)
    return [(p.place, p.found, p.expected) for p in error.value.problems]


def test_no_segment_earns_a_profit() -> None:
    document = market()
    document["segments"]["mass"]["margin"] = 0
    found = told(document, lever="outreach", by="profit", segments=["mass"])
    assert found == [("allocations.habit.spread.by", "no profit in mass", "a basis that is not nothing everywhere")]


def test_shares_that_only_the_simulation_knows() -> None:
    document = file_market()
    mass = document["segments"]["mass"] = market()["segments"]["mass"]
    del mass["shares"], mass["churn"]
    mass |= {"constants": {"us": 1, "atlas": 0, "neo": 0}, "inertia": 0.5}
    rows = [row for row in rows_of() if row["segment"] != "mass"]
    found = told(document, text_of(rows), lever="outreach", by="customers")
    assert [(place, "over `mass` with constants" in said) for place, said, _ in found] == [
        ("allocations.habit.spread.by", True)
    ]


def test_a_column_that_is_not_there_or_empty() -> None:
    place = "allocations.habit.spread.by"
    found = told(file_market(), text_of(rows_of()), lever="outreach", by="column region")
    assert [(where, said) for where, said, _ in found] == [(place, "'region', no column of customers.csv")]
    rows: list[Row] = [row | {"region": "north" if i % 5 else ""} for i, row in enumerate(rows_of())]
    without = sum(row["region"] == "" and row["supplier"] == "us" and row["segment"] != "signed" for row in rows)
    found = told(file_market(), text_of(rows), lever="outreach", by="column region")
    assert found == [(place, f"{without} of our customers without a region", "a region for each of them")]


def test_what_is_copied_is_told_once_and_where_it_is_stated() -> None:
    document = file_market()
    sound = {"budget": 1, "lever": "care", "by": "equal"}
    document["allocations"] = {
        "baseline": {},
        "late": {"like": "habit", "shift": 1},
        "habit": {"spread": [sound, {"budget": 1, "lever": "outreach", "by": "column region"}]},
    }
    place = "allocations.habit.spread.2.by"
    with pytest.raises(ScenarioError) as error:
        opened(document, text_of(rows_of()))
    assert [p.place for p in error.value.problems] == [place]
    with pytest.raises(ScenarioError) as error:
        opened(document, text_of([row | {"region": ""} for row in rows_of()]))
    assert [p.place for p in error.value.problems] == [place]
