"""Segments whose customers pass from state to state: every slip is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, Replacement, assert_told

OLD = "    hazard: {constant: 2%}\n    revenue: 80\n    margin: 40%\n"
CARE = "  care:\n    target: retention\n    response: {hill: {max: 0.4, half: 3k}}\n"
STATES = """\
    states:
      recent: {money: 36, next: {recent: 30%, lapsed: 70%}}
      lapsed: {money: -4, next: {recent: 20%}}
"""


def mail(*more: Replacement, states: str = STATES, every: str = "    every: quarter\n") -> list[Replacement]:
    """The bank with such a segment in place of savers."""
    return [("    dynamics: contract\n", "    dynamics: markov\n"), (OLD, states + every), *more]


PHASES = "§savers: 1k}, {from: 2028, §savers: 2k"
FILE = "portfolio: {customers: rows.csv, columns: {id: id, segment: s, revenue: r, state: state}}\nsegments:\n"
CASES: dict[str, Case] = {
    "no states": (
        [
            ("    dynamics: contract\n", "    dynamics: markov\n"),
            (OLD, "    every: quarter\n"),
            ("  savers:", "  §savers:"),
        ],
        [("no `states`", "what customers bring in each state", "")],
    ),
    "a state that is not there": (
        mail(states=STATES.replace("lapsed: 70%", "§laspsed: 70%")),
        [("the unknown state `laspsed`", "recent or lapsed", "did you mean 'lapsed'?")],
    ),
    "more than all": (
        mail(states=STATES.replace("next: {recent: 30%, lapsed: 70%}", "§next: {recent: 35%, lapsed: 70%}")),
        [("probabilities that sum to 105%", "at most 100%", "take away 5%")],
    ),
    "less than nothing": (
        mail(states=STATES.replace("recent: 20%", "recent: §-20%")),
        [("-20%", "a fraction, at least 0 and at most 1", "")],
    ),
    "an opening of half of them": (
        mail(states=STATES + "    §opening: {recent: 50%}\n"),
        [("fractions that sum to 50%", "a sum of 100%", "add 50%")],
    ),
    "who has left": (
        mail(states=STATES + "      §gone: {next: {gone: 100%}}\n"),
        [("`gone`, which nobody leaves", "states of customers", "leave it out")],
    ),
    "another step than the calendar's": (
        mail(every="    §every: year\n"),
        [("every: year, where the calendar steps by quarter", "every quarter", "write calendar: {step: year}")],
    ),
    "the usual step, unlike the calendar's": (
        mail(("  savers:", "  §savers:"), every=""),
        [("every: year, where the calendar steps by quarter", "every quarter", "")],
    ),
    "a margin of a loss": (
        mail(every="    every: quarter\n    margin: §40%\n"),
        [("a margin of money, of which `lapsed`", "100%", "what is left of money")],
    ),
    "capital of a loss": (
        mail(every="    every: quarter\n    capital: §5% of revenue\n"),
        [("capital of money, of which `lapsed`", "money per customer", "")],
    ),
    "more of a loss": (
        mail((CARE, CARE.replace("retention", "wallet")), ("savers: 1k}, {from: 2028, savers: 2k", PHASES)),
        [("spend on wallet in `savers`", "where it can act", "`lapsed` in `savers` brings less than nothing")] * 2,
    ),
    "states told twice": (
        mail(("segments:\n", FILE), states=STATES + "    §opening: {recent: 100%}\n"),
        [("an opening, and a column", "one of them", "leave the opening out")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_slip_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,s,r,state\n1,affluent,1,\n")
    assert_told(tmp_path, CASES[case])
