"""What a person reads on standard error when something is wrong."""

from __future__ import annotations

from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simengine.report.problems import print_problems, print_warnings
from simengine.scenario.problems import Problem, of_option

TEXT = "company:\n  shares: many\n  shares: 5\nsegments: {a: {size: -4}}\n"


@pytest.fixture
def world(tmp_path: Path) -> str:
    path = tmp_path / "world.yaml"
    path.write_text(TEXT)
    return str(path)


def test_a_problem_is_its_place_its_line_and_what_to_do(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(world, 2, 11, "many", "a number", "write 5", "company.shares", 4)])
    assert capsys.readouterr().err == (
        f"{world}:2:11: company.shares\n"
        "  2 |   shares: many\n"
        "    |           ^^^^\n"
        "  found     many\n"
        "  expected  a number\n"
        "  hint      write 5\n"
        "\n"
        "1 problem\n"
    )


def test_lines_that_explain_stand_around_it(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(world, 3, 3, "the same key twice", "each key once", length=6, see=(2,))])
    assert "  2 |   shares: many\n  3 |   shares: 5\n    |   ^^^^^^\n" in capsys.readouterr().err


def test_a_gap_between_lines_shows(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(world, 4, 1, "x", "y", length=8, see=(1,))])
    shown = "  1 | company:\n    ...\n  4 | segments: {a: {size: -4}}\n    | ^^^^^^^^\n"
    assert shown in capsys.readouterr().err


def test_an_option_is_shown_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    option = "--set company.shares=many"
    print_problems([Problem(option, 0, 22, "many", "a number", length=4), of_option("--to", "x", "'x'", "a name")])
    assert capsys.readouterr().err == (
        "--set company.shares=many\n"
        "                     ^^^^\n"
        "  found     many\n  expected  a number\n\n"
        "--to x\n     ^\n  found     'x'\n  expected  a name\n\n"
        "2 problems\n"
    )


@pytest.mark.parametrize("change", ["gone", "shorter", "a folder"])
def test_files_that_have_changed_since_are_no_hindrance(
    change: str, world: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(world)
    path.unlink()
    if change == "shorter":
        path.write_text("company:\n")
    elif change == "a folder":
        path.mkdir()
    print_problems([Problem(world, 2, 11, "many", "a number", place="company.shares", length=4)])
    assert capsys.readouterr().err == (
        f"{world}:2:11: company.shares\n  found     many\n  expected  a number\n\n1 problem\n"
    )


def test_after_fifty_they_are_counted_by_kind(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    problems = [Problem(world, 2, 11, f"x{i}", "a number") for i in range(50)]
    problems += [Problem(world, 2, 11, "y", "a date")] * 3 + [Problem("rows.csv", 9, 1, "z", "a name")] * 1200
    print_problems(problems)
    told = capsys.readouterr().err
    assert "x49" in told
    assert told.endswith(
        "\nand 1,203 more:\n"
        "  1200 in rows.csv: expected a name\n"
        f"     3 in {world}: expected a date\n"
        "\n1,253 problems in 2 files\n"
    )


def test_many_kinds_are_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem("f", 1, 1, "x", f"kind {i}") for i in range(100)])
    told = capsys.readouterr().err
    assert "kind 59\n  40 of other kinds\n" in told
    assert "kind 60" not in told


def test_warnings_say_that_they_are(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_warnings([])
    assert capsys.readouterr().err == ""
    print_warnings([Problem(world, 4, 21, "a size of -4", "more", place="segments.a.size", length=2)])
    told = capsys.readouterr().err
    assert told.startswith(f"{world}:4:21: warning: segments.a.size\n")
    assert told.endswith("\n1 warning\n")


def test_colours_only_where_they_are_wanted(
    world: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(world, 2, 11, "many " * 40, "a number", length=4)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    print_problems([problem])
    coloured = capsys.readouterr().err
    assert "\x1b[31m^^^^" in coloured
    said = [line for line in coloured.splitlines() if "many" in line and "shares" not in line]
    assert [line.count("many") for line in said] == [13, 13, 13, 1]
    monkeypatch.setenv("NO_COLOR", "1")
    print_problems([problem])
    assert "\x1b[31m" not in capsys.readouterr().err


def test_brackets_of_markup_are_only_brackets(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(world, 1, 1, "[red]x[/red] :smile:", "[b]", "[/]", "[i]")])
    told = capsys.readouterr().err
    assert "found     [red]x[/red] :smile:\n  expected  [b]\n  hint      [/]\n" in told


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
    line=st.integers(0, 12),
    column=st.integers(0, 80),
    length=st.integers(0, 20),
    see=st.lists(st.integers(1, 12), max_size=2).map(tuple),
    texts=st.tuples(*[st.text(max_size=50)] * 4),
)
def test_whatever_a_file_and_a_problem_hold_it_is_printed(
    content: bytes,
    line: int,
    column: int,
    length: int,
    see: tuple[int, ...],
    texts: tuple[str, str, str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "world.yaml"
    path.write_bytes(content)
    found, expected, suggestion, place = texts
    print_problems([Problem(str(path), line, column, found, expected, suggestion, place, length, see)])
    told = capsys.readouterr().err.removesuffix("\n").split("\n")
    assert told[0].startswith(f"{path}:{line}:{column}" if line else str(path))
    assert told[-2:] == ["", "1 problem"]
    assert not any(category(sign) in ("Cc", "Cf", "Zl", "Zp") for row in told for sign in row)
