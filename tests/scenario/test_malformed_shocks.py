"""Shocks, drifting needs, word of mouth and knowledge that cannot be. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

OFFERS = "offers:\n"
AT_ALL = "    price_sensitivity: 3\n"
CARE = "  care:\n    target: retention\n"


def market(text: str) -> list[tuple[str, str]]:
    return [(OFFERS, f"market: {text}\n{OFFERS}")]


def drift(text: str) -> list[tuple[str, str]]:
    return [(AT_ALL, f"{AT_ALL}    needs_drift: {text}\n")]


CASES: dict[str, Case] = {
    "figures out of range": (
        market("{volatility: §-0.2, persistence: §100%, demand: {volatility: §8, persistence: §50}}"),
        [
            ("-0.2", "utility, at least 0 and at most 10", ""),
            ("100%", "a fraction left after a year, at least 0 and less than 1", ""),
            ("8", "a fraction of revenue, at least 0 and at most 1", "did you mean 8%?"),
            ("50", "a fraction left after a year", "did you mean 50%?"),
        ],
    ),
    "suppliers that are none": (
        market("{suppliers: {§atlsa: {volatility: 1}, §demand: {volatility: 1}}}"),
        [
            ("the unknown supplier `atlsa`", "us, atlas or none", "did you mean 'atlas'?"),
            ("the unknown supplier `demand`", "us, atlas or none", "state it beside suppliers"),
        ],
    ),
    "correlations out of range": (
        market("{volatility: 1, correlations: {atlas: {us: §1.4}, us: {none: §-1}}}"),
        [
            ("1.4", "a correlation, more than -1 and less than 1", "at 0.9 two go together nearly always"),
            ("-1", "a correlation, more than -1 and less than 1", ""),
        ],
    ),
    "correlations of nobody": (
        market("{volatility: 1, correlations: {atlas: {§uss: 0.1}, §demnd: {us: 0.1}}}"),
        [
            ("a correlation with the unknown `uss`", "us, atlas, none or demand", "did you mean 'us'?"),
            ("a correlation with the unknown `demnd`", "us, atlas, none or demand", "did you mean 'demand'?"),
        ],
    ),
    "correlations twice": (
        market("{volatility: 1, correlations: {us: {atlas: 0.2, §us: 0.1}, atlas: {§us: 0.4}}}"),
        [
            ("a correlation of `us` with itself", "correlations of two", "leave it out"),
            ("the correlation of `us` and `atlas` again", "each pair once", "delete one of the two"),
        ],
    ),
    "correlations that exclude each other": (
        market("{volatility: 1, §correlations: {atlas: {us: 0.9, demand: 0.9}, us: {demand: -0.5}}}"),
        [
            (
                "correlations that cannot hold together",
                "positive definite",
                "all of them times 0.64 would do: "
                "atlas with us 0.576, atlas with demand 0.576 and us with demand -0.32",
            )
        ],
    ),
    "a rival called demand": (
        [
            (OFFERS, f"market: {{volatility: 1}}\n{OFFERS}  §demand: {{price: 90, rate: 5, service: 5}}\n"),
            ("shares: {us: 34%, atlas: 43%, none: 23%}", "shares: {us: 34%, atlas: 40%, demand: 3%, none: 23%}"),
        ],
        [("a rival called `demand`", "rivals of other names", "such as demand_1")],
    ),
    "a shape that is none": (market("§5"), [("5", "a mapping", "")]),
    "drift out of range": (
        drift("{volatility: §200%, persistence: §100%, trend: {rate: §2}}"),
        [
            ("200%", "a standard deviation of weights, at least 0 and less than 1", ""),
            ("100%", "a fraction left after a year", ""),
            ("2", "a change of a weight a year, at least -1 and at most 1", "did you mean 2%?"),
        ],
    ),
    "drift of an unknown need": (
        drift("{trend: {§rat: 2%}}"),
        [("a trend of the unknown need `rat`", "rate or service", "did you mean 'rate'?")],
    ),
    "trends that do not cancel": (
        drift("{§trend: {rate: 2%, service: -1%}}"),
        [("trends that sum to 1%", "a sum of 0%", "leave one need out")],
    ),
    "a trend beyond everything": (
        drift("{trend: {§rate: 40%}}"),
        [("the weight of rate from 40% to 120% in 2 years", "between 0% and 100%", "at most 30% a year up")],
    ),
    "a trend that leaves less than nothing": (
        drift("{trend: {§service: 20.5%}}"),
        [("the weight of service from 60% to 101% in 2 years", "", "at most 20% a year up")],
    ),
    "drift where nobody chooses": (
        [
            (
                "hazard: {constant: 2%}",
                "hazard: {constant: 2%}\n    §needs_drift: {}\n    §word_of_mouth: 1",
            )
        ],
        [("needs_drift", "", ""), ("word_of_mouth", "", "")],
    ),
    "word of mouth out of range": (
        [(AT_ALL, f"{AT_ALL}    word_of_mouth: §-1\n")],
        [("-1", "utility, at least 0 and at most 50", "")],
    ),
    "knowledge out of range": (
        [(OFFERS, f"knowledge: {{forgetting: §100%, learning_exponent: §-1}}\n{OFFERS}")],
        [
            ("100%", "a fraction a year, at least 0 and less than 1", ""),
            ("-1", "an exponent, at least 0 and at most 3", ""),
        ],
    ),
    "nothing left to learn": (
        [
            (OFFERS, f"knowledge: {{forgetting: 10%}}\n{OFFERS}"),
            ("atlas: {knowledge: 0.2}", "atlas: {knowledge: §1}"),
        ],
        [("1", "less than 1 where some of it is forgotten", "forgetting: 0")],
    ),
    "learning out of range": (
        [
            (AT_ALL, f"{AT_ALL}    tailoring: 1\n"),
            (CARE, f"  analytics: {{target: knowledge, response: {{hill: {{max: §25, half: 1k}}}}}}\n{CARE}"),
        ],
        [("25", "what is learned a year of what is not known yet", "did you mean 25%?")],
    ),
    "learning where it does not matter": (
        [(CARE, f"  a: {{target: knowledge, response: {{hill: {{max: 1, half: 1k}}}}, today: {{§mass: 1k}}}}\n{CARE}")],
        [("spend on knowledge in `mass`", "where it can act", "state a tailoring")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
