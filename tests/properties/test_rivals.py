"""A rival is a company like ours: seen from the other side, its value is ours and ours is its."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.valuation.rivals import rival_lines, rival_valuation
from tests.properties.worlds import Lived, live, market, random_market

PRICE = {"hill": 100.0, "dale": 80.0}
ECONOMICS: dict[str, dict[str, Any]] = {
    "hill": {"margin": 0.55, "overhead": 9000, "capital": "12% of revenue", "uses": 3},
    "dale": {"margin": 0.40, "overhead": 2500, "capital": 35, "uses": 1},
}
JOINING = {"hill": 60, "dale": 25}
CONSTANT = {"hill": 0.4, "dale": -0.1}
LEVEL = {"hill": {"rate": 5, "service": 7}, "dale": {"rate": 7, "service": 4}}


def seen_from(company: str, timing: str, residual: dict[str, Any]) -> Lived:
    """Two suppliers and no outside option: `company` is us, the other one a rival named `other`."""
    other = next(name for name in PRICE if name != company)
    own, theirs = ECONOMICS[company], ECONOMICS[other]
    document = market(mode="expected")
    document["company"] |= {
        "overhead": own["overhead"], "timing": timing, "residual": residual, "knowledge": 0.3,
    }  # fmt: skip
    document["segments"] = {
        "homes": {
            "size": 60,
            "needs": {"rate": 0.4, "service": 0.6},
            "needs_spread": 0.2,
            "constants": {"us": CONSTANT[company], "other": CONSTANT[other]},
            "inertia": 1.5,
            "stages": {"inertia": [1, 1, 1]},
            "review": 0.7,
            "price_sensitivity": 3 * PRICE[company] / 100,
            "tailoring": 1,
            "revenue": 27 * PRICE[company],
            "margin": own["margin"],
            "cost_to_serve": {"call": {"uses": own["uses"], "cost": 11}},
            "capital": own["capital"],
            "acquisition_cost": JOINING[company],
        }
    }
    document["offers"] = {
        "us": {"price": PRICE[company], **LEVEL[company]},
        "other": {"price": PRICE[other], **LEVEL[other]},
    }
    document["rivals"] = {
        "other": {
            "knowledge": 0.3, "margin": theirs["margin"], "overhead": theirs["overhead"],
            "capital": theirs["capital"], "cost_to_serve": {"call": {"uses": theirs["uses"], "cost": 11}},
            "acquisition_cost": JOINING[other],
        }
    }  # fmt: skip
    document["levers"] = {}
    return live(document | {"allocations": {"baseline": {}}, "moves": {"quiet": {}, "costs": COSTS}})


COSTS = [{"at": "2026-Q3", "change": {"cost": 0.3, "review": 0.2}}]
RESIDUALS = [{"method": "none"}, {"method": "book"}, {"method": "fade", "years": 4}]


def of_rivals(lived: Lived) -> Any:
    return rival_valuation(lived.ledger, lived.tables.economics, lived.tables.rivals, lived.tables.axes).value


@pytest.mark.parametrize("timing", ["end", "mid"])
@pytest.mark.parametrize("residual", RESIDUALS, ids=lambda r: r["method"])
def test_the_rival_s_value_is_ours_from_its_own_side(timing: str, residual: dict[str, Any]) -> None:
    hill, dale = seen_from("hill", timing, residual), seen_from("dale", timing, residual)
    for one, other in ((hill, dale), (dale, hill)):
        worth = other.valuation
        assert of_rivals(one)[:, 0, 0] == pytest.approx(worth.enterprise_value[:, 0] / worth.money_scale, rel=2e-6)
    assert of_rivals(hill)[0, 0, 0] != pytest.approx(of_rivals(dale)[0, 0, 0], rel=0.01)


def test_a_run_off_says_nothing_of_rivals() -> None:
    assert np.isnan(of_rivals(seen_from("hill", "end", {"method": "run_off"}))).all()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("residual", RESIDUALS, ids=lambda r: r["method"])
def test_a_rival_that_is_our_image_is_worth_what_we_are(mode: str, residual: dict[str, Any]) -> None:
    """The same offer, share and economics; customers of ours are no other in any stage. To within luck where there is
    some."""
    document = market(mode=mode, replications=40, customer_values=False)
    document["company"] |= {"residual": residual, "knowledge": 0.2}
    segment = document["segments"]["affluent"] | {
        "shares": {"us": 0.4, "image": 0.4, "none": 0.2}, "stages": {"inertia": [1, 1, 1]}, "acquisition_cost": 60,
    }  # fmt: skip
    document["segments"] = {"affluent": segment}
    document["offers"] = dict.fromkeys(("us", "image"), document["offers"]["us"])
    document["rivals"] = {"image": {"knowledge": 0.2}}
    document |= {"levers": {}, "allocations": {"baseline": {}}, "moves": {"quiet": {}, "costs": COSTS}}
    lived = live(document)
    ours, image = lived.enterprise_value, of_rivals(lived)[..., 0]  # [C, R]
    if mode == "expected":
        np.testing.assert_allclose(image, ours, rtol=2e-6)
    else:
        error = (image - ours).std(axis=1, ddof=1) / np.sqrt(40)
        assert (np.abs((image - ours).mean(axis=1)) <= 4 * error).all()
        assert error.min() > 0


PROGRAMMES: dict[str, Any] = {
    "outreach": {"affluent": 3000},
    "discount": {"affluent": 2000},
    "bundle": {"from": "2026-Q3", "affluent": 3000},
    "lean": {"affluent": 800},
    "advice": {"from": "2026-Q2", "until": "2027-Q1", "affluent": 4000},
    "design": {"affluent": {"groups": 3, "cost_per_group": 400}},
}


@pytest.mark.parametrize("lever", [*PROGRAMMES, "all"])
def test_our_image_gains_by_our_programme_what_we_gain(lever: str) -> None:
    """Spend and cost included: what we gain by it while the image is quiet, and it while we are."""
    document = market(mode="expected", customer_values=False)
    document["company"] |= {"residual": {"method": "fade", "years": 4}, "knowledge": 0.2}
    segment = document["segments"]["affluent"] | {
        "shares": {"us": 0.4, "image": 0.4, "none": 0.2}, "stages": {"inertia": [1, 1, 1]}, "acquisition_cost": 60,
    }  # fmt: skip
    document["segments"] = {"affluent": segment}
    document["offers"] = dict.fromkeys(("us", "image"), document["offers"]["us"])
    document["rivals"] = {"image": {"knowledge": 0.2}}
    levers = {name: document["levers"][name] for name in PROGRAMMES if name in document["levers"]}
    levers["outreach"] = levers["outreach"] | {"today": {}}  # nobody spends anything today
    response = {"hill": {"max": 2, "half": 4000, "shape": 1}}
    document["levers"] = levers | {"advice": {"target": "service", "carry_over": 0.6, "response": response}}
    programme = PROGRAMMES if lever == "all" else {lever: PROGRAMMES[lever]}
    document["allocations"] = {"baseline": {}, "ours": programme}
    begins = programme[lever].get("from", "2026-Q1") if lever != "all" else "2026-Q1"
    document["moves"] = {"quiet": {}, "image": [{"who": "image", "at": begins, "like": "ours"}]}
    lived = live(document)
    quiet = lived.cell("baseline")
    ours, image = lived.enterprise_value[:, 0], of_rivals(lived)[:, 0, 0]  # [C]
    gain = ours[lived.cell("ours")] - ours[quiet]
    assert abs(gain) > 100
    assert image[lived.cell("baseline", "image")] - image[quiet] == pytest.approx(gain, rel=1e-5, abs=0.1)
    assert image[lived.cell("ours")] - image[quiet] == pytest.approx(
        ours[lived.cell("baseline", "image")] - ours[quiet], rel=1e-5, abs=0.1
    )


@pytest.mark.parametrize("seed", [5, 6])
def test_rivals_earn_the_same_in_every_year_in_which_nobody_acts(seed: int) -> None:
    document = random_market(seed, mode="expected", customer_values=False)
    document["calendar"]["periods"] = 40
    document["rivals"] = {"neo": {"margin": 0.3, "overhead": 4000, "capital": 55, "acquisition_cost": 20}}
    document |= {"allocations": {"baseline": {}}, "moves": {"quiet": {}}}
    lived = live(document)
    lines = rival_lines(lived.ledger, lived.tables.economics, lived.tables.rivals, lived.tables.axes)
    for line in lines:
        total = line[0, 0].sum(axis=1)  # [T, K]
        np.testing.assert_allclose(total, np.broadcast_to(total[0], total.shape), rtol=1e-4)
    contract = lived.tables.segments.contract
    assert (lines.revenue[..., contract, :] == 0).all()
    assert (lines.revenue[..., ~contract, :] > 0).all()


def test_a_price_cut_costs_the_rival_its_revenue_and_no_goods() -> None:
    """Where nobody cares for price: a fifth less for the same customers, at the same cost."""
    document = market(mode="expected")
    document["company"] |= {"residual": {"method": "none"}, "timing": "end"}
    for segment in ("affluent", "mass"):
        document["segments"][segment] |= {"price_sensitivity": 0, "capital": 0}
    document["allocations"] = {"baseline": {}}
    document["moves"] = {"quiet": {}, "cheap": [{"who": "atlas", "at": "2026-Q1", "change": {"price": -0.2}}]}
    lived = live(document)
    quiet, cheap = of_rivals(lived)[:, 0, 0]
    ledger, axes, economics = lived.ledger, lived.tables.axes, lived.tables.economics
    listed = ledger.revenue[0, 0, 1:, :, 3].sum(axis=-1) / ledger.money_scale  # atlas is the first rival
    revenue = (listed * lived.tables.rivals.price_ratio_today[:, 0]).sum(axis=1) * axes.years_per_period
    v = 1 / (1 + economics.discount_rate_per_period)
    lost = 0.2 * (1 - economics.tax_rate) * sum(r * v ** (t + 1) for t, r in enumerate(revenue))
    assert quiet - cheap == pytest.approx(lost, rel=1e-6)


def test_a_rival_that_states_nothing_has_our_economics() -> None:
    lived = live(market())
    rivals = lived.tables.rivals
    assert rivals.overhead.tolist() == [20_000, 20_000]
    assert rivals.margin.tolist() == [[0.58, 0.58], [0.5, 0.5], [0.5, 0.5]]
    assert rivals.acquisition_cost.tolist() == [[240, 240], [60, 60], [0, 0]]
    assert rivals.capital_of_revenue.tolist() == [[0.12, 0.12], [0, 0], [0, 0]]
    assert rivals.capital_per_customer.tolist() == [[0, 0], [40, 40], [100, 100]]
