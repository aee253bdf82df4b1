"""Segments and offers that do not fit together. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

CASES: dict[str, Case] = {
    "shares that do not sum to one": (
        [("shares: {us: 34%", "§shares: {us: 44%")],
        [("shares that sum to 110%", "a sum of 100%", "take away 10%: none: 13% would do")],
    ),
    "a trend beside constants": (
        [("    inertia: 0.5\n", "    inertia: 0.5\n    §share_trend: {us: 1%}\n")],
        [("`share_trend` without shares", "shares and churn", "leave it out")],
    ),
    "a trend of who has no share": (
        [("    churn: 7%", "    churn: 7%\n    share_trend: {§altas: 1%}")],
        [("`altas`, which has no share", "us, atlas or none", "did you mean 'atlas'?")],
    ),
    "trends of everybody that do not balance": (
        [("    churn: 7%", "    churn: 7%\n    §share_trend: {us: 0, atlas: 10%, none: 0}")],
        [("shares that sum to 104.3% in a year", "a sum of 100%", "leave out one supplier")],
    ),
    "a trend that leaves nothing to others": (
        [("    churn: 7%", "    churn: 7%\n    §share_trend: {us: 100%, none: 100%}")],
        [("shares that sum to 114% in a year", "something must be left for atlas", "")],
    ),
    "churn below our decline": (
        [("    churn: 7%", "    churn: §7%\n    share_trend: {us: -8%}")],
        [("churn 7% while our share falls by 8%", "churn above 8%", "raise churn")],
    ),
    "weights that do not sum to one": (
        [("needs: {rate: 0.4, service", "§needs: {rate: 0.3, service")],
        [("weights that sum to 90%", "a sum of 100%", "add 10%")],
    ),
    "an unknown need": (
        [("needs: {rate: 0.4, service", "needs: {rate: 0.4, §servce")],
        [("the unknown need `servce`", "rate or service", "did you mean 'service'?")],
    ),
    "no weights": (
        [("    needs: {rate: 1}\n", ""), ("  mass:", "  §mass:")],
        [("no weights", "what customers weigh", "")],
    ),
    "a spread too wide": ([("needs_spread: 0.15", "needs_spread: §0.6")], [("0.6", "a spread below 0.49", "")]),
    "a share of zero": (
        [("shares: {us: 34%, atlas: 43%, none: 23%}", "shares: {us: 34%, atlas: §0, none: 66%}")],
        [("0", "a share above 0", "leave atlas out")],
    ),
    "a supplier without an offer": (
        [("shares: {us: 34%, atlas: 43%", "shares: {us: 34%, §altas: 43%"), ("[affluent]", "[mass]")],
        [("`altas`, which has no offer", "us, atlas or none", "did you mean 'atlas'?")],
    ),
    "a rival without a share": (
        [("  us: {price: 100, rate: 5", "  §neo: {price: 80}\n  us: {price: 100, rate: 5")],
        [("`neo`", "a supplier with a share", "state its share")],
    ),
    "shares without churn": (
        [("  affluent:\n    size", "  §affluent:\n    size"), ("    churn: 7%\n", "")],
        [("`shares` without `churn`", "shares and churn, or constants and inertia", "state churn")],
    ),
    "shares and constants": (
        [("    churn: 7%", "    churn: 7%\n    §constants: {us: 1, none: 0}")],
        [("shares, churn and constants", "shares and churn, or", "leave out")],
    ),
    "shares and inertia": (
        [("    churn: 7%", "    §inertia: 1")],
        [("shares and inertia", "shares and churn, or", "")],
    ),
    "neither": (
        [
            ("    constants: {us: 0, atlas: 0.2, none: -1}\n    inertia: 0.5\n", ""),
            ("  mass:\n    size", "  §mass:\n    size"),
        ],
        [("neither", "shares and churn, or", "state shares")],
    ),
    "churn beyond review": (
        [("churn: 7%", "churn: §13%")],
        [("churn 13% with review 20%", "churn below 12.27%", "raise review, or lower churn")],
    ),
    "both hazards": (
        [("    hazard: {constant: 2%}", "    §hazard: {constant: 2%, §empirical: {}}")],
        [
            ("constant and empirical", "one of", ""),
            ("an empirical hazard and no customer file", "tenure and churned", "constant"),
        ],
    ),
    "a shape without a file to estimate it from": (
        [("{constant: 2%}", "{§shifted_beta_geometric: {}}")],
        [("a hazard to be estimated and no customer file", "tenure and churned", "write {alpha: 0.67, beta: 3.8}")],
    ),
    "one of two shapes": (
        [("{constant: 2%}", "{§shifted_beta_geometric: {beta: 3.8}}")],
        [("`beta` without `alpha`", "both, or neither", "state alpha, or write {} to estimate both")],
    ),
    "shapes that are none": (
        [("{constant: 2%}", "{shifted_beta_geometric: {alpha: §0, beta: §-1}}")],
        [("0", "a shape, at least 1e-06 and at most 1,000,000", ""), ("-1", "a shape", "")],
    ),
    "no hazard": (
        [("hazard: {constant: 2%}", "§hazard: {}")],
        [("no hazard", "one of constant, empirical and shifted_beta_geometric", "2%")],
    ),
    "no size": ([("    size: 2k\n", ""), ("  savers:\n", "  §savers:\n")], [("no `size`", "how many", "state size")]),
    "no revenue": ([("    revenue: 80\n", ""), ("  savers:\n", "  §savers:\n")], [("no `revenue`", "", "lognormal")]),
    "an unknown level": (
        [("atlas: {price: 98, rate: 6", "atlas: {price: 98, §rat: 3, rate: 6")],
        [("the unknown need `rat`", "rate, service or price", "did you mean 'rate'?")],
    ),
    "an offer to an unknown segment": (
        [("segments: {mass: {rate: 7}}", "segments: {§masss: {rate: 7}}")],
        [("the unknown segment `masss`", "mass", "did you mean 'mass'?")],
    ),
    "an offer where nobody chooses": (
        [("segments: {mass: {rate: 7}}", "segments: {§savers: {rate: 7}}")],
        [("an offer in the contract segment", "choice", "leave it out")],
    ),
    "a missing level": (
        [("  us: {price: 100, rate: 5, service: 7}", "  §us: {price: 100, rate: 5}")],
        [("no level of `service`", "customers in `affluent` weigh it", "such as service: 5")],
    ),
    "an offer of nobody": (
        [("  us: {price: 100, rate: 5", "  §none: {price: 1}\n  us: {price: 100, rate: 5")],
        [("an offer of `none`", "suppliers", "buy nowhere")],
    ),
    "us among rivals": (
        [("  atlas: {knowledge: 0.2}", "  §us: {knowledge: 0.2}")],
        [("`us`", "rivals", "under company")],
    ),
    "the outside option among rivals": (
        [("  atlas: {knowledge: 0.2}", "  §none: {margin: 40%}")],
        [("`none`", "rivals", "leave it out")],
    ),
    "economics of an unknown rival": (
        [("  atlas: {knowledge: 0.2}", "  §atlsa: {margin: 45%, overhead: 1k}")],
        [("`atlsa`", "a supplier with a share", "did you mean 'atlas'?")],
    ),
    "an unknown figure of a rival": (
        [("  atlas: {knowledge: 0.2}", "  atlas: {§overhed: 1k}")],
        [("the unknown key `overhed`", "margin or overhead", "did you mean 'overhead'?")],
    ),
    "a rival's overhead below nothing": (
        [("  atlas: {knowledge: 0.2}", "  atlas: {overhead: §-1k}")],
        [("-1k", "money a year, at least 0", "")],
    ),
    "a rival's margin without its sign": (
        [("  atlas: {knowledge: 0.2}", "  atlas: {margin: §45}")],
        [("45", "a fraction of revenue", "did you mean 45%?")],
    ),
    "a rival that is a number": (
        [("  atlas: {knowledge: 0.2}", "  atlas: §45%")],
        [("45%", "a mapping", "")],
    ),
    "a rival's acquisition as capital": (
        [("  atlas: {knowledge: 0.2}", "  atlas: {§acquisition_cost: {money: 90, capitalised: true}}")],
        [("a mapping", "money per customer", "")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
