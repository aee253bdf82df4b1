"""The customer file: its columns, and what the scenario must state without one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from tests.scenario.worlds import problems, write

TELCO = """\
calendar: {start: 2026-01, step: month, periods: 24}
company: {name: Telco, discount_rate: 10%, shares: 1M}
portfolio:
  customers: data/telco.csv
  columns: {id: customer_id, segment: contract, revenue: {column: monthly_charges, unit: a month},
            tenure: {column: tenure, unit: months}, churned: churn}
segments:
  "Month-to-month": {dynamics: contract, hazard: {empirical: {}}, margin: 60%, newcomers: {per_year: 0}}
  "One year": {dynamics: contract, hazard: {empirical: {}}, margin: 60%, capital: 15% of revenue}
levers:
  care: {target: retention, response: {hill: {max: 0.5, half: 1M}}}
allocations:
  baseline: {}
  more_care: {care: {"Month-to-month": 1M}}
moves:
  quiet: {}
  promotion: [{at: 2026-06, until: 2026-12, change: {hazard: 20%}, segments: ["Month-to-month"]}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "telco.csv").write_text("customer_id\n")
    return tmp_path


def said(folder: Path, old: str, new: str) -> list[tuple[int, str, str]]:
    assert TELCO.count(old) == 1
    return [(p.line, p.found, p.expected + p.suggestion) for p in problems(folder, TELCO.replace(old, new))]


def test_columns(folder: Path) -> None:
    portfolio = load_scenario(write(folder, TELCO)).portfolio
    assert portfolio is not None
    columns = portfolio.columns
    assert portfolio.customers == (folder / "data" / "telco.csv",)
    assert (columns.id, columns.segment, columns.supplier, columns.churned) == (
        "customer_id",
        "contract",
        None,
        "churn",
    )
    assert columns.revenue is not None
    assert (columns.revenue.column, columns.revenue.unit) == ("monthly_charges", "a month")
    assert columns.tenure is not None
    assert (columns.tenure.column, columns.tenure.unit) == ("tenure", "months")
    assert portfolio.mapped == {
        "id": "customer_id",
        "segment": "contract",
        "revenue": "monthly_charges",
        "tenure": "tenure",
        "churned": "churn",
    }


def test_a_bare_column_is_in_the_usual_unit(folder: Path) -> None:
    text = TELCO.replace("{column: monthly_charges, unit: a month}", "spend").replace(
        "{column: tenure, unit: months}", "age"
    )
    portfolio = load_scenario(write(folder, text)).portfolio
    assert portfolio is not None
    assert portfolio.columns.revenue is not None
    assert (portfolio.columns.revenue.column, portfolio.columns.revenue.unit) == ("spend", "a year")
    assert portfolio.columns.tenure is not None
    assert (portfolio.columns.tenure.column, portfolio.columns.tenure.unit) == ("age", "years")


def test_a_missing_customer_file(folder: Path) -> None:
    ((line, found, hint),) = said(folder, "data/telco.csv", "data/telcom.csv")
    assert (line, found) == (4, "no such file: data/telcom.csv")
    assert "did you mean 'telco.csv'?" in hint
    ((_, _, hint),) = said(folder, "data/telco.csv", "date/telco.csv")
    assert "there is no folder" in hint


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "hint"),
    [
        ("unit: months", "unit: month", 6, "month", "did you mean 'months'?"),
        ("unit: a month", "unit: monthly", 5, "monthly", "did you mean 'a month'?"),
        ("id: customer_id, ", "", 5, "no `id`", "tells customers apart"),
        (", churned: churn", ", churn: churn", 6, "the unknown key `churn`", "did you mean 'churned'?"),
        ("segment: contract, ", "", 5, "no column for the segment", "which of 2 segments"),
        ("id: customer_id", "id: [a]", 5, "a list", "text"),
        (", churned: churn", ", needs: {rat: w}", 6, "the unknown need `rat`", "none"),
    ],
)
def test_malformed_columns(old: str, new: str, line: int, found: str, hint: str, folder: Path) -> None:
    assert any(at == line and what == found and hint in rest for at, what, rest in said(folder, old, new))


def test_estimated_hazards_need_tenure_and_churned(folder: Path) -> None:
    found = said(folder, ", churned: churn", "")
    assert [(line, what) for line, what, _ in found] == [
        (8, "an empirical hazard and no column for churned"),
        (9, "an empirical hazard and no column for churned"),
    ]


def test_revenue_is_stated_or_in_the_file(folder: Path) -> None:
    found = said(folder, "revenue: {column: monthly_charges, unit: a month},", "")
    assert {what for _, what, _ in found} == {"no `revenue` and no column for it"}
    assert [line for line, _, _ in found] == [8, 9]


def test_a_column_for_every_need(folder: Path) -> None:
    text = TELCO.replace(", churned: churn", ", churned: churn, needs: {a: x}").replace(
        "levers:", "needs: [a, b]\nlevers:"
    )
    assert [(p.line, p.found) for p in problems(folder, text)] == [(6, "no column for b")]


def test_what_is_no_file(folder: Path) -> None:
    os.mkfifo(folder / "data" / "pipe.csv")
    (folder / "data" / "loop.csv").symlink_to("loop.csv")
    (folder / "data" / "folder.csv").mkdir()
    (folder / "data" / "telco.doc").write_text("customer_id\n")
    for name, expected in (
        ("pipe.csv", "a pipe: data/pipe.csv"),
        ("loop.csv", "a symbolic link that leads back to itself: data/loop.csv"),
        ("folder.csv", "a folder: data/folder.csv"),
        ("telco.doc", "data/telco.doc, of no known kind"),
        ("none-*.csv", "data/none-*.csv, which no file fits"),
        ("a\\0b.csv", "a path that cannot be followed (embedded null byte): data/a\0b.csv"),
    ):
        ((line, found, _),) = said(folder, "data/telco.csv", f'"data/{name}"')
        assert (line, found) == (4, expected)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read every file")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "data" / "telco.csv").chmod(0)
    ((line, found, _),) = [(p.line, p.found, p) for p in problems(folder, TELCO)]
    assert (line, found) == (4, "a file that may not be read: data/telco.csv")


def test_several_files(folder: Path) -> None:
    for name in ("part-2.csv", "part-1.csv", "old [1].csv"):
        (folder / "data" / name).write_text("customer_id\n")
    for stated, names in (
        ("data/part-*.csv", ["part-1.csv", "part-2.csv"]),
        ("[data/telco.csv, data/part-*.csv]", ["telco.csv", "part-1.csv", "part-2.csv"]),
        ("data/old [1].csv", ["old [1].csv"]),  # its own name
    ):
        portfolio = load_scenario(write(folder, TELCO.replace("data/telco.csv", stated))).portfolio
        assert portfolio is not None
        assert [path.name for path in portfolio.customers] == names
    ((line, found, hint),) = said(folder, "data/telco.csv", "[data/part-*.csv, data/part-1.csv]")
    assert (line, found) == (4, "part-1.csv once more")
    assert "each customer file once" in hint
    ((line, found, _),) = said(folder, "data/telco.csv", "[]")
    assert (line, found) == (4, "an empty list")


def test_one_sign_for_two_things(folder: Path) -> None:
    more = 'data/telco.csv\n  format: {decimal: ",", thousands: ","}'
    ((line, _, hint),) = said(folder, "data/telco.csv", more)
    assert line == 5
    assert "another sign between thousands than ','" in hint
