"""Contract customers whom money converts: closed forms, both modes, what may not change, and in which direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import CONVERTED, UNDER_CONTRACT
from tests.properties.worlds import Lived, live, market

STEPS = {"month": ("2026-01", 1 / 12), "quarter": ("2026-Q1", 1 / 4), "year": ("2026", 1.0)}
HAZARD, LONGER = 0.6, 0.1
SIZE = 400
MONTHLY, YEARLY = 0, 1  # segments


def contracts(allocations: dict[str, Any], *, causal: float = 0.5, step: str = "quarter", **changes: Any) -> Any:
    """Customers on short and on long contracts, and a lever that moves the first."""
    document = market(**{"mode": "expected", **changes.pop("simulation", {})})
    contract = {"dynamics": "contract", "size": SIZE, "revenue": 600, "margin": "60%", "capital": "20% of revenue"}
    lever = {
        "target": "convert",
        "from": "monthly",
        "to": "yearly",
        "causal": causal,
        "response": {"hill": {"max": 3, "half": 1000, "shape": 1}},
    }
    care = {"target": "retention", "response": {"hill": {"max": 1, "half": 1000, "shape": 1}}}
    document |= {
        "calendar": {"start": STEPS[step][0], "step": step, "periods": 12},
        "segments": {
            "monthly": contract | {"hazard": {"constant": changes.pop("hazard", HAZARD)}},
            "yearly": contract | {"hazard": {"constant": changes.pop("longer", LONGER)}},
        },
        "levers": {"upgrade": lever, "care": care},
        "allocations": allocations,
        "moves": {"quiet": {}},
    }
    for block in ("offers", "rivals", "needs"):
        document.pop(block, None)
    return document | changes


BOTH = {"baseline": {}, "upgrade": {"upgrade": {"monthly": 1000}}}


def states(lived: Lived, cell: int, segment: int = MONTHLY) -> np.ndarray:
    """[R, T + 1, states] customers."""
    return np.asarray(lived.ledger.count[cell, :, :, segment].sum(axis=-1) / lived.ledger.count_scale)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("causal", [0.0, 0.5, 1.0])
def test_constant_hazards_are_a_markov_chain_of_two_states(step: str, causal: float) -> None:
    """Under contract: convert or not, and leave or not; converted: leave at the hazard that is left."""
    years = STEPS[step][1]
    found = states(live(contracts(BOTH, causal=causal, step=step)), 1)[0]
    wanted = chain(HAZARD * years, LONGER * years, causal, 1 - np.exp(-1.5 * years))  # half of 300 % a year
    np.testing.assert_allclose(found[:, [UNDER_CONTRACT, CONVERTED]], wanted, rtol=1e-5, atol=1e-6)


def chain(own: float, other: float, causal: float, convert: float) -> np.ndarray:
    """[13, 2] customers who have not converted, and who have, from hazards of a period; who converts in one has the
    mean of both in it."""
    left = (1 - causal) * own + causal * other
    found = [(float(SIZE), 0.0)]
    for _ in range(12):
        under, converted = found[-1]
        moved = under * convert * np.exp(-(own + left) / 2)
        found.append((under * (1 - convert) * np.exp(-own), converted * np.exp(-left) + moved))
    return np.array(found)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize(("segment", "causal"), [("monthly", 1.0), ("yearly", 1.0), ("monthly", 0.5), ("yearly", 0.5)])
def test_moves_and_levers_reach_the_converted_by_what_they_take_on(segment: str, causal: float, mode: str) -> None:
    """Each part of a converted customer's hazard moves with the market and the levers of the segment it is of."""
    document = contracts(
        {"both": {"upgrade": {"monthly": 1000}, "care": {segment: 1000}}},
        causal=causal,
        simulation={"mode": mode, "replications": 400},
    )
    document["moves"] = {"promotion": [{"at": "2026-Q1", "change": {"hazard": 4}, "segments": [segment]}]}
    hazards = {"monthly": HAZARD / 4, "yearly": LONGER / 4}
    hazards[segment] *= 5 * np.exp(-0.5)  # half of 100 %
    wanted = chain(hazards["monthly"], hazards["yearly"], causal, 1 - np.exp(-1.5 / 4))
    found = states(live(document), 0)[..., [UNDER_CONTRACT, CONVERTED]]
    if mode == "expected":
        np.testing.assert_allclose(found[0], wanted, rtol=1e-5, atol=1e-6)
    else:
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        assert (np.abs(found.mean(axis=0) - wanted) <= 4 * error + 1e-3).all()


def test_a_promotion_beside_does_not_touch_who_has_wholly_converted() -> None:
    """At causal 100 % the chance to stay of who has converted is the other segment's, whatever happens to its own."""
    document = contracts({"upgrade": {"upgrade": {"until": "2026-Q4", "monthly": 5000}}}, causal=1.0)
    document["moves"]["promotion"] = [{"at": "2027-Q1", "change": {"hazard": 4}, "segments": ["monthly"]}]
    converted = [states(live(document), cell)[0, :, CONVERTED] for cell in (0, 1)]
    np.testing.assert_allclose(converted[1], converted[0], rtol=1e-6)
    assert converted[0][3] > 10


def test_a_run_off_has_the_moves_of_both_contracts() -> None:
    """A promotion that never ends is part of the run-off of who has converted, as of who has not."""
    allocations = {"upgrade": {"upgrade": {"until": "2026-Q4", "monthly": 2000}}}
    document = contracts(allocations)
    document["moves"] = {"promotion": [{"at": "2026-Q2", "change": {"hazard": 1}, "segments": ["yearly"]}]}
    document["company"] |= {"residual": {"method": "run_off"}, "overhead": 0}
    later = document | {"calendar": document["calendar"] | {"periods": 36}}
    short, long = (live(each).valuation for each in (document, later))
    assert long.equity[0, 0] / long.money_scale == pytest.approx(short.equity[0, 0] / short.money_scale, rel=1e-6)


def test_the_length_of_periods_changes_the_converted_to_the_second_order() -> None:
    """After three years, against continuous time: the error of a month is some ninth of that of a quarter."""
    kept = {
        step: states(live(contracts(BOTH, step=step) | {"calendar": calendar}), 1)[0, -1, [UNDER_CONTRACT, CONVERTED]]
        for step, calendar in {
            step: {"start": start, "step": step, "periods": round(3 / years)} for step, (start, years) in STEPS.items()
        }.items()
    }
    both, left = HAZARD + 1.5, HAZARD - 0.5 * (HAZARD - LONGER)
    continuous = 1.5 / (both - left) * (np.exp(-3 * left) - np.exp(-3 * both))
    found = {step: abs(customers[1] / SIZE / continuous - 1) for step, customers in kept.items()}
    assert found["month"] < found["quarter"] / 5 < found["year"] / 25
    assert found["quarter"] < 0.003


def test_a_decision_is_worth_much_the_same_on_any_calendar() -> None:
    """What six years of conversions add to value: by quarter and by year within 2 % of by month."""
    gained = {}
    for step, (start, years) in STEPS.items():
        calendar = {"start": start, "step": step, "periods": round(6 / years)}
        valuation = live(contracts(BOTH, step=step) | {"calendar": calendar}).valuation
        without, converting = (valuation.enterprise_value[:, 0] / valuation.money_scale).tolist()
        gained[step] = converting - without
    assert gained["month"] > 0
    assert gained["quarter"] == pytest.approx(gained["month"], rel=0.02)
    assert gained["year"] == pytest.approx(gained["month"], rel=0.02)


def test_short_periods_approach_continuous_time() -> None:
    """Two competing hazards: who has not left after a year, by month, to the second order of a month."""
    both, left = HAZARD + 1.5, HAZARD - 0.5 * (HAZARD - LONGER)
    never = np.exp(-both)
    converted = 1.5 / (both - left) * (np.exp(-left) - np.exp(-both))
    found = states(live(contracts(BOTH, step="month")), 1)[0, 12, [UNDER_CONTRACT, CONVERTED]]
    np.testing.assert_allclose(found / SIZE, [never, converted], rtol=3e-4)


def test_sampled_paths_have_the_expected_mean() -> None:
    """Within 4 standard errors at every period's end, by state and in value; a fixed seed."""
    document = contracts(BOTH | {"stop": {"upgrade": {"until": "2026-Q3", "monthly": 3000}, "care": {"monthly": 500}}})
    document["moves"]["rush"] = [{"at": "2026-Q3", "until": "2027-Q1", "change": {"hazard": 0.5}}]
    expected = live(document)
    drawn = live(document | {"simulation": {"seed": 3, "mode": "sampled", "replications": 400}})
    for cell in range(len(expected.tables.axes.cells)):
        wanted, found = states(expected, cell)[0], states(drawn, cell)
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        assert (np.abs(found.mean(axis=0) - wanted) <= 4 * error + 1e-3).all()
    assert states(expected, 4)[0, -1, CONVERTED] > 10
    wanted, found = expected.valuation.enterprise_value[:, 0], drawn.valuation.enterprise_value
    error = found.std(axis=1, ddof=1) / np.sqrt(found.shape[1])
    wanted = wanted / expected.valuation.money_scale * drawn.valuation.money_scale
    assert (np.abs(found.mean(axis=1) - wanted) <= 4 * error).all()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_a_lever_without_money_changes_nothing(mode: str) -> None:
    """To the bit: with the lever and without, and the cells beside an allocation that spends on it."""
    simulation = {"mode": mode, "replications": 8}
    allocations = {"baseline": {}, "care": {"care": {"monthly": 700}}}
    bare = contracts(allocations, simulation=simulation)
    del bare["levers"]["upgrade"]
    without, idle = live(bare), live(contracts(allocations, simulation=simulation))
    beside = live(contracts(allocations | {"upgrade": {"upgrade": {"monthly": 1000}}}, simulation=simulation))
    for field in ("count", "revenue", "joins", "leaves"):
        wanted = getattr(without.ledger, field)
        np.testing.assert_array_equal(getattr(idle.ledger, field), wanted)
        np.testing.assert_array_equal(getattr(beside.ledger, field)[:2], wanted)
    np.testing.assert_array_equal(idle.ledger.customer_value, without.ledger.customer_value)
    np.testing.assert_array_equal(beside.ledger.customer_value[..., :2], without.ledger.customer_value)
    np.testing.assert_array_equal(idle.valuation.enterprise_value, without.valuation.enterprise_value)
    assert (beside.ledger.count[2] != beside.ledger.count[0]).any()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_the_contract_does_not_cause_changes_nothing_but_the_cost(mode: str) -> None:
    lived = live(contracts(BOTH, causal=0.0, simulation={"mode": mode, "replications": 8}))
    ledger = lived.ledger
    assert ledger.count[1, :, -1, MONTHLY, CONVERTED].sum() > 0
    if mode == "sampled":
        np.testing.assert_array_equal(ledger.leaves[1], ledger.leaves[0])
    np.testing.assert_allclose(ledger.leaves[1], ledger.leaves[0], rtol=1e-5)
    for field, rtol in (("count", 1e-5), ("revenue", 1e-5)):
        ours = getattr(ledger, field)[:, :, :, :, :3].sum(axis=4)
        np.testing.assert_allclose(ours[1], ours[0], rtol=rtol)
    customers = lived.valuation.customers.sum(axis=(2, 3))
    np.testing.assert_allclose(customers[1], customers[0], rtol=1e-5)
    assert (lived.valuation.enterprise_value[1] < lived.valuation.enterprise_value[0]).all()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_more_money_never_loses_customers_where_the_other_contract_is_left_less(mode: str) -> None:
    """In every replication, for the luck is the same: whoever converts at less money has converted at more."""
    spend = {f"at {money}": {"upgrade": {"monthly": money}} for money in (0, 200, 800, 5000)}
    lived = live(contracts(spend, simulation={"mode": mode, "replications": 8}))
    rounding = 0 if mode == "sampled" else 1e-6 * SIZE * lived.ledger.count_scale  # float32 probabilities
    ours = lived.ledger.count[:, :, :, MONTHLY, :3].sum(axis=(3, 4))
    assert (np.diff(ours, axis=0) >= -rounding).all()
    assert (ours[-1, :, -1] > ours[0, :, -1]).all()
    raised = live(contracts(spend, hazard=LONGER, longer=HAZARD, simulation={"mode": mode, "replications": 8}))
    ours = raised.ledger.count[:, :, :, MONTHLY, :3].sum(axis=(3, 4))
    assert (np.diff(ours, axis=0) <= rounding).all()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_the_other_segment_is_as_it_was(mode: str) -> None:
    lived = live(contracts(BOTH, simulation={"mode": mode, "replications": 8}))
    np.testing.assert_array_equal(lived.ledger.count[1, :, :, YEARLY], lived.ledger.count[0, :, :, YEARLY])
    assert lived.ledger.count[..., YEARLY, CONVERTED, :].sum() == 0


def test_a_run_off_keeps_who_has_converted() -> None:
    """Simulated for three years or for nine, with the money gone after one: the value is the same."""
    allocations = {"upgrade": {"upgrade": {"until": "2026-Q4", "monthly": 2000}}}
    document = contracts(allocations)
    document["company"] |= {"residual": {"method": "run_off"}, "overhead": 0}
    later = document | {"calendar": document["calendar"] | {"periods": 36}}
    short, long = (live(each).valuation for each in (document, later))
    assert long.equity[0, 0] / long.money_scale == pytest.approx(short.equity[0, 0] / short.money_scale, rel=1e-6)
