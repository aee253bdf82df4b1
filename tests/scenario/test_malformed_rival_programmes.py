"""Programmes that a rival cannot run. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, Replacement, assert_told, problems, replaced

MOVE = "change: {price: -8%}, segments: [affluent]"
CLUB = """\
  club: {target: inertia, response: {hill: {max: 1, half: 3k}}}
allocations:
  clubbed: {club: {affluent: 5k}}
"""


def running(like: str, *others: Replacement) -> list[Replacement]:
    return [(MOVE, f"like: {like}, segments: [affluent]"), *others]


CASES: dict[str, Case] = {
    "an unknown allocation": (
        running("§more_advise"),
        [("more_advise", "baseline, more_advice, copy or phased", "did you mean 'more_advice'?")],
    ),
    "nobody runs it": (
        [("{who: atlas, at: 2027-Q3, change: {price: -8%}", "{at: 2027-Q3, §like: more_advice")],
        [("`like` without `who`", "a rival that runs the programme", "state `who`")],
    ),
    "an unknown rival": (
        [("{who: atlas, at: 2027-Q3, change: {price: -8%}", "{who: §atlsa, at: 2027-Q3, like: §copied")],
        [("atlsa", "a rival: atlas", "did you mean 'atlas'?"), ("copied", "one of the allocations", "'copy'")],
    ),
    "a copy of what is not there": (
        running("copy", ("like: more_advice", "like: §much_advice")),
        [("much_advice", "one of the allocations", "did you mean 'more_advice'?")],
    ),
    "a circle of copies": (
        running("copy", ("more_advice: {advisers", "more_advice: {like: §copy, advisers")),
        [("a circle of copies", "copies that end", "take one `like` out")],
    ),
    "inertia, which is known of our customers": (
        running("§clubbed", ("allocations:\n", CLUB)),
        [
            (
                "`clubbed`, with `club`, which acts on inertia",
                "needs, price, acquisition, wallet, cost_to_serve",
                "{like: clubbed, club: {}}",
            )
        ],
    ),
    "touchpoints, which are known of us": (
        running(
            "§one_owner",
            (
                "allocations:\n",
                "experience: {touchpoints: {branch: {weight: 1, quality: 0.8, owner: retail}}}\n"
                "allocations:\n  one_owner: {experience: {quality: {branch: 0.9}}}\n",
            ),
        ),
        [("`one_owner`, with our touchpoints", "", "{like: one_owner, experience: {}}")],
    ),
    "a segment without shares": (
        [(MOVE, "like: §more_advice")],
        [("`more_advice` in `mass`", "shares, by which its spend is scaled", "the `segments` of the move")],
    ),
    "nothing that only comes of who runs it, or of a share of ours that is none": (
        [
            (
                "{who: atlas, at: 2027-Q3, change: {price: -8%}",
                "{who: §us, at: 2027-Q3, like: more_advice}, {who: atlas, at: 2027-Q3, like: more_advice",
            ),
            ("shares: {us: 34%, atlas: 43%", "shares: {us: §0%, atlas: 77%"),
        ],
        [("0%", "a share above 0", ""), ("us", "a rival: atlas", "what we do is an allocation")],
    ),
    "several at once": (
        [("{who: atlas, at: 2027-Q3, change: {price: -8%}", "{who: atlas, at: §2037-Q3, like: §more_advise")],
        [("2037-Q3", "from 2027-Q1 to 2028-Q4", ""), ("more_advise", "", "did you mean 'more_advice'?")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


def test_what_is_suggested_can_be_run(tmp_path: Path) -> None:
    without = CLUB + "  without: {like: clubbed, club: {}, advisers: {affluent: 9k}}\n"
    text, _ = replaced(*running("without", ("allocations:\n", without)))
    assert problems(tmp_path, text) == ()


def test_levers_of_contracts_are_left_to_us(tmp_path: Path) -> None:
    """A rival runs a programme where it serves: nothing is known of rivals under contract."""
    text, _ = replaced((MOVE, "like: phased, change: {price: -8%}, segments: [affluent]"))
    assert problems(tmp_path, text) == ()
