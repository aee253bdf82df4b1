"""Boards: how they are read and copied, and what is told at its place, marked §."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.budgets import Meeting
from simengine.scenario.differences import Side, differences
from tests.scenario.test_resolved import round_trip
from tests.scenario.worlds import Case, assert_told, replaced, write

BASELINE = "  baseline: {}\n"
REVIEWED = """\
  baseline: {}
  reviewed:
    from: 2027-Q2
    board:
      - {budget: 5k, lever: outreach, by: revenue, every: 2, until: 2028-Q3}
      - {every: 4, by: profit, lever: advisers, budget: 9k, segments: [affluent]}
  delayed: {shift: 2, like: reviewed, advisers: {affluent: 9k}}
  another: {like: reviewed, board: {budget: 1k, lever: outreach, by: customers, every: 1, from: 2028-Q2}}
  once: {like: reviewed, spread: {budget: 4k, lever: advisers, by: equal}, outreach: {}}
"""


def test_boards_meet_after_a_year_and_are_copied_replaced_and_shifted(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, replaced((BASELINE, REVIEWED))[0]))
    both = ("affluent", "mass")
    outreach = Meeting(start=4, end=7, lever="outreach", budget=5_000, by="revenue", segments=both, every=2)
    advisers = Meeting(start=4, end=8, lever="advisers", budget=9_000, by="profit", segments=("affluent",), every=4)
    assert scenario.allocations["reviewed"].boards == (outreach, advisers)
    assert scenario.allocations["delayed"].boards == (replace(outreach, start=6, end=8),)
    another = replace(outreach, start=5, end=8, budget=1_000, by="customers", every=1)
    assert scenario.allocations["another"].boards == (advisers, another)
    assert scenario.allocations["once"].boards == ()
    assert [each.lever for each in scenario.allocations["once"].spreads] == ["advisers"]
    assert [t for t in range(8) if outreach.meets(t)] == [4, 6]
    assert scenario.follows_customers
    round_trip(scenario, tmp_path)


def test_nothing_follows_customers_where_nobody_meets(tmp_path: Path) -> None:
    assert not load_scenario(write(tmp_path, replaced()[0])).follows_customers


def test_the_budget_of_a_board_counts(tmp_path: Path) -> None:
    board = "  same: {board: {budget: 5k, lever: outreach, by: revenue, every: 4}}\n"
    less = "  §less: {board: {budget: 3k, lever: outreach, by: revenue, every: 4}}\n"
    others = [("{affluent: 9k}", "{affluent: 5k}"), ("outreach: {mass: 4k}", "outreach: {mass: 2k}")]
    phased = ("{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}", "{savers: 1k}")
    assert_told(
        tmp_path,
        (
            [("simengine: 1\n", "simengine: 1\nbudget: 9k\n"), (BASELINE, BASELINE + board + less), *others, phased],
            [("7k a year from 2028-Q1: advisers 4k (as today) and outreach 3k", "9k", "2k a year more")],
        ),
    )


def test_what_differs_between_boards_is_told_in_words(tmp_path: Path) -> None:
    one, other = (
        load_scenario(write(tmp_path, replaced((BASELINE, text))[0], name))
        for text, name in ((REVIEWED, "one.yaml"), (REVIEWED.replace("every: 2", "every: 1"), "other.yaml"))
    )
    found = [(each.place, each.words.partition(" (")[0]) for each in differences(Side(one), Side(other))]
    assert ("allocations › reviewed › board › 1 › every", "2 → 1") in found


def stated(board: str) -> list[tuple[str, str]]:
    """The bank, whose baseline has a board."""
    return [(BASELINE, f"  baseline: {{{board}}}\n")]


CASES: dict[str, Case] = {
    "an unknown lever": (
        stated("board: {budget: 5k, lever: §outrech, by: revenue, every: 4}"),
        [("outrech", "advisers, outreach or care", "did you mean 'outreach'?")],
    ),
    "a segment where it cannot act": (
        stated("board: {budget: 5k, lever: outreach, by: revenue, every: 4, segments: [§savers]}"),
        [("savers", "acquisition can act", "contract segment")],
    ),
    "no budget": (
        stated("board: {budget: §0, lever: outreach, by: revenue, every: 4}"),
        [("0", "money a year, more than 0", "")],
    ),
    "it meets more often than there are periods": (
        stated("board: {budget: 5k, lever: outreach, by: revenue, every: §0}"),
        [("0", "a number of periods, at least 1", "")],
    ),
    "by what no board observes": (
        stated("board: {budget: 5k, lever: outreach, by: §equal, every: 4}"),
        [("equal", "customers, revenue or profit", "")],
    ),
    "nothing that it goes by": (
        stated("§board: {budget: 5k, lever: outreach, every: 4}"),
        [("no `by`", "what each segment's part goes by", "")],
    ),
    "an adbudg lever without spend today": (
        [
            *stated("board: {budget: 15k, lever: §advisers, by: revenue, every: 4}"),
            ("needs: {rate: 1}", "needs: {rate: 0.9, service: 0.1}"),
        ],
        [("`advisers` spread over mass, where today's spend is 0", "above 0", "segments: [affluent]")],
    ),
    "a lever with money of its own": (
        stated("outreach: {mass: 3k, until: 2027-Q2}, board: {budget: 5k, lever: §outreach, by: revenue, every: 4}"),
        [("`outreach`, on which `baseline` states other spend too", "the board alone", "take the other spend")],
    ),
    "a lever that is spread as well": (
        stated(
            "spread: {budget: 1k, lever: outreach, by: equal}, "
            "board: {budget: 5k, lever: §outreach, by: revenue, every: 4}"
        ),
        [("`outreach`, on which `baseline` states other spend too", "the board alone", "take the other spend")],
    ),
    "two boards for a lever": (
        stated(
            "board: [{budget: 5k, lever: outreach, by: revenue, every: 4}, "
            "{budget: 5k, lever: §outreach, by: profit, every: 4}]"
        ),
        [("`outreach`, on which `baseline` states other spend too", "the board alone", "take the other spend")],
    ),
    "a budget that ends before a year is seen": (
        stated("§board: {budget: 5k, lever: outreach, by: revenue, every: 4, until: 2027}"),
        [("ends with 2027-Q4, of a board that first meets in 2028-Q1", "sees a year first", "end later")],
    ),
    "a calendar that ends before a year is seen": (
        [
            *stated("§board: {budget: 5k, lever: outreach, by: revenue, every: 4}"), ("periods: 8", "periods: 4"),
            ("[{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}]", "{savers: 1k}"),
            ("  storm: {at: 2028, until: 2028-Q2, change: {hazard: 20%, segments: [savers]}}\n", ""),
        ],
        [("ends with 2027-Q4, of a board that first meets after 2027-Q4", "sees a year first", "more periods")],
    ),
    "dates outside the calendar": (
        stated("board: {budget: 5k, lever: outreach, by: revenue, every: 4, from: §2039}"),
        [("2039", "from 2027-Q1 to 2028-Q4", "")],
    ),
    "a rival that runs it": (
        [
            *stated("board: {budget: 5k, lever: outreach, by: revenue, every: 4}"),
            ("  quiet: {}\n", "  quiet: {}\n  run: [{who: atlas, at: 2028, like: §baseline, segments: [affluent]}]\n"),
        ],
        [("a board for `outreach`, which answers what it sees of us", "known of rivals", "outreach: {}")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
