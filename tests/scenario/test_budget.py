"""The budget: what the compared allocations spend, added up as a person would."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario.rules.budget import money
from tests.scenario.worlds import Case, assert_told, problems, replaced

# Today the bank spends 8k: 4k on advisers, 4k on outreach. Its copy of more_advice spends 15k.
BUDGET = ("simengine: 1\n", "simengine: 1\nbudget: 15k\n")
MORE_ADVICE = "  more_advice: {advisers: {affluent: 9k}}\n"
LAST_PHASE = "{from: 2028, savers: 2k}"
EQUAL = [
    BUDGET,
    (MORE_ADVICE, "  more_advice: {advisers: {affluent: 11k}}\n"),
    ("outreach: {mass: 4k}", "outreach: {mass: 2k}"),
    (LAST_PHASE, "{from: 2028, savers: 7k}"),
]

CASES: dict[str, Case] = {
    "a misspelt segment is that alone": (
        [*EQUAL, ("{advisers: {affluent: 11k}}", "{advisers: {§afluent: 11k}}")],
        [("the unknown segment `afluent`", "", "did you mean 'affluent'?")],
    ),
    "more and less": (
        [BUDGET, ("  more_advice: {", "  §more_advice: {"), ("  phased:", "  §phased:")],
        [
            ("13k a year: advisers 9k and outreach 4k (as today)", "the budget, 15k a year", "spend 2k a year more"),
            (
                "10k a year from 2028-Q1: advisers 4k (as today), outreach 4k (as today) and care 2k",
                "15k a year",
                "spend 5k a year more",
            ),
        ],
    ),
    "part of a lever as today": (
        [
            ("simengine: 1\n", "simengine: 1\nbudget: 13k\n"),
            ("  copy:", "  §copy:"),
            (LAST_PHASE, "{savers: 5k, from: 2028}"),
        ],
        [
            (
                "15k a year from 2027-Q2: advisers 9k and outreach 6k (2k of it as today)",
                "13k a year",
                "spend 2k a year less",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_allocation_that_differs_is_told_with_both_sums(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


@pytest.mark.parametrize(
    "exempt",
    [
        "baseline: {outreach: {mass: 1M}}",
        "baseline: {}\n  late: {like: phased, shift: 5}",  # its last phase falls away
        "baseline: {}\n  later: {like: late, outreach: {mass: 5k}}\n  late: {like: phased, shift: 5}",
    ],
)
def test_baseline_and_shifted_copies_are_exempt(exempt: str, tmp_path: Path) -> None:
    text, _ = replaced(*EQUAL, ("baseline: {}", exempt))
    assert problems(tmp_path, text) == ()


def test_a_phase_that_has_ended_does_not_count(tmp_path: Path) -> None:
    ended = "  ended: {advisers: {until: 2027-Q2, affluent: 9k}, outreach: {from: 2027-Q3, mass: 9k}}\n"
    text, _ = replaced(*EQUAL, ("  baseline: {}\n", "  baseline: {}\n" + ended))
    assert problems(tmp_path, text) == ()


def test_it_is_not_compared_while_something_else_is_wrong(tmp_path: Path) -> None:
    text, _ = replaced(BUDGET, ("{affluent: 9k}", "{affluent: much}"))
    assert ["much" in p.found for p in problems(tmp_path, text)] == [True]
    text, _ = replaced(BUDGET, (LAST_PHASE, "{from: 2028-01, savers: 2k}"))
    assert ["2028-01" in p.found for p in problems(tmp_path, text) if p.place.startswith("allocations.phased")] == [
        True
    ]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(19e6, "19M"), (1.25e6, "1.25M"), (400e3, "400k"), (999.5, "999.5"), (0.0, "0"), (1.2e9, "1.2 billion")],
)
def test_money_is_written_as_people_do(amount: float, words: str) -> None:
    assert money(amount) == words
