"""Identity 9: halves of a segment are the segment, a weight is so many customers, and money has no size of its own."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from simengine.valuation.rivals import rival_valuation
from tests.properties.files import Row, file_market, rows_of, text_of
from tests.properties.worlds import Document, Lived, live, market

PRECISION = 1e-6


def halved(document: Document, whole: str, halves: tuple[str, str]) -> Document:
    """A segment as two like it: its spend, the half-points of its levers' responses, and its size halved."""
    split = deepcopy(document)
    segment = split["segments"].pop(whole)
    split["segments"] |= {half: deepcopy(segment) for half in halves}
    for offer in split["offers"].values():
        if whole in offer.get("segments", {}):
            own = offer["segments"].pop(whole)
            offer["segments"] |= dict.fromkeys(halves, own)
    for lever in split["levers"].values():
        _halve(lever.get("today", {}), whole, halves)
        if "hill" in lever["response"]:
            lever["response"]["hill"]["half"] /= 2
    for allocation in split["allocations"].values():
        for spend in allocation.values():
            _halve(spend, whole, halves)
    return split


def _halve(spend: dict[str, Any], whole: str, halves: tuple[str, str]) -> None:
    if whole in spend:
        money = spend.pop(whole)
        spend |= dict.fromkeys(halves, money / 2)


def alone(document: Document, segment: str) -> Document:
    """The document with one segment only: a lever's curve is one for all segments, and splitting halves it."""
    kept = deepcopy(document)
    kept["segments"] = {segment: kept["segments"][segment]}
    for offer in kept["offers"].values():
        offer.pop("segments", None)
    kept["levers"] = {name: lever for name, lever in kept["levers"].items() if lever["target"] != "retention"}
    for lever in kept["levers"].values():
        lever["today"] = {s: money for s, money in lever.get("today", {}).items() if s == segment}
    for name, allocation in kept["allocations"].items():
        funded = {lever: spend for lever, spend in allocation.items() if lever in kept["levers"]}
        kept["allocations"][name] = {
            lever: {key: v for key, v in spend.items() if key in (segment, "from", "until")}
            for lever, spend in funded.items()
            if segment in spend
        }
    return kept


def of_rivals(lived: Lived) -> np.ndarray:
    """[C, R, K] currency."""
    return rival_valuation(lived.ledger, lived.tables.economics, lived.tables.rivals, lived.tables.axes).value


@pytest.mark.parametrize("segment", ["affluent", "mass"])
def test_a_segment_split_in_two_is_the_segment(segment: str) -> None:
    document = alone(file_market(mode="expected"), segment)
    rows = [row for row in rows_of(weight=2) if row["segment"] == segment]
    halves = ("part one", "another part")
    split_rows: list[Row] = [
        row | {"id": f"{row['id']}/{half}", "segment": half, "weight": 1} for row in rows for half in halves
    ]
    one, two = live(document, text_of(rows)), live(halved(document, segment, halves), text_of(split_rows))
    np.testing.assert_allclose(two.customers.sum(axis=3), one.customers.sum(axis=3), rtol=PRECISION)
    for part in ("customers", "programmes"):
        whole = getattr(one.valuation, part).sum(axis=2) / one.valuation.money_scale
        parts = getattr(two.valuation, part).sum(axis=2) / two.valuation.money_scale
        np.testing.assert_allclose(parts, whole, rtol=PRECISION)
    np.testing.assert_allclose(of_rivals(two), of_rivals(one), rtol=PRECISION)
    size = np.abs(one.valuation.customers).sum(axis=(2, 3)) / one.valuation.money_scale  # the whole nearly cancels
    assert (np.abs(two.enterprise_value - one.enterprise_value) <= PRECISION * size).all()
    np.testing.assert_allclose(two.opening.inertia, np.repeat(one.opening.inertia, 2), rtol=1e-9)
    # every customer, half by half
    values = {label: one.ledger.customer_value[:, i] for i, label in enumerate(one.portfolio.population.labels)}
    for i, label in enumerate(two.portfolio.population.labels):
        own = two.ledger.customer_value[:, i] / two.ledger.money_scale * 2
        wanted = values[label.split("/")[0]] / one.ledger.money_scale
        np.testing.assert_allclose(own, wanted, rtol=2e-6, atol=1e-3)
    value = one.enterprise_value[:, 0]
    assert len(set(value.tolist())) == len(value)


@pytest.mark.parametrize("weight", [2, 7])
def test_a_row_of_weight_n_is_n_customers(weight: int) -> None:
    document = file_market(mode="expected")
    few = rows_of(weight=weight)
    many: list[Row] = [row | {"id": f"{row['id']}:{c}", "weight": 1} for row in few for c in range(weight)]
    one, other = live(document, text_of(few)), live(document, text_of(many))
    np.testing.assert_allclose(one.customers, other.customers, rtol=PRECISION, atol=1e-5)
    np.testing.assert_allclose(one.enterprise_value, other.enterprise_value, rtol=PRECISION)
    ours, theirs = (
        each.valuation.mean_of_sum(each.valuation.published_customers) for each in (one, other)
    )  # [C, S, 2]
    np.testing.assert_allclose(ours, theirs, rtol=PRECISION)
    np.testing.assert_allclose(one.opening.constants, other.opening.constants, atol=1e-9)


def test_weights_are_individuals_in_sampled_mode() -> None:
    """There a row of weight n is expanded; the first of the n keeps the row's luck."""
    document = file_market(mode="sampled", replications=3)
    lived = live(document, text_of(rows_of(weight=3)))
    assert len(lived.portfolio.population.ids) == 3 * 120
    assert set(lived.portfolio.population.weight) == {1.0}
    assert lived.customers.sum(axis=(3, 4)).min() == 3 * 120


def scaled(document: Document, by: float) -> Document:
    """Every amount of money times `by`; prices are ratios, and stay."""
    other = deepcopy(document)
    for field in ("net_debt", "other_assets", "overhead"):
        other["company"][field] *= by
    for segment in other["segments"].values():
        if isinstance(segment["revenue"], dict):
            segment["revenue"]["lognormal"]["mean"] *= by
        else:
            segment["revenue"] *= by
        for touchpoint in segment.get("cost_to_serve", {}).values():
            touchpoint["cost"] *= by
        if not isinstance(segment["capital"], str):
            segment["capital"] *= by
        cost = segment.get("acquisition_cost")
        if cost is not None:
            segment["acquisition_cost"] = {**cost, "money": cost["money"] * by} if isinstance(cost, dict) else cost * by
    for lever in other["levers"].values():
        lever["today"] = {segment: money * by for segment, money in lever.get("today", {}).items()}
        if "hill" in lever["response"]:
            lever["response"]["hill"]["half"] *= by
    for allocation in other["allocations"].values():
        for spend in allocation.values():
            spend |= {key: money * by for key, money in spend.items() if key not in ("from", "until")}
    return other


def money_of(lived: Lived) -> dict[str, np.ndarray]:
    """Every published amount of money."""
    worth, scale = lived.valuation, lived.valuation.money_scale
    fields = ("customers", "programmes", "unallocated", "enterprise_value", "equity", "opening_capital")
    found = {field: getattr(worth, field) / scale for field in fields}
    found["rivals"] = of_rivals(lived)
    found |= {"per share": worth.value_per_share, "profit": worth.economic_profit, "revenue": lived.opening.revenue}
    return found | {"customer by customer": lived.ledger.customer_value / scale}


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("by", [4.0, 3.0, 1000.0, 0.01])
def test_money_times_a_number_is_value_times_the_number(mode: str, by: float) -> None:
    document = market(mode=mode)
    before, after = live(document), live(scaled(document, by))
    assert np.array_equal(before.ledger.count, after.ledger.count)
    ours, theirs = money_of(before), money_of(after)
    for name, money in ours.items():
        np.testing.assert_allclose(theirs[name], by * money, rtol=1e-7, atol=1e-7 * np.abs(by * money).max())
