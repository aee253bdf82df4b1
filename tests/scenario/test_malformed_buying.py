"""Segments that buy till they are gone: every slip is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, Replacement, assert_told

CARE = "  care:\n    target: retention\n"
OLD = "    hazard: {constant: 2%}\n    revenue: 80\n"


def shop(text: str, *more: Replacement, spend: str = "    spend: 20\n") -> list[Replacement]:
    """The bank with buyers in place of savers, in expected mode."""
    dynamics = ("    dynamics: contract\n", "    dynamics: buy-till-you-die\n")
    return [dynamics, (OLD, text + spend), ("mode: sampled, replications: 4", "mode: expected"), *more]


LAW = "    purchases: {bg_nbd: {r: 0.2, alpha: 4, a: 0.8, b: 2.4, unit: week}}\n"
FILE = "portfolio: {customers: rows.csv, columns: {id: id, segment: s, revenue: r}}\nsegments:\n"
CASES: dict[str, Case] = {
    "no law": (shop("", ("  savers:", "  §savers:")), [("no `purchases`", "how often customers buy", "")]),
    "a shape of nothing": (
        shop(LAW.replace("a: 0.8", "a: §0")),
        [("0", "a shape, at least 0.01 and at most 1,000,000", "")],
    ),
    "another unit": (shop(LAW.replace("week", "§weeks")), [("weeks", "year, quarter, month, week or day", "'week'")]),
    "money without a mean": (
        shop(LAW, spend="    spend: {gamma_gamma: {p: 6, q: §1, gamma: 15}}\n"),
        [("1", "a shape, more than 1", "")],
    ),
    "revenue": (
        shop(LAW, ("    size: 2k\n", "    size: 2k\n    §revenue: 80\n")),
        [("`revenue`", "not available", "write spend")],
    ),
    "a hazard of its own": (
        shop(LAW + "    §hazard: {constant: 2%}\n"),
        [("the unknown key `hazard`", "purchases", "")],
    ),
    "nothing is said of what customers bought": (
        shop(LAW, ("segments:\n", FILE.replace("columns: {id", "§columns: {id"))),
        [("no column for purchases, last_purchase and observed", "how often each customer has bought", "t_x")],
    ),
    "spend where it cannot act": (
        shop(LAW, ("    today: {affluent: 4k}", "    today: {affluent: 4k, §savers: 1k}")),
        [("spend on service in `savers`", "where it can act", "`savers` is a buy-till-you-die segment")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_slip_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,s,r\n1,affluent,1\n")
    assert_told(tmp_path, CASES[case])
