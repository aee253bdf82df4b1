"""Budgets spread over segments: how they are read and copied, and what is told at its place, marked §."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.allocation import Funding
from simengine.scenario.budgets import Spread, Spreading
from tests.scenario.test_resolved import round_trip
from tests.scenario.worlds import Case, assert_told, replaced, write

BASELINE = "  baseline: {}\n"
MORE_ADVICE = "  more_advice: {advisers: {affluent: 9k}}\n"
HABIT = """\
  baseline: {}
  habit:
    from: 2027-Q2
    outreach: {until: 2027-Q3, affluent: 1k, mass: 1k}
    spread:
      - {budget: 15k, lever: outreach, by: equal, from: 2027-Q4}
      - {by: customers, lever: advisers, budget: 5k, until: 2028-Q1}
  delayed: {shift: 3, like: habit, advisers: {affluent: 9k}}
  other_way: {like: habit, spread: {budget: 1k, lever: outreach, by: "equal", segments: [mass]}}
  taken_back: {like: habit, outreach: {}}
"""


def test_spreads_have_dates_and_are_copied_replaced_and_shifted(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, replaced((BASELINE, HABIT))[0]))
    both = ("affluent", "mass")
    outreach = Spreading(start=3, end=8, lever="outreach", budget=15_000, by="equal", segments=both)
    advisers = Spreading(start=1, end=5, lever="advisers", budget=5_000, by="customers", segments=("affluent",))
    habit, delayed = scenario.allocations["habit"], scenario.allocations["delayed"]
    assert habit.spreads == (outreach, advisers)
    assert habit.fundings == {"outreach": (Funding(start=1, end=3, amounts={"affluent": 1000, "mass": 1000}),)}
    assert delayed.spreads == (replace(outreach, start=6),)
    assert [(f.start, f.end) for f in delayed.fundings["outreach"]] == [(4, 6)]
    other = scenario.allocations["other_way"]
    assert [(s.lever, s.segments, s.start) for s in other.spreads] == [
        ("advisers", ("affluent",), 1),
        ("outreach", ("mass",), 0),
    ]
    assert other.fundings == {}
    assert scenario.allocations["taken_back"].spreads == (advisers,)
    round_trip(scenario, tmp_path)


@pytest.mark.parametrize(
    ("by", "column"), [("equal", None), ("column region", "region"), ("column  a long  name ", "a long  name")]
)
def test_a_column_is_named(by: str, column: str | None) -> None:
    spread = Spread.model_validate({"budget": "1k", "lever": "outreach", "by": by})
    assert Spreading(start=0, end=1, lever="outreach", budget=1, by=spread.by, segments=()).column == column


def test_the_budget_counts_what_is_spread(tmp_path: Path) -> None:
    same = "  same: {spread: {budget: 5k, lever: outreach, by: equal}}\n"
    less = "  §less: {spread: {budget: 1k, lever: outreach, by: equal, segments: [mass], from: 2028}}\n"
    others = [("{affluent: 9k}", "{affluent: 5k}"), ("outreach: {mass: 4k}", "outreach: {mass: 2k}")]
    phased = ("{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}", "{savers: 1k}")
    assert_told(
        tmp_path,
        (
            [("simengine: 1\n", "simengine: 1\nbudget: 9k\n"), (BASELINE, BASELINE + same + less), *others, phased],
            [
                (
                    "7k a year from 2028-Q1: advisers 4k (as today) and outreach 3k (2k of it as today)",
                    "9k",
                    "2k a year more",
                )
            ],
        ),
    )


def stated(spread: str) -> list[tuple[str, str]]:
    """The bank, whose baseline spreads a budget."""
    return [(BASELINE, f"  baseline: {{{spread}}}\n")]


CASES: dict[str, Case] = {
    "by a word that is not one": (
        stated("spread: {budget: 15k, lever: outreach, by: §customer}"),
        [("customer", "customers, revenue, profit, value, equal or column <name>", "did you mean 'customers'?")],
    ),
    "a column without the word": (
        stated("spread: {budget: 15k, lever: outreach, by: §territory}"),
        [("territory", "column <name>", "column region")],
    ),
    "a column without a file": (
        stated("spread: {budget: 15k, lever: outreach, by: §column region}"),
        [("column region", "known without a customer file", "portfolio")],
    ),
    "customers that are not known": (
        stated("spread: {budget: 15k, lever: outreach, by: §customers}"),
        [("customers, over `mass` with constants in place of shares", "spread by value or equal", "state shares")],
    ),
    "no basis": (
        stated("§spread: {budget: 15k, lever: outreach}"),
        [("no `by`", "what each segment's part goes by", "")],
    ),
    "an unknown lever": (
        stated("spread: {budget: 15k, lever: §outrech, by: equal}"),
        [("outrech", "advisers, outreach or care", "did you mean 'outreach'?")],
    ),
    "an unknown segment, and one where it cannot act": (
        stated("spread: {budget: 15k, lever: outreach, by: equal, segments: [§savers, §afluent]}"),
        [("savers", "acquisition can act", "contract segment"), ("`afluent`", "affluent, mass", "'affluent'")],
    ),
    "a lever that can act nowhere": (
        [
            *stated("spread: {budget: 15k, lever: §digital, by: equal}"),
            ("[rate, service]", "[rate, service, digital]"),
            ("levers:\n", "levers:\n  digital: {target: digital, response: {hill: {max: 1, half: 1k}}}\n"),
        ],
        [("`digital`, which can act in no segment", "can act somewhere", "do not weigh digital")],
    ),
    "an adbudg lever without spend today": (
        [
            *stated("spread: {budget: 15k, lever: §advisers, by: equal}"),
            ("needs: {rate: 1}", "needs: {rate: 0.9, service: 0.1}"),
        ],
        [("`advisers` spread over mass, where today's spend is 0", "above 0", "segments: [affluent]")],
    ),
    "two spreads at a time": (
        stated(
            "spread: [{budget: 5k, lever: outreach, by: equal}, "
            "§{budget: 5k, lever: outreach, by: equal, segments: [mass]}]"
        ),
        [("two phases at the same time for mass", "one after the other", "until")],
    ),
    "a spread over what is stated": (
        stated("outreach: {mass: 3k}, §spread: {budget: 15k, lever: outreach, by: equal}"),
        [("two phases at the same time for mass", "one after the other", "until")],
    ),
    "dates outside the calendar": (
        stated("spread: {budget: 15k, lever: outreach, by: equal, from: §2039}"),
        [("2039", "from 2027-Q1 to 2028-Q4", "")],
    ),
    "no segments": (
        stated("spread: {budget: 15k, lever: outreach, by: equal, §segments: []}"),
        [("no entries", "1 entry", "")],
    ),
    "a budget below nothing": (
        stated("spread: {budget: §-5k, lever: outreach, by: equal}"),
        [("-5k", "money a year, at least 0", "")],
    ),
    "a key that is not there": (
        stated("spread: {budget: 15k, lever: outreach, by: equal, §segment: mass}"),
        [("the unknown key `segment`", "budget, by, from, lever, segments or until", "did you mean 'segments'?")],
    ),
    "a number in its place": (stated("spread: §15k"), [("15k", "{budget: 15M, lever: advisers, by: customers}", "")]),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
