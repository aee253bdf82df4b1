"""Levers that convert: every slip is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from tests.scenario.test_resolved import round_trip
from tests.scenario.worlds import BANK, Case, Replacement, assert_told, write

UPGRADE = "target: convert, from: savers, to: locked, causal: 50%, response: {hill: {max: 60%, half: 3k}}"
CARE = """\
  care:
    target: retention
    response: {hill: {max: 0.4, half: 3k}}
"""


def upgrade(text: str, *more: Replacement) -> list[Replacement]:
    """The bank with a second contract segment and this lever in place of care."""
    locked = "  locked: {dynamics: contract, size: 100, hazard: {constant: 1%}, revenue: 80, margin: 40%}\noffers:\n"
    return [(CARE, f"  care: {{{text}}}\n"), ("offers:\n", locked), *more]


CASES: dict[str, Case] = {
    "nothing of it": (
        [(CARE, "  §care: {target: convert, response: {hill: {max: 60%, half: 3k}}}\n")],
        [("convert without `from`, `to` and `causal`", "from, to and causal", "state from: the contract segment")],
    ),
    "no assumption of what it causes": (
        [
            (CARE, f"  §care: {{{UPGRADE.replace(' causal: 50%,', '')}}}\n"),
            *upgrade("")[1:],
        ],
        [("convert without `causal`", "from, to and causal", "such as causal: 50%")],
    ),
    "on another target": (
        upgrade("target: retention, §from: savers, §causal: 0.5, response: {hill: {max: 60%, half: 3k}}"),
        [
            ("`from` of a lever on retention", "from only where target: convert", "leave it out"),
            ("`causal` of a lever on retention", "causal only where target: convert", "leave it out"),
        ],
    ),
    "unknown segments": (
        upgrade(UPGRADE.replace("to: locked", "to: §loked")),
        [("the unknown segment `loked`", "savers", "did you mean 'locked'?")],
    ),
    "where customers choose": (
        upgrade(UPGRADE.replace("to: locked", "to: §affluent")),
        [("`affluent`, where customers choose among suppliers", "a contract segment", "inertia")],
    ),
    "to where they are": (
        upgrade(UPGRADE.replace("to: locked", "to: §savers")),
        [("a conversion from `savers` to `savers`", "another contract segment", "target: retention")],
    ),
    "more than all of the difference": (
        upgrade(UPGRADE.replace("50%", "§50")),
        [("50", "a fraction, at least 0 and at most 1", "did you mean 50%?")],
    ),
    "a rate without its sign": (
        upgrade(UPGRADE.replace("60%", "§60")),
        [("60", "a hazard a year of converting that rises with spend, at most 12", "did you mean 60%?")],
    ),
    "money that converts fewer": (
        upgrade(UPGRADE.replace("max: 60%", "max: §-60%")),
        [("-60%", "rises with spend", "")],
    ),
    "money in the wrong segment": (
        upgrade(UPGRADE, ("{from: 2028, savers: 2k}", "{from: 2028, §locked: 2k}")),
        [("spend on convert in `locked`", "spend where it can act", "it converts customers of `savers`")],
    ),
    "money where customers choose": (
        upgrade(UPGRADE, ("{from: 2028, savers: 2k}", "{from: 2028, §mass: 2k}")),
        [("spend on convert in `mass`", "spend where it can act", "convert acts only in contract segments")],
    ),
    "two ways": (
        upgrade(
            UPGRADE,
            ("  outreach:\n", f"  again: {{{UPGRADE.replace('50%', '70%')}}}\n  outreach:\n"),
            (
                "causal: 50%, response: {hill: {max: 60%, half: 3k}}}\n",
                "causal: §50%, response: {hill: {max: 1, half: 3k}}}\n",
            ),
        ),
        [("another `causal` than that of `again`", "levers from one segment with the same causal", "to one kind")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


def test_what_is_right_loads_again_and_is_equal(tmp_path: Path) -> None:
    text = BANK
    for old, new in upgrade(UPGRADE):
        text = text.replace(old, new)
    scenario = load_scenario(write(tmp_path, text))
    lever = scenario.levers["care"]
    assert (lever.from_segment, lever.to, lever.causal) == ("savers", "locked", 0.5)
    round_trip(scenario, tmp_path)


def test_levers_that_say_the_same_may_be_several(tmp_path: Path) -> None:
    text = BANK
    for old, new in upgrade(UPGRADE, ("  outreach:\n", f"  again: {{{UPGRADE}}}\n  outreach:\n")):
        text = text.replace(old, new)
    assert {"care", "again"} <= set(load_scenario(write(tmp_path, text)).levers)
