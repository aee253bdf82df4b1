"""Levers and allocations that do not fit the segments or each other. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

CASES: dict[str, Case] = {
    "an unknown target": (
        [("target: service", "target: §servise")],
        [("servise", "rate, service, price", "did you mean 'service'?")],
    ),
    "retention where customers choose": (
        [("today: {affluent: 2k, mass: 2k}", "today: {affluent: 2k, mass: 2k, §savers: 1k}")],
        [("spend on acquisition in `savers`", "where it can act", "`savers` is a contract segment")],
    ),
    "a need that is not weighed": (
        [("today: {affluent: 4k}", "today: {affluent: 4k, §mass: 1k}")],
        [("spend on service in `mass`", "where it can act", "do not weigh service")],
    ),
    "funds where nothing can act": (
        [("{from: 2028, savers: 2k}", "{from: 2028, §mass: 2k}")],
        [("spend on retention in `mass`", "where it can act", "inertia")],
    ),
    "answers out of order": (
        [("{adbudg: {none: -2, today: 0, plus_half: 0.8", "{§adbudg: {none: -2, today: 0, plus_half: 2.8")],
        [("none -2, today 0, plus_half 2.8, saturated 2", "none < today", "")],
    ),
    "an effect without its sign": ([("max: 40%", "max: §40")], [("40", "at most 1000%", "did you mean 40%?")]),
    "an unknown segment today": (
        [("today: {affluent: 4k}", "today: {affluent: 4k, §afluent: 1k}")],
        [("`afluent`", "", "did you mean 'affluent'?")],
    ),
    "adbudg without spend today": (
        [
            ("    today: {affluent: 4k}\n", ""),
            ("more_advice: {advisers: {affluent", "more_advice: {advisers: {§affluent"),
        ],
        [("where today's spend is 0", "above 0 for an adbudg response", "or use hill")],
    ),
    "an unknown lever": (
        [("more_advice: {advisers", "more_advice: {§adviser")],
        [("the unknown lever `adviser`", "advisers, outreach, care", "did you mean 'advisers'?")],
    ),
    "funds for an unknown segment": (
        [("more_advice: {advisers: {affluent", "more_advice: {advisers: {§afluent")],
        [("the unknown segment `afluent`", "", "did you mean 'affluent'?")],
    ),
    "a copy of nothing": (
        [("like: more_advice", "like: §more_advise")],
        [("more_advise", "more_advice", "did you mean 'more_advice'?")],
    ),
    "a circle of copies": (
        [("  baseline: {}", "  baseline: {like: §copy}"), ("like: more_advice", "like: baseline")],
        [("baseline → copy → baseline", "", "take one")],
    ),
    "dates for nothing": (
        [("    outreach: {mass: 4k}\n", ""), ("    from: 2027-Q2\n", "    §from: 2027-Q2\n")],
        [("dates without a lever", "levers", "copied ones keep")],
    ),
    "a shift of nothing": (
        [("  baseline: {}", "  baseline: {§shift: 8}")],
        [("`shift` without `like`", "the allocation that is copied", "add like")],
    ),
    "a shift backwards": (
        [("    like: more_advice\n", "    like: more_advice\n    shift: §-2\n")],
        [("-2", "a number of periods, at least 0", "")],
    ),
    "part of a period": (
        [("    like: more_advice\n", "    like: more_advice\n    shift: §1.5\n")],
        [("1.5", "a whole number", "write 2")],
    ),
    "phases that overlap": (
        [("[{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {", "[{from: 2027-Q2, until: 2028-Q1, savers: 1k}, §{")],
        [("two phases at the same time for savers", "one after the other", "until")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
