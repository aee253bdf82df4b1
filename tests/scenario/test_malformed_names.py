"""The company's residual value, and names that are taken. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

CASES: dict[str, Case] = {
    "a perpetuity without growth": (
        [("  name: Small", "  name: Small\n  §residual: {method: perpetuity}")],
        [("the method perpetuity without `growth`", "`growth`: growth a year", "state it, such as growth: 2%")],
    ),
    "a perpetuity that explodes": (
        [("  name: Small", "  name: Small\n  residual: {method: perpetuity, growth: §9%}")],
        [("9%", "below the discount rate of 9%", "no finite value")],
    ),
    "years without fading": (
        [("  name: Small", "  name: Small\n  residual: {method: book, years: §5}")],
        [("`years` with the method book", "", "leave it out")],
    ),
    "a run-off without a cost of capital": (
        [
            ("  name: Small", "  name: Small\n  residual: {method: run_off}"),
            ("  discount_rate: 9%", "  discount_rate: §0"),
        ],
        [("0", "above 0 with the residual method run_off", "cost of capital")],
    ),
    "a fade of part of a period": (
        [("  name: Small", "  name: Small\n  residual: {method: fade, years: §2.1}")],
        [("2.1", "a whole number of quarters", "")],
    ),
    "a keyword as a name": (
        [
            ("  more_advice: {advisers: {affluent: 9k}}", "  §by: {advisers: {affluent: 9k}}"),
            ("    like: more_advice\n", ""),
        ],
        [("`by`", "a name other than", "")],
    ),
    "a reserved need": (
        [("needs: [rate, service]", "needs: [rate, service, §price]")],
        [("price", "another name", "of its own")],
    ),
    "a need twice": ([("needs: [rate, service]", "needs: [rate, service, §rate]")], [("rate", "each need once", "")]),
    "too many rivals": (
        [
            ("offers:\n", "§offers:\n" + "".join(f"  r{i}: {{price: 9, rate: 1}}\n" for i in range(6))),
            ("constants: {us: 0,", "constants: {us: 0, " + "".join(f"r{i}: 0, " for i in range(6))),
        ],
        [("7 rivals", "at most 6", "as one")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
