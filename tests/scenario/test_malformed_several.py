"""Scenarios with several problems: all are told at once, sorted by place, and none that only follows from another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simengine.scenario import Problem, ScenarioError
from simengine.scenario.problems import did_you_mean, listed
from tests.scenario.worlds import BANK, problems, replaced

KEYS = """calendar simulation company needs segments offers levers allocations moves discount_rate tax_rate
shares overhead size review churn price_sensitivity revenue margin hazard today response carry_over target like
start step periods seed mode replications mean half name"""


def test_the_scenario_that_is_changed_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, BANK) == ()


def test_problems_of_fields_and_of_rules_are_told_together(tmp_path: Path) -> None:
    text, places = replaced(
        ("tax_rate: 25%", "§taxrate: 25%"),
        ("shares: {us: 34%", "§shares: {us: 44%"),
        ("    margin: 40%", "    margin: §forty"),
        ("half: 3k, shape: 1", "half: §0, shape: 1"),
        ("like: more_advice", "like: §more"),
        ("at: 2027-Q3", "at: §2047-Q3"),
    )
    found = problems(tmp_path, text)
    assert [(p.line, p.column) for p in found] == places


def test_a_broken_element_does_not_hide_or_cause_others(tmp_path: Path) -> None:
    """Names of broken segments, levers and allocations are still known."""
    text, places = replaced(
        ("    margin: 58%", "    margin: §x"),
        ("    carry_over: 70%", "    carry_over: §x"),
        ("more_advice: {advisers: {affluent: 9k}}", "more_advice: {advisers: {affluent: §x}}"),
    )
    assert [(p.line, p.column) for p in problems(tmp_path, text)] == places


@pytest.mark.parametrize(
    "block", ["company", "segments", "allocations", "offers", "levers", "moves", "calendar", "needs"]
)
@pytest.mark.parametrize("content", ["5", "[1, 2]", "{}", "~", "text", "{a: {b: c}}", "{a: 1}", "{~: ~}"])
def test_any_block_may_be_anything(block: str, content: str, tmp_path: Path) -> None:
    lines = BANK.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{block}:"))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    found = problems(tmp_path, "\n".join([*lines[:start], f"{block}: {content}", *lines[end:]]))
    if (block, content) not in {("calendar", "{}"), ("levers", "{}"), ("moves", "{}")}:
        assert any(p.line == start + 1 for p in found)


@pytest.mark.parametrize("key", ["company", "segments", "allocations"])
def test_blocks_that_must_be_there(key: str, tmp_path: Path) -> None:
    found = problems(tmp_path, f"simengine: 1\n{key[:2]}: 1\n")
    assert {p.found for p in found if p.found.startswith("no ")} == {
        "no `company`",
        "no `segments`",
        "no `allocations`",
    }
    assert all(p.line == 1 for p in found if p.found.startswith("no "))


def test_without_our_offer(tmp_path: Path) -> None:
    text, _ = replaced(("offers:\n  us:", "offers:\n  ours:"))
    said = {p.found: p.suggestion for p in problems(tmp_path, text)}
    assert said["no offer of `us`"] == "did you mean 'ours'?"
    assert "state its share" in said["`ours`"]


def test_without_our_share(tmp_path: Path) -> None:
    text, _ = replaced(("shares: {us: 34%", "shares: {uss: 34%"))
    said = {p.found: p.suggestion for p in problems(tmp_path, text)}
    assert said["no `us`"] == "did you mean 'uss'?"
    assert said["`uss`, which has no offer"] == "did you mean 'us'?"


def test_a_monopoly_has_nothing_to_choose(tmp_path: Path) -> None:
    text, _ = replaced(("shares: {us: 34%, atlas: 43%, none: 23%}", "shares: {us: 1, none: 0}"))
    assert any(p.found == "`us` alone" and "at least one alternative" in p.expected for p in problems(tmp_path, text))


def test_problems_are_sorted_and_told_once() -> None:
    late, early = Problem("a.yaml", 12, 3, "x", "y"), Problem("a.yaml", 2, 9, "x", "y", "z", "b.c")
    error = ScenarioError([late, early, late])
    assert error.problems == (early, late)
    assert str(error) == "a.yaml:2:9: b.c: found x, expected y; z\na.yaml:12:3: found x, expected y\n2 problems"
    assert str(Problem("--seed", 0, 0, "x", "y")) == "--seed: found x, expected y"


def test_suggestions() -> None:
    assert did_you_mean("Affluent", ["affluent", "mass"]) == "did you mean 'affluent'?"
    assert did_you_mean("zzz", ["affluent"], otherwise="leave it") == "leave it"
    assert did_you_mean("x", []) == ""
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]


def test_a_mover_is_looked_up_though_the_segment_with_its_share_is_malformed(tmp_path: Path) -> None:
    text, places = replaced(("    margin: 58%", "    margin: §x"), ("who: atlas", "who: §atlsa"))
    found = problems(tmp_path, text)
    assert [(p.line, p.column) for p in found] == places
    assert found[1].suggestion == "did you mean 'atlas'?"


def test_one_malformed_value_does_not_hide_others_of_its_element(tmp_path: Path) -> None:
    text, places = replaced(
        ("shares: {us: 34%", "§shares: {us: 44%"),
        ("    margin: 58%", "    margin: §x"),
        ("who: atlas, at: 2027-Q3", "who: §altas, at: §soon"),
    )
    assert sorted((p.line, p.column) for p in problems(tmp_path, text)) == sorted(places)


@pytest.mark.parametrize("key", [key for key in KEYS.split() if re.search(rf"\b{key}:", BANK)])
def test_a_misspelt_key_is_one_problem(key: str, tmp_path: Path) -> None:
    """What follows from the block or the figure that is not there is not told."""
    for slip in (key.upper(), key[:-2] + key[-1] + key[-2], key + "x"):
        if slip != key:
            (found,) = problems(tmp_path, re.sub(rf"\b{key}:", f"{slip}:", BANK, count=1))
            assert found.suggestion == f"did you mean '{key}'?"
