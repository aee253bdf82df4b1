"""Designs for groups of customers: dates, copies, and what is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.allocation import Design, Groups
from tests.scenario.test_resolved import round_trip
from tests.scenario.worlds import Case, assert_told, replaced, write

BASELINE = "  baseline: {}\n"
PHASES = (
    "[{until: 2027-Q2, mass: {groups: 2, cost_per_group: 5}}, {from: 2027-Q4, mass: {groups: 9, cost_per_group: 10k}}]"
)
FINER = f"""\
  baseline: {{}}
  finer: {{from: 2027-Q2, design: {{affluent: {{groups: 3, cost_per_group: 1k}}}}}}
  phases: {{design: {PHASES}}}
  delayed: {{shift: 3, like: phases, advisers: {{affluent: 9k}}}}
  replaced: {{like: phases, design: {{affluent: {{groups: 1, cost_per_group: 0}}}}}}
  taken_back: {{like: phases, design: {{}}}}
"""


def groups(count: int, cost: float) -> Groups:
    return Groups(groups=count, cost_per_group=cost)


def test_designs_have_dates_and_are_copied_replaced_and_shifted(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, replaced((BASELINE, FINER))[0]))
    designs = {name: allocation.designs for name, allocation in scenario.allocations.items()}
    assert designs["baseline"] == ()
    assert designs["finer"] == (Design(start=1, end=8, groups={"affluent": groups(3, 1000)}),)
    assert designs["phases"] == (
        Design(start=0, end=2, groups={"mass": groups(2, 5)}),
        Design(start=3, end=8, groups={"mass": groups(9, 10_000)}),
    )
    assert [(d.start, d.end) for d in designs["delayed"]] == [(3, 5), (6, 8)]
    assert designs["replaced"] == (Design(start=0, end=8, groups={"affluent": groups(1, 0)}),)
    assert designs["taken_back"] == ()
    round_trip(scenario, tmp_path)


def test_designs_are_apart_from_the_budget(tmp_path: Path) -> None:
    spending = [("{affluent: 9k}", "{affluent: 4k}"), ("outreach: {mass: 4k}", "outreach: {mass: 2k}")]
    care = ("care: [{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}]", "outreach: {mass: 2k}")
    only_finer = "".join(FINER.splitlines(keepends=True)[:3])
    budget = ("simengine: 1\n", "simengine: 1\nbudget: 8k\n")
    load_scenario(write(tmp_path, replaced((BASELINE, only_finer), *spending, care, budget)[0]))


def stated(design: str) -> list[tuple[str, str]]:
    """The bank, whose baseline has a design."""
    return [(BASELINE, f"  baseline: {{{design}}}\n")]


CASES: dict[str, Case] = {
    "an unknown segment": (
        stated("design: {§afluent: {groups: 3, cost_per_group: 1k}}"),
        [("`afluent`", "affluent, mass or savers", "did you mean 'affluent'?")],
    ),
    "a contract segment": (
        stated("design: {§savers: {groups: 3, cost_per_group: 1k}}"),
        [("a design for `savers`", "where customers choose", "contract segment")],
    ),
    "more groups than customers": (
        stated("design: {affluent: {groups: §401, cost_per_group: 1k}}"),
        [("401 groups", "at most 400: the customers of `affluent`", "")],
    ),
    "no groups": (stated("design: {affluent: {groups: §0, cost_per_group: 1k}}"), [("0", "at least 1", "")]),
    "half a group": (stated("design: {affluent: {groups: §2.5, cost_per_group: 1k}}"), [("2.5", "whole", "write 2")]),
    "a cost below nothing": (
        stated("design: {affluent: {groups: 3, cost_per_group: §-1k}}"),
        [("-1k", "money a year, at least 0", "")],
    ),
    "no cost": (
        stated("design: {§affluent: {groups: 3}}"),
        [("no `cost_per_group`", "what it costs to keep up a group's design, money a year", "")],
    ),
    "a key that is not there": (
        stated("design: {affluent: {groups: 3, cost_per_group: 1k, §cost_per_grop: 3}}"),
        [("the unknown key `cost_per_grop`", "cost_per_group or groups", "did you mean 'cost_per_group'?")],
    ),
    "a number in its place": (stated("design: §8"), [("8", "{segment: {groups: 8, cost_per_group: 250k}}", "")]),
    "another spelling": (
        stated("§desing: {affluent: {groups: 3, cost_per_group: 1k}}"),
        [("`desing`, which is not a lever", "like, shift, spread, board, design", "did you mean 'design'?")],
    ),
    "dates outside the calendar": (
        stated("design: {from: §2031, affluent: {groups: 3, cost_per_group: 1k}}"),
        [("2031", "from 2027-Q1 to 2028-Q4", "")],
    ),
    "dates in the wrong order": (
        stated("from: 2027-Q3, design: {until: §2027-Q2, affluent: {groups: 3, cost_per_group: 1k}}"),
        [("2027-Q2", "not before 2027-Q3", "swap")],
    ),
    "two at a time": (
        stated(
            "design: [{mass: {groups: 3, cost_per_group: 1k}}, §{from: 2028, mass: {groups: 5, cost_per_group: 1k}}]"
        ),
        [("two phases at the same time for mass", "one after the other", "until")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
