"""Customer files with mistakes: every one is found, and named by file, line and column."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.problems import Problem, ScenarioError
from tests.portfolio.worlds import CONTRACT, MARKET, with_file

TELCO = Path(__file__).parents[2] / "scenarios/data/telco.csv"
ONE = f"segments: {{all: {CONTRACT}}}\n"
TWO = "segments:\n" + "".join(
    f"  {name}: {{dynamics: contract, hazard: {{constant: 10%}}, margin: 50%}}\n" for name in ("big", "small")
)
COLUMNS = "{id: id, segment: segment, revenue: revenue, tenure: {column: months, unit: months}, churned: left}"
GOOD = "id,segment,revenue,months,left\na1,big,10,3,no\na2,small,20,0,Yes\na3,small,30.5,12,0\n"


def problems(folder: Path, rows: str, columns: str = COLUMNS, body: str = TWO, **more: object) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(folder, rows, columns, body, **more))
    return list(caught.value.problems)


def places(found: list[Problem]) -> list[tuple[int, int]]:
    return [(problem.line, problem.column) for problem in found]


def test_a_sound_file(tmp_path: Path) -> None:
    portfolio = load_portfolio(with_file(tmp_path, GOOD, COLUMNS, TWO))
    population = portfolio.population
    assert portfolio.file_customers == 3
    assert portfolio.source == "customers.csv"
    assert population.labels.tolist() == ["a1", "a3"]  # a2 has left
    assert population.segment.tolist() == [0, 1]
    assert population.revenue.tolist() == [10.0, 30.5]
    assert population.tenure_months.tolist() == [3, 12]
    assert population.supplier.tolist() == [0, 0]


def test_bad_cells_are_located(tmp_path: Path) -> None:
    rows = (
        "id,segment,revenue,months,left\n"
        "a1,big,-10,3,no\n"  # negative revenue, line 2
        "a2,smal,20,0,no\n"  # unknown segment
        ",small,30,12,no\n"  # empty id
        'a4,"small",nan,1,no\n'  # not a number, after a quoted field
        "\n"
        "a1,big,5,x,maybe\n"  # line 7: id again, tenure not a number, churned not a yes or no
        'a6,big,"1,500",2,no\n'  # a comma that could be either sign
        "a7,big,inf,-1,no\n"
    )
    found = problems(tmp_path, rows)
    assert places(found) == [
        (2, 8), (3, 4), (4, 1), (5, 12), (7, 1), (7, 10), (7, 12), (8, 8), (9, 8), (9, 12),
    ]  # fmt: skip
    assert all(problem.file.endswith("customers.csv") for problem in found)
    text = [str(problem) for problem in found]
    assert "did you mean 'small'?" in text[1]
    assert "found nothing, expected an id" in text[2]
    assert "found 'a1', expected an id that no other row has; line 2 has it" in text[4]
    assert "found 'maybe', expected yes, true, 1, no, false or 0" in text[6]
    assert "write 1500, or 1.5 for a decimal point; or state portfolio.format.decimal" in text[7]
    assert "0 or more" in text[0]


def test_at_most_twenty_problems_are_shown(tmp_path: Path) -> None:
    rows = "id,segment,revenue,months,left\n" + "".join(f"a{i},big,-1,x,no\n" for i in range(500))
    found = problems(tmp_path, rows)
    assert len(found) == 21
    assert "980 more bad cells" in found[-1].found
    assert places(found)[:3] == [(2, 8), (2, 11), (3, 8)]


def test_records_of_the_wrong_length(tmp_path: Path) -> None:
    rows = 'id,segment,revenue,months,left\na1,big,1,1,no\na2,"bi\ng",1,1,no\na3,big\n'
    rows += "a4,big,1,1,no,extra\na5,big,-1,1,no\n"
    found = problems(tmp_path, rows)
    assert places(found) == [(3, 4), (5, 1), (6, 1), (7, 8)]
    assert "too few fields" in found[1].found
    assert "too many fields" in found[2].found


def test_a_missing_column(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, GOOD.replace("revenue", "revenues"))
    assert found.file.endswith("scenario.yaml")
    assert found.line == 4
    assert "did you mean 'revenues'?" in str(found)
    assert "id, segment, revenues, months, left" in found.expected


def test_a_column_that_occurs_twice(tmp_path: Path) -> None:
    rows = "id,segment,revenue,months,left,revenue\na1,big,10,3,no,10\n"
    (found,) = problems(tmp_path, rows)
    assert "2 columns" in found.found


@pytest.mark.parametrize("rows", ["", "id,segment,revenue,months,left\n"])
def test_an_empty_file(tmp_path: Path, rows: str) -> None:
    assert "no customers" in str(problems(tmp_path, rows)[-1])


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("1,100", "write 1100, or 1.1 for a decimal point; or state portfolio.format.decimal"),
        ("20%", "write 20, without signs"),
        ("€ 20", "write 20, without signs"),
    ],
)
def test_hints_on_signs(tmp_path: Path, cell: str, hint: str) -> None:
    (found,) = problems(tmp_path, GOOD.replace("30.5", f'"{cell}"'))
    assert places([found]) == [(4, 10)]
    assert hint in found.suggestion


def test_trailing_rows_of_nothing_are_skipped(tmp_path: Path) -> None:
    rows = GOOD + ',,,,\n ,"",,,\n,,,,\n'
    assert load_portfolio(with_file(tmp_path, rows, COLUMNS, TWO)).file_customers == 3
    assert places(problems(tmp_path, GOOD + ",,,,\na4,big,1,1,maybe\n"))[0][0] == 5  # not trailing
    assert "no customers" in str(problems(tmp_path, "id,segment,revenue,months,left\n,,,,\n")[-1])


@pytest.mark.parametrize(
    ("content", "found", "hint"),
    [
        (GOOD.encode("utf-16-le"), "binary content", "save as CSV UTF-8"),
        (b"PK\x03\x04" + bytes(range(256)), "a spreadsheet", "end in .xlsx"),
        (bytes(range(256)), "binary content", "save as CSV UTF-8"),
        (b"PAR1" + bytes(99), "a Parquet file", ".parquet"),
    ],
)
def test_other_content_than_csv(tmp_path: Path, content: bytes, found: str, hint: str) -> None:
    scenario = with_file(tmp_path, GOOD, COLUMNS, TWO)
    (tmp_path / "customers.csv").write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(scenario)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, 1)
    assert problem.found.startswith(found)
    assert hint in problem.suggestion


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_may_declare_the_delimiter(tmp_path: Path, first: str, end: str) -> None:
    rows = end.join([first, *GOOD.replace(",", ";").splitlines(), ""])
    found = load_portfolio(with_file(tmp_path, rows, COLUMNS, TWO)).population
    plain = load_portfolio(with_file(tmp_path, GOOD, COLUMNS, TWO)).population
    assert found.labels.tolist() == plain.labels.tolist()
    assert found.revenue.tolist() == plain.revenue.tolist()
    assert places(problems(tmp_path, rows.replace("30.5", "much"))) == [(5, 10)]
    assert places(problems(tmp_path, rows + "too;few" + end)) == [(6, 1)]


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, GOOD, name="customers.parquet")
    assert "not Parquet" in found.found


def test_other_kinds_of_file_are_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, GOOD, name="customers.doc")
    assert found.file.endswith("scenario.yaml")
    assert "ending in .csv" in found.suggestion.replace("end in", "ending in")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    text = "\ufeff" + GOOD.replace(",", delimiter)
    scenario = with_file(tmp_path, "", COLUMNS, TWO)
    (tmp_path / "customers.csv").write_bytes(text.replace("\n", end).encode())
    population = load_portfolio(scenario).population
    assert population.revenue.tolist() == [10.0, 30.5]


def test_names_with_wildcards_and_quotes(tmp_path: Path) -> None:
    columns = COLUMNS.replace("revenue: revenue", "revenue: \"the 'revenue'\"")
    rows = GOOD.replace("revenue", "the 'revenue'")
    scenario = with_file(tmp_path, rows, columns, TWO, name="our [best]* customers?.csv")
    assert load_portfolio(scenario).population.revenue.tolist() == [10.0, 30.5]


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    scenario = with_file(tmp_path, "", COLUMNS, TWO, name="customers.parquet")
    target = tmp_path / "customers.parquet"
    query = "COPY (SELECT * FROM (VALUES ('a1', 'big', 10.0, 3, false), ('a2', 'small', 20, 0, true), "
    query += "('a3', 'small', {}, 12, false)) AS t(id, segment, revenue, months, \"left\")) TO '{}'"
    duckdb.connect().execute(query.format(30.5, target))
    csv = load_portfolio(with_file(tmp_path, GOOD, COLUMNS, TWO)).population
    for ours, theirs in zip(load_portfolio(scenario).population, csv, strict=True):
        assert np.array_equal(ours, theirs)
    duckdb.connect().execute(query.format("-1", target))
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(scenario)
    assert places(list(caught.value.problems)) == [(3, 3)]


@pytest.mark.parametrize(("unit", "months"), [("years", [24, 28]), ("quarters", [6, 7]), ("months", [2, 2])])
def test_units_of_tenure(tmp_path: Path, unit: str, months: list[int]) -> None:
    rows = "id,revenue,age\n1,5,2\n2,5,2.333333\n"
    columns = f"{{id: id, tenure: {{column: age, unit: {unit}}}}}"
    assert load_portfolio(with_file(tmp_path, rows, columns, ONE)).population.tenure_months.tolist() == months


@pytest.mark.parametrize(("unit", "factor"), [("a year", 1), ("a quarter", 4), ("a month", 12)])
def test_units_of_revenue(tmp_path: Path, unit: str, factor: float) -> None:
    columns = f"{{id: id, revenue: {{column: pays, unit: {unit}}}}}"
    scenario = with_file(tmp_path, "id,pays\n1,7.25\n", columns, ONE)
    assert load_portfolio(scenario).population.revenue.tolist() == [7.25 * factor]


def test_integer_ids_are_addresses_and_others_are_hashed(tmp_path: Path) -> None:
    scenario = with_file(tmp_path, "id\n70\n070\nx\n", "{id: id}", ONE)
    population = load_portfolio(scenario).population
    assert population.labels[0] == "70"
    assert population.ids[0] == 70
    assert (population.ids[1:] > 1 << 40).all()
    assert (population.ids < 1 << 62).all()


def test_the_order_of_rows_is_invisible(tmp_path: Path) -> None:
    header, *lines = TELCO.read_text().splitlines()
    columns = (
        "{id: customer_id, segment: contract, revenue: monthly_charges, churned: churn, "
        "tenure: {column: tenure, unit: months}}"
    )
    body = "segments:\n" + "".join(
        f"  {name}: {{dynamics: contract, hazard: {{empirical: {{}}}}, margin: 50%}}\n"
        for name in ("Month-to-month", "One year", "Two year")
    )
    loaded = []
    for rows in (lines, sorted(lines, key=lambda line: line[::-1])):
        loaded.append(load_portfolio(with_file(tmp_path, "\n".join([header, *rows]), columns, body)))
    for one, other in zip(loaded[0].population, loaded[1].population, strict=True):
        assert np.array_equal(one, other)
    for name in loaded[0].hazards:
        assert np.array_equal(loaded[0].hazards[name].cumulative, loaded[1].hazards[name].cumulative)


def test_needs_columns(tmp_path: Path) -> None:
    rows = (
        "id,supplier,pays,s,v,a\n"
        "1,us,9,0.5,0.3,0.2\n"
        "2,atlas,9,0.3333,0.3333,0.3333\n"  # rounding: made to sum to 1
        "3,none,9,0.5,0.5,0.5\n"
        "4,us,9,-0.5,1,0.5\n"
        "5,atals,9,1,0,0\n"
    )
    columns = "{id: id, supplier: supplier, revenue: pays, needs: {speed: s, service: v, advice: a}}"
    found = problems(tmp_path, rows, columns, MARKET)
    assert places(found) == [(4, 10), (5, 8), (6, 3)]
    assert "a sum of 1.5" in found[0].found
    assert "did you mean 'atlas'?" in str(found[2])
    shares = MARKET.replace("us: 40%, atlas: 35%, none: 25%", "us: 50%, atlas: 50%")
    scenario = with_file(tmp_path, "\n".join(rows.splitlines()[:3]), columns, shares)
    needs = load_portfolio(scenario).population.needs
    assert needs.dtype == np.float32
    assert np.allclose(needs, [[0.2, 0.3, 0.5], [1 / 3, 1 / 3, 1 / 3]], atol=1e-7)  # needs in name order


def test_further_columns(tmp_path: Path) -> None:
    rows = "id,region,tier\n3,south,b\n1,north,\n2,south,a\n"
    portfolio = load_portfolio(with_file(tmp_path, rows, "{id: id}", ONE), further=["tier", "region"])
    region, regions = portfolio.column("region")
    tier, tiers = portfolio.column("tier")
    assert portfolio.population.ids.tolist() == [1, 2, 3]
    assert [regions[code] for code in region] == ["north", "south", "south"]
    assert [tiers[code] for code in tier] == ["", "a", "b"]
    with pytest.raises(KeyError):
        portfolio.column("id")
    with pytest.raises(ScenarioError, match="did you mean 'region'"):
        load_portfolio(with_file(tmp_path, rows, "{id: id}", ONE), further=["regoin"])


def test_prospects_have_no_further_column(tmp_path: Path) -> None:
    rows = "id,pays,region\n1,10,north\n2,20,south\n"
    portfolio = load_portfolio(with_file(tmp_path, rows, "{id: id, revenue: pays}", MARKET), further=["region"])
    codes, _ = portfolio.column("region")
    assert codes[portfolio.population.supplier == 0].tolist() == [0, 1]
    assert (codes[portfolio.population.supplier != 0] == -1).all()
    assert len(codes) == 5


def test_nothing_is_written_to_standard_output_however_long_it_takes(tmp_path: Path) -> None:
    with CustomerTable([TELCO], ["telco.csv"]) as table:
        assert table.query("SELECT current_setting('enable_progress_bar')") == [(False,)]
