"""Uncertain inputs that were observed: read from a column, and every way in which that cannot be."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from simengine.scenario import Problem, Scenario, ScenarioError, load_scenario
from simengine.tables.inputs import input_quantile, inputs_of
from tests.scenario.test_northbank import PATH as NORTHBANK

CHURN, CAPITAL = "segments.affluent.churn", "segments.affluent.capital"
HERE = "{file: observed.csv, column: churn}"


PACKED = gzip.compress(b"churn\n", mtime=0)  # the same bytes in every second, as they name a test


def stated(folder: Path, empirical: str = HERE, path: str = CHURN, more: str = "") -> Scenario:
    file = folder / "observed.yaml"
    file.write_text(f"extends: {NORTHBANK}\nuncertain:\n  {path}: {{empirical: {empirical}{more}}}\n")
    return load_scenario(file)


def problems(folder: Path, empirical: str = HERE, path: str = CHURN, more: str = "") -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as failed:
        stated(folder, empirical, path, more)
    return failed.value.problems


def values(scenario: Scenario, path: str = CHURN) -> tuple[float, ...]:
    return scenario.uncertain.inputs[path].values  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("churn\n6%\n7%\n\n8.5%\n7%\n", "utf-8"),
        ("a,churn\n1, 0.06\n2,0.07\n3,0.085\n4,0.07\n", "utf-8-sig"),
        ('"of year";"churn"\r\n2023;"6,0 %"\r\n2024;"7,0 %"\r\n2025;8,5 %\r\n2026;7 %\r\n', "utf-8"),
        ("Käufer\tchurn\n1\t0.06\n1\t7%\n1\t8.5%\n1\t0.07\n", "cp1252"),
    ],
)
def test_a_column_of_text(text: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_bytes(text.encode(encoding))
    assert values(stated(tmp_path)) == (0.06, 0.07, 0.07, 0.085)


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT", "VARCHAR", "DECIMAL(9, 3)"])
def test_a_column_of_parquet(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "observed[1].parquet"
    query = f'SELECT 1 AS id, CAST(x AS {kind}) AS "c""hurn" FROM (VALUES (0.06), (0.085), (0.07)) t(x)'
    duckdb.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    found = values(stated(tmp_path, '{file: "observed[1].parquet", column: \'c"hurn\'}'))
    assert found == pytest.approx((0.06, 0.07, 0.085), rel=1e-6)


def test_draws_are_what_was_observed_as_often(tmp_path: Path) -> None:
    """Four standard errors."""
    (tmp_path / "observed.csv").write_text("churn\n" + "6%\n" * 2 + "7%\n" * 5 + "8%\n" * 2 + "20%\n")
    scenario = stated(tmp_path, more=", max: 8%")
    drawn = inputs_of(scenario, 0, 2000)[:, 0].tolist()
    shares = {each: drawn.count(each) / 2000 for each in sorted(set(drawn))}
    assert shares == pytest.approx({0.06: 2 / 9, 0.07: 5 / 9, 0.08: 2 / 9}, abs=4 * 0.5 / 2000**0.5)
    assert [input_quantile(scenario, CHURN, u) for u in (0.01, 0.22, 0.23, 0.5, 0.999)] == [
        0.06,
        0.06,
        0.07,
        0.07,
        0.08,
    ]


def test_a_list_is_a_column(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("churn\n8%\n6%\n7%\n")
    listed, column = stated(tmp_path, "[8%, 6%, 7%]"), stated(tmp_path)
    assert (inputs_of(listed, 0, 50) == inputs_of(column, 0, 50)).all()


def test_the_resolved_scenario_finds_the_file_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("churn\n8%\n6%\n7%\n")
    scenario = stated(tmp_path)
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "resolved.yaml").write_text(scenario.resolved_yaml())
    again = load_scenario(elsewhere / "resolved.yaml")
    assert again.uncertain == scenario.uncertain
    assert again.resolved_yaml() == scenario.resolved_yaml()
    assert scenario.uncertain.files == (str(tmp_path / "observed.csv"),)


def test_a_value_at_the_end_of_a_range_is_within(tmp_path: Path) -> None:
    assert values(stated(tmp_path, "[8, 10, 9]", "offers.us.advice"), "offers.us.advice") == (8, 9, 10)
    file = tmp_path / "ends.yaml"
    file.write_text(f"extends: {NORTHBANK}\nuncertain: {{offers.us.advice: {{discrete: {{values: [4, 10]}}}}}}\n")
    assert set(inputs_of(load_scenario(file), 0, 40)[:, 0].tolist()) == {4.0, 10.0}


def test_every_bad_cell_is_told_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("id,churn\n1,7%\n2,140%\n3,\n4\n5,n/a\n6,7\n")
    found = problems(tmp_path)
    assert [(p.file, p.line, p.column) for p in found] == [
        (str(tmp_path / "observed.csv"), line, 3) for line in (3, 4, 5, 6, 7)
    ]
    assert [p.found for p in found] == ["140%", "an empty cell", "an empty cell", "n/a", "7"]
    assert all(p.expected.startswith("a probability a year") for p in found)
    assert [p.suggestion for p in found[:3]] == ["", *["delete the row, or write what was observed"] * 2]
    assert found[-1].suggestion == "did you mean 7%?"


def test_of_many_bad_cells_ten_are_told(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("churn\n" + "x\n" * 30)
    found = problems(tmp_path)
    assert len(found) == 11
    assert found[-1].found == "20 more such cells"


@pytest.mark.parametrize(
    ("name", "content", "found", "expected", "suggestion"),
    [
        ("observed.csv", None, "observed.csv: no such file", "a file with what was observed", ""),
        ("observed.csv", b"", "`churn`", "a column of observed.csv: none is there", ""),
        ("observed.csv", b"churn\n", "no row below the header", "a value in each of some rows", ""),
        ("observed.csv", b"chrun,b\n1,2\n", "`churn`", "observed.csv: `chrun` or `b`", "did you mean 'chrun'?"),
        ("observed.csv", b"churn,churn\n1,2\n", "2 columns `churn`", "a name of one column", ""),
        ("observed.csv", b"churn\n\0\0\0\n", "observed.csv, which is no text", "a CSV file", "save it as CSV in UTF-8"),
        ("observed.xlsx", b"PK", "observed.xlsx", "a CSV or Parquet file", "save it as CSV, with a header"),
        ("observed.csv.gz", PACKED, "observed.csv.gz", "a CSV or Parquet file", "save it as CSV"),
        ("observed.parquet", b"PAR1", "observed.parquet, which cannot be read", "a Parquet file", ""),
    ],
)
def test_a_file_that_does_not_serve(
    name: str, content: bytes | None, found: str, expected: str, suggestion: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (problem,) = problems(tmp_path, f"{{file: {name}, column: churn}}")
    assert (problem.file, problem.line) == (str(tmp_path / "observed.yaml"), 3)
    assert found in problem.found
    assert expected in problem.expected
    assert suggestion in problem.suggestion


@pytest.mark.parametrize(
    ("empirical", "found", "expected"),
    [
        ("7%", "7%", "a list of values, or {file, column}"),
        ("[]", "no entries", "1 entry"),
        ("{file: observed.csv}", "no `column`", "the column with the values"),
        ("{fil: observed.csv, column: churn}", "the unknown key `fil`", "one of column or file"),
        ("[5%, 140%]", "140%", "a probability a year"),
        ("[5%, [6%]]", "a list", "a number"),
    ],
)
def test_what_is_malformed(empirical: str, found: str, expected: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, empirical)
    assert found in problem.found
    assert expected in problem.expected


def test_observed_draws_that_a_rule_would_refuse(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("churn\n6%\n7%\n8%\n95%\n")
    (problem,) = problems(tmp_path)
    assert "whose 99th percentile is 95%" in problem.found
    assert problem.suggestion.startswith("cut it with max")
    assert values(stated(tmp_path, more=", max: 10%")) == (0.06, 0.07, 0.08, 0.95)
    (nothing,) = problems(tmp_path, more=", max: 5%")
    assert "a distribution with nothing from 0 to 0.05" in nothing.found


def test_capital_of_revenue(tmp_path: Path) -> None:
    (tmp_path / "observed.csv").write_text("churn\n10%\n12%\n14%\n")
    assert values(stated(tmp_path, HERE, CAPITAL), CAPITAL) == (0.1, 0.12, 0.14)
