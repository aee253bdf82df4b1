"""Whatever is in a customer file that is accepted, its draft is a scenario; and drafts say what the file says."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.portfolio import load_portfolio
from simengine.scenario import ScenarioError, load_scenario
from simengine.survey.survey import survey
from tests.survey.tables import drafted, surveyed, write

TELCO = Path(__file__).parents[2] / "scenarios" / "data" / "telco.csv"
GOLDEN = Path(__file__).with_name("telco_draft.yaml")

NAMES = st.sampled_from(
    ["id", "customer_id", "segment", "contract", "supplier", "bank", "revenue", "monthly_charges", "tenure", "months",
     "churn", "left", "w_rate", "w_service", "weight", "price_sensitivity", "date", "", "id", "from", "yes", "a: b #",
     "\u2028x", "'", '"', "total_charges"]
) | st.text(max_size=6)  # fmt: skip
CELLS = {
    "ids": st.integers(0, 10**6),
    "numbers": st.floats(allow_nan=True, allow_infinity=True) | st.integers(-2, 120),
    "amounts": st.floats(0, 1000).map(lambda value: round(value, 2)),
    "months": st.integers(0, 90),
    "flags": st.sampled_from(["Yes", "No"]),
    "bits": st.sampled_from([0, 1]),
    "halves": st.sampled_from(["0.5", "0.25", "0.75"]),
    "suppliers": st.sampled_from(["us", "atlas", "none"]),
    "segments": st.sampled_from(["mass", "affluent"]),
    "odd names": st.sampled_from(["yes", "1.0", "null", "a: b", "# c", "from", "{", "é\u2028"]),
    "texts": st.text(max_size=5),
    "nothing": st.just(""),
}


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A small customer file: plausible columns with a gap here and there, and implausible ones."""
    names = draw(st.lists(NAMES, min_size=1, max_size=7))
    rows = draw(st.integers(0, 12))
    columns = []
    for position, _ in enumerate(names):
        if position == 0 and draw(st.booleans()):
            columns.append(list(range(rows)))
            continue
        cells = CELLS[draw(st.sampled_from(sorted(CELLS)))]
        gaps = draw(st.booleans())
        columns.append(draw(st.lists(cells | st.just("") if gaps else cells, min_size=rows, max_size=rows)))
    text = io.StringIO()
    csv.writer(text).writerows([names, *zip(*columns, strict=True)])
    return text.getvalue()


@settings(max_examples=60, deadline=None)
@given(table=tables())
def test_the_draft_of_any_table_is_a_scenario_whose_customers_load(table: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        path.write_text(table, encoding="utf-8", newline="")
        try:
            found = survey(path, lambda done, total: None)
        except ScenarioError:
            return
        load_portfolio(drafted(Path(folder), found))


def test_the_draft_of_telco(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole draft, as prose; write it anew with `simengine inspect telco.csv --quiet`."""
    monkeypatch.chdir(TELCO.parent)
    assert survey(Path("telco.csv"), lambda done, total: None).draft == GOLDEN.read_text(encoding="utf-8")


def test_the_draft_of_telco_has_the_customers_and_hazards_of_the_shipped_scenario(tmp_path: Path) -> None:
    ours = load_portfolio(drafted(tmp_path, survey(TELCO, lambda done, total: None)))
    shipped = load_portfolio(load_scenario(TELCO.parents[1] / "telco.yaml"))
    assert list(ours.hazards) == list(shipped.hazards) == ["Month-to-month", "One year", "Two year"]
    for name, hazards in shipped.hazards.items():
        assert ours.hazards[name].survival.tolist() == hazards.survival.tolist()
        assert ours.hazards[name].monthly_beyond == hazards.monthly_beyond
    for stated, drafted_column in zip(shipped.population, ours.population, strict=True):
        assert np.array_equal(np.asarray(stated), np.asarray(drafted_column))


def test_the_draft_of_a_market_has_the_files_shares(tmp_path: Path) -> None:
    suppliers = ["us"] * 5 + ["atlas"] * 3 + ["none"] * 2
    found = surveyed(
        tmp_path,
        {
            "id": range(200),
            "segment": ["mass", "affluent"] * 100,
            "supplier": suppliers * 20,
            "revenue_per_year": range(1, 201),
            "years": [7 if name == "us" else "" for name in suppliers] * 20,
            "w_rate": [0.25, 0.5] * 100,
            "w_service": [0.75, 0.5] * 100,
        },
    )
    scenario = drafted(tmp_path, found)
    assert scenario.needs == ("rate", "service")
    mass = scenario.segments["mass"]
    assert mass.dynamics == "choice"
    assert mass.shares == {"us": 0.6, "atlas": 0.2, "none": 0.2}
    assert scenario.portfolio is not None
    assert set(scenario.portfolio.mapped) == {
        "id", "segment", "supplier", "revenue", "tenure", "needs.rate", "needs.service"
    }  # fmt: skip


def test_few_departures_give_a_constant_hazard(tmp_path: Path) -> None:
    """Two of ten left in 10 x 24 months: 0.1 a year."""
    found = surveyed(
        tmp_path, {"id": range(10), "tenure_months": [24] * 10, "churned": ["yes"] * 2 + ["no"] * 8}
    )  # fmt: skip
    segment = drafted(tmp_path, found).segments["customers"]
    assert segment.dynamics == "contract"
    assert segment.hazard.constant == pytest.approx(0.1)


def test_purchases_are_not_customers(tmp_path: Path) -> None:
    """60 customers spend 3 x 10 in two years: 15 a year each."""
    days = ["2024-01-01", "2025-01-01", "2026-01-01"]
    found = surveyed(
        tmp_path,
        {
            "customer_id": [i % 60 for i in range(180)],
            "date": [days[i // 60] for i in range(180)],
            "value": [10] * 180,
        },
    )
    scenario = drafted(tmp_path, found)
    segment = scenario.segments["customers"]
    assert (scenario.portfolio, segment.size) == (None, 60)
    assert segment.revenue == pytest.approx(15, rel=1e-2)
    assert "purchases rather than customers" in found.unsure[0]


def test_without_an_id_customers_are_drawn_with_the_files_moments(tmp_path: Path) -> None:
    found = surveyed(tmp_path, {"segment": ["a", "b"] * 50, "revenue": [100, 50, 300, 50] * 25})
    segments = drafted(tmp_path, found).segments
    assert [segment.size for segment in segments.values()] == [50, 50]
    revenue = segments["a"].revenue
    assert revenue is not None
    assert not isinstance(revenue, float)
    assert (revenue.mean, revenue.cv) == (200, 0.5)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([f"s{i % 30}" for i in range(100)], "30 different values are too many"),
        (["from", "mass"] * 50, "from cannot be the name of a segment"),
        (["", *["mass", "affluent"] * 49, "mass"], "some rows have none"),
    ],
)
def test_segments_that_cannot_be_used_are_one(cells: list[str], why: str, tmp_path: Path) -> None:
    found = surveyed(tmp_path, {"id": range(100), "segment": cells})
    assert list(drafted(tmp_path, found).segments) == ["customers"]
    assert any(why in line for line in found.unsure)


@pytest.mark.parametrize(
    ("suppliers", "why"),
    [
        (["Northbank", "atlas"], "none of its values is `us`"),
        (["us", ""], "customers without a supplier"),
    ],
)
def test_suppliers_that_cannot_be_used(suppliers: list[str], why: str, tmp_path: Path) -> None:
    found = surveyed(tmp_path, {"id": range(100), "supplier": [*suppliers, suppliers[0], suppliers[0]] * 25})
    assert drafted(tmp_path, found).segments["customers"].dynamics == "contract"
    assert any(why in line for line in found.unsure)


def test_odd_names_of_segments_and_columns_are_quoted(tmp_path: Path) -> None:
    names = ["yes", "1.0", "a: b #c", '{"x', "null"]
    found = surveyed(tmp_path, {"id: #": range(50), "segment, 'x'": names * 10})
    assert set(drafted(tmp_path, found).segments) == set(names)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("customers.csv", "", "a header and at least one row below it"),
        ("customers.csv", "id,segment\n,\n , \n", "a header and at least one row below it"),
        ("customers.csv", "id,segment\n1,a,b\n", "one field per column of the header"),
        ("customers.doc", "id\n1\n", "the name of a file ending in"),
        ("customers.parquet", "id\n1\n", "a Parquet file"),
    ],
)
def test_files_that_hold_no_customers_are_refused(name: str, text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        survey(path, lambda done, total: None)
    assert expected in str(error.value)


def test_a_missing_file_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    write(tmp_path, ["id"], [[1]])
    with pytest.raises(ScenarioError, match=r"did you mean 'customers\.csv'"):
        survey(tmp_path / "customer.csv", lambda done, total: None)


def test_files_of_other_dialects_and_several_at_once(tmp_path: Path) -> None:
    for number, rows in enumerate(("1;1.100,50;3,5\n2;20,25;1\n", "3;30;2,5\n")):
        (tmp_path / f"part-{number}.csv").write_text(f"Kunde;annual revenue;tenure years\n{rows}", encoding="utf-8")
    found = survey(tmp_path / "part-*.csv", lambda done, total: None)
    assert (found.rows, found.columns[1].numbers and found.columns[1].numbers.maximum) == (3, 1100.5)
    assert any("is read with decimal commas" in line for line in found.unsure)
    population = load_portfolio(drafted(tmp_path, found)).population
    assert sorted(population.revenue.tolist()) == [20.25, 30, 1100.5]


def test_the_mean_of_the_segment_stands_for_missing_revenue(tmp_path: Path) -> None:
    found = surveyed(tmp_path, {"id": range(40), "segment": ["a", "b"] * 20, "revenue": ["", 30, 10, 50] * 10})
    assert any("10 rows have no revenue" in line for line in found.unsure)
    revenue = load_portfolio(drafted(tmp_path, found)).population.revenue
    assert sorted(set(revenue.tolist())) == [10, 30, 50]
    words = surveyed(tmp_path, {"id": range(40), "segment": ["a", "b"] * 20, "revenue": ["n/a", *[30, 10, 50] * 13]})
    assert any("1 row has no revenue: the mean of its segment stands for it" in line for line in words.unsure)
    assert load_portfolio(drafted(tmp_path, words)).population.revenue.min() == 10
    none_in_a = surveyed(tmp_path, {"id": range(40), "segment": ["a", "b"] * 20, "revenue": ["", 30] * 20})
    assert any("is not used as revenue" in line for line in none_in_a.unsure)


def test_a_draft_names_the_schema_only_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = "# yaml-language-server: $schema=simengine.schema.json"
    first = surveyed(tmp_path, {"id": range(3)}).draft.splitlines()[0]
    assert not first.startswith(line)
    assert "simengine schema > simengine.schema.json" in first
    assert line in first
    (tmp_path / "simengine.schema.json").write_text("{}")
    assert surveyed(tmp_path, {"id": range(3)}).draft.splitlines()[0] == line
