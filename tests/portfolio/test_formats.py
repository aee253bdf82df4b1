"""The same customers in any kind of file are the same population, bit for bit."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.portfolio import load_portfolio
from simengine.portfolio.population import Population, Portfolio
from simengine.scenario import load_scenario
from simengine.scenario.problems import Problem, ScenarioError
from tests.portfolio.worlds import CONTRACT, HEADER, MARKET

COLUMNS = ("id", "segment", "supplier", "pays", "months", "s", "v", "a")
MAPPING = (
    "{id: id, segment: segment, supplier: supplier, revenue: pays, tenure: {column: months, unit: months}, "
    "needs: {speed: s, service: v, advice: a}}"
)
BODY = MARKET.replace("retail", "Größe & Co").replace("    shares: {us: 40%, atlas: 35%, none: 25%}\n", "").replace(
    "    churn: 5%\n", "    constants: {us: 0, atlas: 0, none: 0}\n    inertia: 1\n"
)  # fmt: skip
EXPECTED = "simulation: {mode: expected}\n"
SEGMENT = "Größe & Co"

Row = tuple[Any, ...]


def loaded(folder: Path, files: dict[str, bytes], more: str = "", customers: str = "", body: str = BODY) -> Portfolio:
    """The portfolio of a scenario beside some files."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    named = customers or json.dumps(next(iter(files)))
    path = folder / "scenario.yaml"
    path.write_text(
        f"{HEADER}portfolio:\n  customers: {named}\n  columns: {MAPPING}\n{more}\n{body}\n{EXPECTED}",
        encoding="utf-8",
    )
    return load_portfolio(load_scenario(path))


def refused(folder: Path, files: dict[str, bytes], more: str = "", customers: str = "") -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, files, more, customers)
    return list(caught.value.problems)


def same(one: Population, other: Population) -> bool:
    return all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() if a.dtype.kind != "T" else a.tolist() == b.tolist()
        for a, b in zip(one, other, strict=True)
    )


def number(value: object, decimal: str, thousands: str) -> str:
    """A number as text in some style; other values as they are."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    whole, _, decimals = f"{value!r}".partition(".")
    if thousands and "e" not in whole + decimals:
        whole = f"{int(whole):,}".replace(",", thousands)
    return whole + (decimal + decimals if decimals else "")


def csv_file(
    rows: list[Row],
    delimiter: str = ",",
    decimal: str = ".",
    thousands: str = "",
    encoding: str = "utf-8",
    end: str = "\n",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([row[0], *(number(value, decimal, thousands) for value in row[1:])])
    return text.getvalue().encode(encoding)


def parquet_file(rows: list[Row], folder: Path, id_type: str = "VARCHAR") -> bytes:
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE t (id {id_type}, segment VARCHAR, supplier VARCHAR, pays DOUBLE, months INTEGER, "
            "s DOUBLE, v DOUBLE, a DOUBLE)"
        )
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{folder / 'made.parquet'}' (FORMAT parquet)")
    return (folder / "made.parquet").read_bytes()


def excel_file(
    rows: list[Row], sheet: str = "Customers", top: int = 0, left: int = 0, others: tuple[str, ...] = ()
) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet(sheet)
        page.write_row(top, left, COLUMNS)
        for i, row in enumerate(rows, start=1):
            for k, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(top + i, left + k, value)
                else:
                    page.write(top + i, left + k, value)
        for other in others:
            book.add_worksheet(other).write(0, 0, "note")
    return content.getvalue()


ROWS: list[Row] = [
    ("a1", SEGMENT, "us", 1234.5, 3, 0.5, 0.25, 0.25),
    ("7", SEGMENT, "atlas", 99.0, 0, 0.125, 0.125, 0.75),
    ("é,;\t|\"'x", SEGMENT, "none", 0.07, 0, 1.0, 0.0, 0.0),
    ("two\nlines", SEGMENT, "us", 1234567.25, 1200, 0.3, 0.3, 0.4),
]


@pytest.fixture
def expected(tmp_path: Path) -> Population:
    population = loaded(tmp_path, {"plain.csv": csv_file(ROWS)}).population
    assert sorted(population.labels.tolist()) == sorted(row[0] for row in ROWS)
    assert sorted(population.revenue.tolist()) == sorted(row[3] for row in ROWS)
    return population


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("decimal", "thousands"), [(".", ""), (",", ""), (",", "."), (".", ","), (",", "\u00a0"), (".", "'")]
)
def test_what_is_not_stated_is_found_out(
    encoding: str, delimiter: str, decimal: str, thousands: str, expected: Population, tmp_path: Path
) -> None:
    content = csv_file(ROWS, delimiter, decimal, thousands, encoding, "\r\n")
    portfolio = loaded(tmp_path, {"customers.csv": content})
    assert same(portfolio.population, expected)
    assert any("cp1252" in notice for notice in portfolio.notices) == (encoding == "cp1252")
    assert any("decimal commas" in notice for notice in portfolio.notices) == (decimal == ",")


@pytest.mark.parametrize(
    ("style", "content"),
    [
        ('{delimiter: ";", decimal: ",", thousands: "."}', csv_file(ROWS, ";", ",", ".")),
        ('{delimiter: tab, decimal: ",", thousands: space}', csv_file(ROWS, "\t", ",", " ")),
        ("{decimal: '.', thousands: ','}", csv_file(ROWS, ";", ".", ",")),
        ("{decimal: '.', thousands: none}", csv_file(ROWS)),
        ('{thousands: "\'"}', csv_file(ROWS, ",", ".", "'")),
        ("{encoding: utf-16-le}", csv_file(ROWS, encoding="utf-16-le")),
        ("{encoding: cp850}", csv_file(ROWS, encoding="cp850")),
        ("{encoding: latin-1}", csv_file(ROWS, encoding="latin-1")),
        ("{encoding: utf-8}", csv_file(ROWS)),
    ],
)
def test_what_is_stated_holds(style: str, content: bytes, expected: Population, tmp_path: Path) -> None:
    assert same(loaded(tmp_path, {"customers.csv": content}, f"  format: {style}").population, expected)


def test_other_kinds_of_file(expected: Population, tmp_path: Path) -> None:
    kinds = {
        "customers.parquet": parquet_file(ROWS, tmp_path),
        "customers.csv.gz": gzip.compress(csv_file(ROWS)),
        "customers.xlsx": excel_file(ROWS, top=2, left=1),
    }
    for name, content in kinds.items():
        assert same(loaded(tmp_path, {name: content}).population, expected), name


def test_integer_ids_have_the_same_luck_in_every_kind_of_file(tmp_path: Path) -> None:
    rows: list[Row] = [(i, SEGMENT, "atlas", 10.5 * i, i % 100, 0.5, 0.25, 0.25) for i in (70, 3, 12345678901)]
    text = loaded(tmp_path, {"plain.csv": csv_file(rows)}).population
    assert text.ids.tolist() == [3, 70, 12345678901]
    assert text.labels.tolist() == ["3", "70", "12345678901"]
    for kind in ("BIGINT", "UBIGINT", "DOUBLE", "VARCHAR", "DECIMAL(18, 0)"):
        assert same(loaded(tmp_path, {"c.parquet": parquet_file(rows, tmp_path, kind)}).population, text), kind
    assert same(loaded(tmp_path, {"c.xlsx": excel_file(rows)}).population, text)


NUMBERS = st.floats(0, 1e9, allow_subnormal=False).map(lambda x: float(f"{x:.12g}"))
NAMES = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cs", "Zs"]), min_size=1, max_size=9)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    rows = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=8, unique=True)):
        parts = draw(st.sampled_from([(0.5, 0.25, 0.25), (0.1, 0.2, 0.7), (1.0, 0.0, 0.0), (0.123, 0.456, 0.421)]))
        supplier, months = draw(st.sampled_from(["us", "atlas", "none"])), draw(st.integers(0, 1200))
        rows.append((name, SEGMENT, supplier if rows else "atlas", draw(NUMBERS), months, *parts))
    return rows


@settings(max_examples=25, deadline=None)
@given(
    rows=tables(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    style=st.sampled_from([(".", ""), (",", ""), (",", "."), (".", ",")]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_in_any_kind_of_file(
    rows: list[Row],
    delimiter: str,
    style: tuple[str, str],
    encoding: str,
    end: str,
    quoting: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    known = loaded(folder, {"c.parquet": parquet_file(rows, folder)}).population
    dialect = csv_file(rows, delimiter, *style, encoding, end, quoting)
    names = {",": '","', "\t": "tab", ";": '";"', "|": '"|"'}
    decimal, thousands = style
    signs = f'decimal: "{decimal}", thousands: "{thousands or "none"}"'
    stated = f"  format: {{delimiter: {names[delimiter]}, {signs}, encoding: {encoding.removesuffix('-sig')}}}"
    assert same(loaded(folder, {"c.csv": dialect}, stated).population, known)
    assert same(loaded(folder, {"c.xlsx": excel_file(rows)}).population, known)


def test_several_files_are_one_table(expected: Population, tmp_path: Path) -> None:
    parts = {
        "part-1.csv": csv_file(ROWS[:2], ";", ","),
        "part-2.csv": csv_file(ROWS[2:3], encoding="utf-16"),
        "part-3.parquet": parquet_file(ROWS[3:], tmp_path),
    }
    portfolio = loaded(tmp_path, parts, customers="[part-*.csv, part-3.parquet]")
    assert same(portfolio.population, expected)
    assert portfolio.file_customers == 4
    assert portfolio.source == "part-*.csv, part-3.parquet"


def test_problems_of_several_files_are_in_the_right_one(tmp_path: Path) -> None:
    parts = {
        "part-1.csv": csv_file([ROWS[0]]),
        "part-2.csv": csv_file([ROWS[1], ("a1", *ROWS[2][1:])]),
        "part-3.csv": csv_file([("b", SEGMENT, "us", -1.5, 3, 0.5, 0.25, 0.25)]),
    }
    again, negative = refused(tmp_path, parts, customers="part-*.csv")
    assert (Path(again.file).name, again.line, again.column) == ("part-2.csv", 3, 1)
    assert "line 2 of " in again.suggestion
    assert "part-1.csv has it" in again.suggestion
    assert (Path(negative.file).name, negative.line) == ("part-3.csv", 2)


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    parts = {"a.csv": csv_file(ROWS), "b.csv": csv_file([("new", *ROWS[0][1:])]).replace(b"months", b"month")}
    (problem,) = refused(tmp_path, parts, customers="[a.csv, b.csv]")
    assert (Path(problem.file).name, problem.found) == ("b.csv", "no column 'months'")
    assert problem.suggestion == "did you mean 'month'?"


def test_columns_may_stand_in_another_order(expected: Population, tmp_path: Path) -> None:
    turned = [line.split(",")[::-1] for line in csv_file(ROWS[:2]).decode().splitlines()]
    parts = {"a.csv": csv_file(ROWS[2:]), "b.csv": "\n".join(map(",".join, turned)).encode()}
    assert same(loaded(tmp_path, parts, customers="[a.csv, b.csv]").population, expected)


def test_bad_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    rows = [*ROWS, ("x", SEGMENT, "them", 5.0, 2, 0.5, 0.25, 0.25)]
    (problem,) = refused(tmp_path, {"c.xlsx": excel_file(rows, "Kunden", top=2, left=1)})
    assert (problem.line, problem.column) == (8, 4)
    assert problem.place == "sheet Kunden, cell D8, column supplier"


def test_the_sheet_is_stated_where_there_are_several(expected: Population, tmp_path: Path) -> None:
    book = {"c.xlsx": excel_file(ROWS, "Kunden", others=("Notizen",))}
    (problem,) = refused(tmp_path, book)
    assert problem.found == "the sheets Kunden and Notizen"
    assert "sheet: Kunden" in problem.suggestion
    assert same(loaded(tmp_path, book, "  format: {sheet: Kunden}").population, expected)
    (problem,) = refused(tmp_path, book, "  format: {sheet: Kundn}")
    assert problem.suggestion == "did you mean 'Kunden'?"


@pytest.mark.parametrize("name", ["c.xlsx", "c.xls", "c.ods"])
def test_content_that_is_no_spreadsheet(name: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, {name: b"id\n1\n"})
    assert "content that is no spreadsheet" in problem.found


def test_damaged_text_is_refused_where_it_is_damaged(tmp_path: Path) -> None:
    rows = [("größer", *ROWS[0][1:]), ("öl", *ROWS[1][1:])]
    damaged = csv_file(rows).replace("öl".encode(), b"\xf6l")
    (problem,) = refused(tmp_path, {"c.csv": damaged})
    assert (problem.line, problem.found) == (3, "characters that are not UTF-8")
    (problem,) = refused(tmp_path, {"c.csv": csv_file(rows, encoding="cp1252") + b"\x81"})
    assert "not UTF-8" in problem.found
    (problem,) = refused(tmp_path, {"c.csv": damaged}, "  format: {encoding: utf-8}")
    assert (problem.line, problem.found) == (3, "characters that are not UTF-8")
    (problem,) = refused(tmp_path, {"c.csv.gz": b"no gzip"})
    assert "not compressed text" in problem.found


def test_percent(tmp_path: Path, expected: Population) -> None:
    rows = [(*row[:5], *(f"{100 * weight:g} %" for weight in row[5:])) for row in ROWS]
    columns = MAPPING
    for need, column in (("speed", "s"), ("service", "v"), ("advice", "a")):
        columns = columns.replace(f"{need}: {column}", f"{need}: {{column: {column}, unit: percent}}")
    path = tmp_path / "percent.yaml"
    (tmp_path / "percent.csv").write_bytes(csv_file(rows))
    path.write_text(
        f"{HEADER}portfolio: {{customers: percent.csv, columns: {columns}}}\n{BODY}\n{EXPECTED}",
        encoding="utf-8",
    )
    assert np.allclose(load_portfolio(load_scenario(path)).population.needs, expected.needs, rtol=1e-6)


def test_a_scenario_with_files_loads_again(tmp_path: Path) -> None:
    style = '  format: {decimal: ","}\n  missing: segment mean\n  normalise: true'
    loaded(
        tmp_path, {"a.csv": csv_file(ROWS[:2], ";", ","), "b.csv": csv_file(ROWS[2:], ";", ",")}, style, "'[ab].csv'"
    )
    scenario = load_scenario(tmp_path / "scenario.yaml")
    assert scenario.portfolio is not None
    assert [path.name for path in scenario.portfolio.customers] == ["a.csv", "b.csv"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "again.yaml").write_text(scenario.resolved_yaml(), encoding="utf-8")
    assert load_scenario(tmp_path / "other" / "again.yaml") == scenario


def test_contract_customers_saved_in_german_excel(tmp_path: Path) -> None:
    """A real file, 7,043 customers: as it is, and as a German spreadsheet program saves it."""
    telco = Path(__file__).parents[2] / "scenarios/data/telco.csv"
    header, *rows = csv.reader(telco.read_text().splitlines())
    german = io.StringIO(newline="")
    writer = csv.writer(german, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    charges = header.index("monthly_charges")
    for row in rows:
        row[charges] = row[charges].replace(".", ",")
        writer.writerow(row)
    (tmp_path / "german.csv").write_bytes(german.getvalue().encode("cp1252"))
    body = "segments:\n" + "".join(f"  {name}: {CONTRACT}\n" for name in ("Month-to-month", "One year", "Two year"))
    populations = []
    for customers in (str(telco), "german.csv"):
        (tmp_path / "telco.yaml").write_text(
            f"{HEADER}portfolio:\n  customers: {customers}\n  columns: {{id: customer_id, segment: contract, "
            "churned: churn, revenue: {column: monthly_charges, unit: a month}, "
            "tenure: {column: tenure, unit: months}}\n" + body
        )
        populations.append(load_portfolio(load_scenario(tmp_path / "telco.yaml")).population)
    assert len(populations[0].ids) == 5174
    assert same(*populations)
