"""Identity 7: what does not differ shares the market equally, and nobody gains by getting worse."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.worlds import Document, Lived, live, market, random_market

SMALLEST = 1e-6  # of the market: what float32 vectors may gain or lose
WORSE = {"rate": -1, "service": -1, "price": 0.5, "knowledge": -1}  # the direction of getting worse


def equal_market(suppliers: list[str], **simulation: object) -> Document:
    """One segment in which nothing tells the suppliers apart, not even inertia."""
    document = market(**simulation)
    document["segments"] = {"affluent": document["segments"]["affluent"]}
    segment = document["segments"]["affluent"]
    for calibrated in ("shares", "churn"):
        del segment[calibrated]
    segment |= {"constants": dict.fromkeys(suppliers, 0.7), "inertia": 0}
    document["offers"] = {name: {"price": 100, "rate": 5, "service": 5} for name in suppliers if name != "none"}
    document["company"]["knowledge"] = 0.4
    document["rivals"] = {name: {"knowledge": 0.4} for name in suppliers if name not in ("us", "none")}
    document["levers"], document["allocations"], document["moves"] = {}, {"baseline": {}}, {"quiet": {}}
    if "none" in suppliers:  # the outside option offers nothing, so that offers must be worth nothing
        segment |= {"points_worth": 0, "tailoring": 0, "price_sensitivity": 0}
    return document


@pytest.mark.parametrize("suppliers", [["us", "a"], ["us", "a", "b", "none"], ["us", "a", "b", "c", "d", "e", "none"]])
def test_equal_offers_without_inertia_share_equally(suppliers: list[str]) -> None:
    lived = live(equal_market(suppliers))
    share = lived.customers[0, 0, :, 0] / 120
    there = lived.tables.segments.available[0]
    assert there.sum() == len(suppliers)
    np.testing.assert_allclose(share[:, there], 1 / len(suppliers), atol=1e-6)
    np.testing.assert_allclose(lived.opening.shares[0, there], 1 / len(suppliers), rtol=1e-12)


def test_equal_offers_without_inertia_are_drawn_equally() -> None:
    """Within 4 standard errors of 1,000 replications, at 45 comparisons of one chance in 16,000."""
    suppliers = ["us", "a", "b", "c", "none"]
    lived = live(equal_market(suppliers, mode="sampled", replications=1000, customer_values=False))
    customers = lived.customers[0, :, :, 0]
    error = customers.std(axis=0, ddof=1) / np.sqrt(1000)
    assert (np.abs(customers.mean(axis=0) - 120 / len(suppliers)) <= 4 * error).all()


def totals(lived: Lived, move: str) -> np.ndarray:
    """[T + 1, S, J] customers after a move, less those without it."""
    return lived.customers[lived.cell("baseline", move), 0] - lived.customers[lived.cell("baseline"), 0]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 1000),
    who=st.sampled_from(["atlas", "neo"]),
    what=st.sampled_from(sorted(WORSE)),
    by=st.floats(0.01, 1.5),
    at=st.sampled_from(["2026-Q1", "2026-Q4"]),
    more=st.sampled_from(["quiet", "attack"]),
)
def test_a_rival_never_gains_by_getting_worse(seed: int, who: str, what: str, by: float, at: str, more: str) -> None:
    document = random_market(seed, customer_values=False)
    document["rivals"] = {name: {"knowledge": 0.6} for name in ("atlas", "neo")}
    document["allocations"] = {"baseline": {}}
    attack = document["moves"]["attack"] if more == "attack" else []
    by = min(by, 1) if what == "knowledge" else by  # it has a scale from 0 to 1
    worsened = {"who": who, "at": at, "change": {what: WORSE[what] * by}}
    document["moves"] = {"quiet": attack, "worse": [*attack, worsened]}
    lived = live(document)
    gained = totals(lived, "worse")
    j = lived.tables.axes.suppliers.index(who)
    assert gained[..., j].max() <= SMALLEST * 150
    others = np.delete(gained, j, axis=-1)
    assert others.sum(axis=-1).min() >= -SMALLEST * 150


@settings(max_examples=30)
@given(
    seed=st.integers(0, 1000),
    target=st.sampled_from(["rate", "service", "price"]),
    by=st.floats(0.01, 1.5),
    start=st.sampled_from(["2026-Q1", "2026-Q4"]),
)
def test_we_never_gain_by_getting_worse(seed: int, target: str, by: float, start: str) -> None:
    document = random_market(seed, customer_values=False)
    effect = WORSE[target] * by
    document["levers"] = {"neglect": {"target": target, "response": {"hill": {"max": effect, "half": 10}}}}
    spend = {"from": start, "affluent": 1000, "mass": 20}
    document["allocations"], document["moves"] = {"baseline": {}, "neglect": {"neglect": spend}}, {"quiet": {}}
    lived = live(document)
    gained = lived.customers[lived.cell("neglect"), 0] - lived.customers[lived.cell("baseline"), 0]
    assert gained[..., 0].max() <= SMALLEST * 150


@pytest.mark.parametrize("seed", range(3))
def test_getting_much_worse_loses_customers(seed: int) -> None:
    """The properties above are not true only because nothing ever happens."""
    document = random_market(seed, customer_values=False)
    document["segments"]["affluent"]["price_sensitivity"] = 3
    document["moves"] = {"quiet": {}}
    for what, by in WORSE.items():
        document["moves"][what] = [{"who": "atlas", "at": "2026-Q1", "change": {what: by}}]
    document["rivals"] = {"atlas": {"knowledge": 1}}
    document["segments"]["affluent"]["tailoring"] = 2
    lived = live(deepcopy(document))
    for what in WORSE:
        assert totals(lived, what)[-1, 0, 1] < -0.1, what
