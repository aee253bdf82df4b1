"""Every rule that refuses a scenario is broken by some case, so that none is there without ever having spoken."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.draft import draft
from simengine.scenario.problems import ScenarioError
from simengine.scenario.rules import RULES, found_by
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.worlds import Case, assert_told, problems, replaced, write

FILE = "portfolio: {customers: rows.csv, columns: {id: id, tenure: tenure}}\n"
WITH_NEEDS = "portfolio: {customers: rows.csv, columns: {id: id, segment: s, needs: {rate: r}}}\n"
SEVERAL = "portfolio: {customers: [rows.csv, rows.csv], columns: {id: id, segment: s}}\n"
SIGNS = "portfolio: {customers: rows.csv, columns: {id: id, segment: s}, format: {decimal: ',', thousands: ','}}\n"

CASES: dict[str, Case] = {
    "customers of one of three segments": (
        [("segments:\n  affluent:", FILE.replace("columns", "§columns") + "segments:\n  affluent:")],
        [("no column for the segment", "which of 3 segments", "state segment: <column>")],
    ),
    "a column for one of two needs": (
        [("segments:\n  affluent:", WITH_NEEDS.replace("needs:", "§needs:") + "segments:\n  affluent:")],
        [("no column for service", "a column for every need", "all of them, or none")],
    ),
    "a customer file named twice": (
        [("segments:\n  affluent:", SEVERAL.replace(", rows", ", §rows") + "segments:\n  affluent:")],
        [("rows.csv once more", "each customer file once", "leave it out")],
    ),
    "one sign for decimals and thousands": (
        [("segments:\n  affluent:", SIGNS.replace("thousands: ", "thousands: §") + "segments:\n  affluent:")],
        [(",", "another sign between thousands than ','", "write thousands: none")],
    ),
    "nobody to choose besides us": (
        [("    constants: {us: 0, atlas: 0.2, none: -1}", "    §constants: {us: 0}")],
        [("`us` alone", "at least one alternative", "add a rival or `none`")],
    ),
    "a market without us": (
        [("    constants: {us: 0, atlas: 0.2, none: -1}", "    §constants: {atlas: 0.2, none: -1}")],
        [("no `us`", "`us`, rivals and `none`", "`us` is the company")],
    ),
    "few replications for a precision": (
        [("mode: sampled, replications: 4", "mode: sampled, precision: 1%, replications: §4")],
        [("4, the most replications that there may be with a precision", "at least 30", "leave it out")],
    ),
    "no offer of ours": (
        [("offers:\n", "§offers:\n"), ("  us: {price: 100, rate: 5, service: 7}\n", "")],
        [("no offer of `us`", "our price and levels", "state offers: {us: {price: 100}}")],
    ),
    "years that no period ends with": (
        [("  name: Small", "  name: Small\n  residual: {method: fade, years: §2.1}")],
        [("2.1", "a whole number of quarters", "write 2 or 2.25")],
    ),
    "shares that no `none` would complete": (
        [("us: 34%, atlas: 43%, none: 23%", "us: 34%, atlas: 83%"), ("    shares:", "    §shares:")],
        [("shares that sum to 117%", "a sum of 100%", "take away 17%")],
    ),
    "shares that sum to less": (
        [("us: 34%, atlas: 43%, none: 23%", "us: 34%, atlas: 43%"), ("    shares:", "    §shares:")],
        [("shares that sum to 77%", "a sum of 100%", "add 23%: none: 23% would do")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,s,r,tenure\n1,affluent,1,3\n")
    assert_told(tmp_path, CASES[case])


def test_a_customer_file_that_is_not_there(tmp_path: Path) -> None:
    text, _ = replaced(("segments:\n  affluent:", WITH_NEEDS + "segments:\n  affluent:"))
    assert "no such file: rows.csv" in [problem.found for problem in problems(tmp_path, text)]


def test_every_rule_is_broken_by_some_case(tmp_path: Path) -> None:
    lost = WITH_NEEDS.replace("rows.csv", "lost.csv")
    cases = [*CASES.values(), ([("segments:\n  affluent:", lost + "segments:\n  affluent:")], [])]
    for path in sorted(Path(__file__).parent.glob("test_*.py")):  # others whose cases are written as ours
        if path != Path(__file__) and "CASES: dict[str, Case]" in path.read_text("utf-8"):
            cases += import_module(f"tests.scenario.{path.stem}").CASES.values()
    (tmp_path / "rows.csv").write_text("id,s\n1,affluent\n")
    broken: set[str] = set()
    for replacements, _ in cases:
        path = write(tmp_path, replaced(*replacements)[0])
        try:
            sound, _ = draft(read_yaml(path))
        except ScenarioError:
            continue  # not even YAML
        broken |= {rule.__name__ for rule in RULES if any(found_by(rule, sound))}
    assert {rule.__name__ for rule in RULES} == broken


def test_lines_of_a_circle_and_of_a_key_written_twice_are_shown_together(tmp_path: Path) -> None:
    text, _ = replaced(("  baseline: {}", "  baseline: {like: copy}"), ("like: more_advice", "like: baseline"))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(write(tmp_path, text))
    (circle,) = refused.value.problems
    assert text.splitlines()[circle.see[0] - 1].strip() == "like: baseline"
    (again,) = problems(tmp_path, replaced(("    margin: 58%\n", "    margin: 58%\n    margin: 57%\n"))[0])
    assert again.see == (again.line - 1,)
