"""Whatever is wrong with a scenario: exit 2, where it is, no traceback, nothing written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Ended

CUSTOMERS = "portfolio: {customers: customers.csv, columns: {id: customer, segment: segment, revenue: revenue}}\n"

# what is wrong: (what to replace in the small scenario, by what, the line that the problem is on)
MISTAKES = {
    "unknown key": ("discount_rate: 9%", "discount: 9%", 6),
    "wrong type": ("periods: 8}", "periods: many}", 4),
    "negative size": ("size: 400", "size: -400", 10),
    "shares that do not sum to 1": ("atlas: 43%", "atlas: 53%", 13),
    "unknown need": ("{rate: 0.4, service: 0.6}", "{rate: 0.4, servce: 0.6}", 11),
    "unknown segment": ("{affluent: 20k}", "{afluent: 20k}", 28),
    "unknown lever": ("more_advice: {advisers", "more_advice: {advizers", 28),
    "unknown rival": ("who: atlas", "who: atlsa", 31),
    "a rival without an offer": ("  atlas: {price: 98, rate", "  neo: {price: 98, rate", 13),
    "churn that the review rate excludes": ("churn: 7%", "churn: 60%", 15),
    "duplicate key": ("    margin: 58%\n", "    margin: 58%\n    margin: 57%\n", 19),
    "bad number word": ("shares: 1 million", "shares: 1 milion", 6),
    "bad percentage": ("tax_rate: 25%", "tax_rate: 125%", 6),
    "bad date": ("at: 2026-Q3", "at: 2026-Q5", 31),
    "date outside the calendar": ("at: 2026-Q3", "at: 2036-Q3", 31),
    "not YAML": ("needs: [rate, service]", "needs: [rate, service", 8),
    "a field of a later version": ("  baseline: {}\n", "  baseline: {design: {affluent: {groups: 8}}}\n", 27),
    "missing customer file": ("segments:\n", CUSTOMERS + "segments:\n", 8),
    "missing block": ("company: {", "enterprise: {", None),
    "a list where a mapping belongs": ("company: {name: Small", "company: [{name: Small", None),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_bad_scenarios_are_refused_by_name_and_line(
    mistake: str, scenario: Path, simengine: Callable[..., Ended]
) -> None:
    old, new, line = MISTAKES[mistake]
    assert old in SMALL
    scenario.write_text(SMALL.replace(old, new, 1))
    ended = simengine("run", scenario.name, "--json")
    assert ended.code == 2, ended.err
    place = re.search(r"^small\.yaml:(\d+):\d+", ended.err, re.MULTILINE)
    assert place, ended.err
    if line is not None:
        assert int(place[1]) == line, ended.err
    assert "expected" in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


def test_a_missing_scenario_is_refused(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", "nowhere.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "nowhere.yaml" in ended.err
    assert "Traceback" not in ended.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"- a\n- b\n", b"just words\n"])
def test_files_that_are_no_scenario_are_refused(
    content: bytes, scenario: Path, simengine: Callable[..., Ended]
) -> None:
    scenario.write_bytes(content)
    ended = simengine("run", scenario.name)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "small.yaml" in ended.err
    assert "Traceback" not in ended.err


def test_a_folder_is_no_scenario(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", ".")
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("a,affluent,many\n", 2),
        ("a,affluent,10\na,affluent,20\n", 3),
        ("a,afluent,10\n", 2),
        ("a,affluent,-10\n", 2),
        ("a,affluent,10\nb,affluent\n", 3),
    ],
    ids=["bad number", "duplicate id", "unknown segment", "negative revenue", "short row"],
)
def test_bad_customer_files_are_refused_by_row(
    rows: str, line: int, scenario: Path, simengine: Callable[..., Ended]
) -> None:
    text = SMALL.replace("segments:\n", CUSTOMERS + "segments:\n", 1)
    text = text.replace("    revenue: {lognormal: {mean: 2700, cv: 0.6}}\n", "").replace("    size: 400\n", "")
    scenario.write_text(text)
    (scenario.parent / "customers.csv").write_text("customer,segment,revenue\n" + rows)
    ended = simengine("run", scenario.name)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert f"customers.csv:{line}:" in ended.err
    assert "Traceback" not in ended.err
    assert not (scenario.parent / "runs").exists()


def test_problems_are_reported_together(scenario: Path, simengine: Callable[..., Ended]) -> None:
    scenario.write_text(SMALL.replace("size: 400", "size: -400").replace("tax_rate: 25%", "tax_rate: 125%"))
    ended = simengine("validate", scenario.name)
    assert ended.code == 2
    assert "small.yaml:6:" in ended.err
    assert "small.yaml:10:" in ended.err
    assert "2 problems" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--mode", "guessed"), ("--seed", "-1"), ("--seed", str(2**48)), ("--replications", "0"),
        ("--threads", "0"), ("--block", "0"), ("--batch", "0"), ("--to", "basline"), ("--unheard-of",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_options_are_refused(arguments: tuple[str, ...], scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", scenario.name, *arguments)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert "Traceback" not in ended.err
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


def test_a_folder_that_holds_something_else_is_refused(scenario: Path, simengine: Callable[..., Ended]) -> None:
    thesis = scenario.parent / "thesis"
    thesis.mkdir()
    (thesis / "thesis.txt").write_text("years of work")
    ended = simengine("run", scenario.name, "--out", thesis)
    assert (ended.code, ended.out) == (2, "")
    assert "not a run's: thesis.txt" in ended.err
    assert [path.name for path in thesis.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("folder", [".", "..", "/"])
def test_the_folder_one_is_in_is_refused(folder: str, scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", scenario.name, "--out", folder)
    assert (ended.code, ended.out) == (2, "")
    assert "the folder you are in" in ended.err
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]


@pytest.mark.parametrize(
    ("option", "value", "found", "expected"),
    [
        ("--seed", "many", "many", "a seed: a number such as"),
        ("--seed", "-1", "-1", "a seed, at least 0 and at most 281,474,976,710,655"),
        ("--replications", "2.5", "2.5", "a number of replications, a whole number"),
        ("--mode", "sample", "sample", "sampled or expected"),
    ],
)
def test_options_of_the_simulation_are_refused_as_the_scenario_s_own_are(
    option: str, value: str, found: str, expected: str, scenario: Path, simengine: Callable[..., Ended]
) -> None:
    ended = simengine("validate", scenario.name, option, value)
    assert (ended.code, ended.out) == (2, "")
    first, mark, told, wanted, *_ = ended.err.splitlines()
    assert first.startswith(f"{option} {value}: simulation.")
    assert mark == " " * (len(option) + 1) + "^" * len(value)
    assert told.startswith(f"  found     {found}")
    assert wanted.startswith(f"  expected  {expected}")


def test_a_file_name_that_is_too_long(scenario: Path, simengine: Callable[..., Ended]) -> None:
    long, synth = 300 * "a", ("synth", scenario.name, "--customers", "50")
    portfolio = f"portfolio={{customers: {long}.csv, columns: {{id: id}}}}"
    for command in (
        ("validate", scenario.name, "--set", portfolio),
        ("run", scenario.name, "--out", long),
        ("inspect", f"{long}.csv"),
        (*synth, "--out", f"{long}.csv"),
        (*synth, "--out", f"{240 * 'a'}.csv"),  # its workshop's is
        ("diff", scenario.name, long),
    ):
        ended = simengine(*command)
        assert (ended.code, ended.out) == (2, ""), ended.err
        assert "too long" in ended.err
    assert simengine("validate", scenario.name, "--set", portfolio).err.startswith("--set portfolio=")  # its place
