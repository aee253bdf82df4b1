"""Copies that begin later: what is shifted, what is not, and what falls away."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.allocation import Funding
from simengine.scenario.resolve import delayed
from tests.scenario.worlds import problems, replaced, write

PHASED = "  phased:\n    care: [{from: 2027-Q2, until: 2027-Q4, savers: 1k}, {from: 2028, savers: 2k}]\n"


def bank(folder: Path, *allocations: str) -> Scenario:
    """The bank, eight quarters from 2027-Q1, with these allocations after `phased`."""
    text, _ = replaced((PHASED, PHASED + "".join(f"  {each}\n" for each in allocations)))
    return load_scenario(write(folder, text))


def care(scenario: Scenario, name: str) -> list[tuple[int, int, float]]:
    return [(f.start, f.end, f.amounts["savers"]) for f in scenario.allocations[name].fundings.get("care", ())]


def test_every_phase_begins_and_ends_later(tmp_path: Path) -> None:
    scenario = bank(tmp_path, "delayed: {like: phased, shift: 2}", "prompt: {like: phased, shift: 0}")
    assert care(scenario, "phased") == [(1, 4, 1000), (4, 8, 2000)]
    assert care(scenario, "delayed") == [(3, 6, 1000), (6, 8, 2000)]
    assert scenario.allocations["prompt"] == scenario.allocations["phased"]


def test_what_would_begin_after_the_calendar_falls_away(tmp_path: Path) -> None:
    scenario = bank(tmp_path, *(f"by_{n}: {{like: phased, shift: {n}}}" for n in (3, 4, 6, 7, 1200)))
    assert care(scenario, "by_3") == [(4, 7, 1000), (7, 8, 2000)]
    assert care(scenario, "by_4") == [(5, 8, 1000)]
    assert care(scenario, "by_6") == [(7, 8, 1000)]
    assert scenario.allocations["by_7"] == scenario.allocations["by_1200"] == scenario.allocations["baseline"]


def test_levers_stated_beside_shift_keep_their_own_dates(tmp_path: Path) -> None:
    own = "care: {until: 2027-Q2, savers: 5k}, outreach: {from: 2027-Q3, mass: 3k}"
    scenario = bank(tmp_path, f"delayed: {{like: phased, shift: 2, {own}}}")
    assert care(scenario, "delayed") == [(0, 2, 5000)]
    assert scenario.allocations["delayed"].fundings["outreach"] == (Funding(start=2, end=8, amounts={"mass": 3000}),)


def test_shifts_of_a_chain_of_copies_add_up(tmp_path: Path) -> None:
    scenario = bank(
        tmp_path,
        "third: {like: second, shift: 1}",
        "second: {like: first, outreach: {mass: 1k}}",
        "first: {like: phased, shift: 2}",
    )
    assert care(scenario, "third") == [(4, 7, 1000), (7, 8, 2000)]
    assert scenario.allocations["third"].fundings["outreach"][0].start == 1


@pytest.mark.parametrize("keys", list(permutations(["like: phased", "shift: 2", "outreach: {mass: 1k}"])))
def test_the_order_of_the_keys_is_immaterial(keys: tuple[str, ...], tmp_path: Path) -> None:
    scenario = bank(tmp_path, f"delayed: {{{', '.join(keys)}}}")
    assert care(scenario, "delayed") == [(3, 6, 1000), (6, 8, 2000)]
    assert scenario.allocations["delayed"].fundings["outreach"][0].start == 0


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 12))
def test_shifting_twice_is_shifting_by_the_sum(one: int, two: int, periods: int) -> None:
    phases = tuple(Funding(start=t, end=min(t + 3, periods), amounts={"a": float(t)}) for t in range(periods))
    assert delayed(delayed(phases, one, periods), two, periods) == delayed(phases, one + two, periods)


def test_circles_are_found_through_shifts(tmp_path: Path) -> None:
    text, _ = replaced((PHASED, PHASED + "  a: {like: b, shift: 1}\n  b: {like: a, shift: 1}\n"))
    (problem,) = problems(tmp_path, text)
    assert (problem.place, problem.found) == ("allocations.a.like", "a circle of copies: a → b → a")
    assert problem.see == (problem.line + 1,)
