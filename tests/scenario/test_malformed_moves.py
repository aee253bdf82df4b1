"""Dates outside the calendar, and moves that nobody can make. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

CASES: dict[str, Case] = {
    "a date outside": ([("at: 2027-Q3", "at: §2031-Q3")], [("2031-Q3", "from 2027-Q1 to 2028-Q4", "")]),
    "dates backwards": ([("until: 2028-Q2", "until: §2027-Q2")], [("2027-Q2", "not before 2028", "swap")]),
    "a date finer than a period": (
        [("at: 2027-Q3", "at: §2027-08")],
        [("2027-08", "a quarter or longer, such as 2027-Q3", "")],
    ),
    "a start within a period": (
        [("start: 2027-Q1", "start: §2027-02")],
        [("2027-02", "first month of a quarter", "write 2027-Q1")],
    ),
    "an unknown rival": ([("who: atlas", "who: §atlsa")], [("atlsa", "a rival: atlas", "did you mean 'atlas'?")]),
    "a move of ours": ([("who: atlas", "who: §us")], [("us", "a rival: atlas", "allocation")]),
    "a move of nothing": (
        [("{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}", "§{who: atlas, at: 2027-Q3}")],
        [("neither `change`, `set` nor `like`", "what changes", "")],
    ),
    "a move where the rival is not": (
        [("segments: [affluent]", "segments: [§savers]")],
        [("savers", "a segment where the change acts", "do not choose")],
    ),
    "a move in an unknown segment": (
        [("segments: [affluent]", "segments: [affluent, §masss]")],
        [("the unknown segment `masss`", "", "did you mean 'mass'?")],
    ),
    "a hazard where customers choose": (
        [("segments: [savers]}}", "segments: [§mass]}}")],
        [("mass", "", "`mass` has no hazard")],
    ),
    "a rival's hazard": (
        [("change: {price: -8%}", "change: {§hazard: 8%}")],
        [("`hazard`", "price, knowledge, rate", "leave `who` out")],
    ),
    "a market's price": (
        [("change: {hazard: 20%", "change: {§price: 20%")],
        [("`price`", "review, hazard or cost", "state `who`")],
    ),
    "an unknown change": (
        [("change: {price: -8%}", "change: {§pirce: -8%}")],
        [("`pirce`", "price", "did you mean 'price'?")],
    ),
    "levels of the market": (
        [("change: {hazard: 20%", "set: {§hazard: 20%")],
        [("levels of the market", "", "state `who`, or use change")],
    ),
    "a change without its sign": ([("price: -8%", "price: §-8")], [("-8", "above -100%", "did you mean -8%?")]),
    "a price changed and set": (
        [("change: {price: -8%}", "change: {price: -8%}, set: {§price: 90}")],
        [("`price` in both", "one of the two", "")],
    ),
    "segments twice": (
        [
            (
                "change: {price: -8%}, segments: [affluent]",
                "change: {price: -8%, §segments: [mass]}, segments: [affluent]",
            )
        ],
        [("`segments` in two places", "segments once", "beside `change`")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
