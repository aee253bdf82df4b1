"""The direction guarantee: a review that ends differently in two cells ends at the offer that rose between them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties.worlds import live, market, random_market

HILL = {"hill": {"max": 0, "half": 1000, "shape": 1}}
SPEND = {"affluent": 3000, "mass": 3000}
LEVERS: dict[str, dict[str, Any]] = {
    "cheaper": {"target": "price", "response": {"hill": {**HILL["hill"], "max": -0.3}}},
    "dearer": {"target": "price", "response": {"hill": {**HILL["hill"], "max": 0.4}}},
    "wins": {"target": "acquisition", "response": {"hill": {**HILL["hill"], "max": 2}}},
    "puts off": {"target": "acquisition", "response": {"hill": {**HILL["hill"], "max": -0.8}}},
    "binds": {"target": "inertia", "response": {"hill": {**HILL["hill"], "max": 1.5}}},
    "unbinds": {"target": "inertia", "response": {"hill": {**HILL["hill"], "max": -1.5}}},
    "serves": {"target": "service", "response": {"hill": {**HILL["hill"], "max": 3}}},
    "hardly": {"target": "service", "response": {"hill": {**HILL["hill"], "max": 1e-5}}},
}


@pytest.mark.parametrize("seed", [21, 22, 23])
@pytest.mark.parametrize("alike", [False, True], ids=["own segments", "no stages"])
def test_nobody_switches_to_an_offer_that_did_not_rise(seed: int, alike: bool) -> None:
    document = random_market(seed, mode="sampled", replications=60, customer_values=False)
    document["levers"] = LEVERS
    document["allocations"] = {"baseline": {}, **{name: {name: SPEND} for name in LEVERS}}
    document["allocations"]["everything"] = dict.fromkeys(("cheaper", "wins", "binds", "serves"), SPEND)
    if alike:
        for name in ("affluent", "mass"):
            document["segments"][name]["stages"] = {"inertia": [1, 1, 1]}
    lived = live(document)
    shared, violations, later = (lived.ledger.direction[..., k].sum(axis=1) for k in range(3))
    assert violations.sum() == 0
    others = [c for c, (allocation, _) in enumerate(lived.tables.axes.cells) if allocation != "baseline"]
    assert (shared[others] > 5000).all()
    assert later[[c for c in others if lived.tables.axes.cells[c][0] != "hardly"]].min() > 0
    baseline = [c for c, (allocation, _) in enumerate(lived.tables.axes.cells) if allocation == "baseline"]
    assert shared[baseline].sum() == later[baseline].sum() == 0


def test_who_is_lured_goes_where_it_is_better() -> None:
    """From the same opening, in the first period, a lower price can only win customers and a higher one only lose."""
    document = market(mode="sampled", replications=200, customer_values=False)
    document["levers"], document["moves"] = LEVERS, {"quiet": {}}
    document["allocations"] = {"baseline": {}, "cheaper": {"cheaper": SPEND}, "dearer": {"dearer": SPEND}}
    lived = live(document)
    ours = lived.customers[:, :, 1, :, 0]
    base, cheaper, dearer = (ours[lived.cell(name)] for name in document["allocations"])
    assert (cheaper >= base).all()
    assert (dearer <= base).all()
    assert cheaper.sum() > base.sum() > dearer.sum()


def test_no_reviews_are_shared_where_nobody_reviews_again() -> None:
    document = market(mode="sampled", replications=2)
    document["segments"] = {"signed": document["segments"]["signed"]}
    document["levers"], document["moves"] = {"care": document["levers"]["care"]}, {"quiet": {}}
    document["offers"] = {"us": {"price": 1}}
    document["needs"] = []
    document["allocations"] = {"baseline": {}, "care": {"care": {"signed": 3000}}}
    assert live(document).ledger.direction.sum() == 0
