"""What segments are written to: a customer file with a column more, and a scenario that can be loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simengine.portfolio.load import load_portfolio
from simengine.scenario import ScenarioError, load_scenario
from simengine.segmentation.command import require_usable, segment
from simengine.segmentation.settings import Settings
from simengine.survey.survey import open_table
from tests.segmentation.markets import HEADER, planted, write

TELCO = Path(__file__).parents[2] / "scenarios" / "data" / "telco.csv"
THREE = Settings(segments=3)


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Planted customers, a third of them ours."""
    rows = [[*row, ("us", "atlas", "none")[i % 3]] for i, row in enumerate(planted())]
    return write(tmp_path_factory.mktemp("market"), rows, [*HEADER, "supplier"])


@pytest.mark.parametrize("name", ["segmented.parquet", "segmented.tsv"])
def test_the_scenario_is_of_the_customers_that_are_written(name: str, customers: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    table, out = tmp_path / "tables" / name, tmp_path / "segments.yaml"
    found = segment(customers, THREE, table_out=table, scenario_out=out)
    with open_table(table) as written:
        assert written.columns == (*HEADER, "supplier", "segment", "value_class")
        labels = {each: i for i, each in enumerate(found.names)}
        assert [labels[each] for each in written.texts("segment").tolist()] == found.label.tolist()
        assert sorted(written.values("value_class")) == ["high", "low", "middle"]
    scenario = load_scenario(out)
    population = load_portfolio(scenario).population
    assert len(population.ids) == 900
    by_name = {each.name: each for each in found.profiles}
    for s, name in enumerate(scenario.segments):
        assert population.needs[population.segment == s].mean(axis=0).tolist() == pytest.approx(
            [by_name[name].needs[need] for need in scenario.needs], abs=1e-6
        )


def test_without_a_table_customers_are_drawn_like_the_segments(customers: Path, tmp_path: Path) -> None:
    out = tmp_path / "segments.yaml"
    found = segment(customers, THREE, scenario_out=out)
    json.dumps(found.document, allow_nan=False)
    scenario = load_scenario(out)
    assert scenario.portfolio is None
    population = load_portfolio(scenario).population
    for s, name in enumerate(scenario.segments):
        here = population.segment == s
        profile = next(each for each in found.profiles if each.name == name)
        assert here.sum() == profile.customers
        spread = population.needs[here].std(axis=0)
        assert (spread**2).mean() ** 0.5 == pytest.approx(profile.needs_spread, rel=0.1)
        assert population.revenue[here].mean() == pytest.approx(profile.mean_value, rel=0.08)  # four standard errors


def test_a_column_called_segment_stays(customers: Path, tmp_path: Path) -> None:
    lines = customers.read_text().replace("planted", "segment", 1)
    path = tmp_path / "customers.csv"
    path.write_text(lines)
    out = tmp_path / "segments.yaml"
    segment(path, THREE, table_out=tmp_path / "segmented.csv", scenario_out=out)
    with open_table(tmp_path / "segmented.csv") as written:
        assert written.columns[-2:] == ("segment_2", "value_class")
    assert "segment: segment_2" in out.read_text()
    assert list(load_scenario(out).segments) == ["advice", "digital", "rate"]


def test_columns_without_a_name_of_their_own_are_left_out(tmp_path: Path) -> None:
    rows = [[*row, 1, 2, 3] for row in planted()]
    path = write(tmp_path, rows, [*HEADER[:-1], "", "note", "note", "left"])
    segment(path, THREE, table_out=tmp_path / "segmented.parquet")
    with open_table(tmp_path / "segmented.parquet") as written:
        assert written.columns == (*HEADER[:-1], "left", "segment", "value_class")


def test_who_has_left_is_in_the_scenario_as_such(tmp_path: Path) -> None:
    rows = [[*row, "yes" if i % 4 == 0 else "no"] for i, row in enumerate(planted())]
    path, out = write(tmp_path, rows, [*HEADER, "churned"]), tmp_path / "segments.yaml"
    segment(path, THREE, table_out=tmp_path / "segmented.csv", scenario_out=out)
    population = load_portfolio(load_scenario(out)).population
    assert population.weight.sum() == pytest.approx(675 / 0.3, abs=2)  # in a market of which 30 % are ours


def test_telco_is_segmented_by_value_and_its_hazards_are_kept(tmp_path: Path) -> None:
    table, out = tmp_path / "telco.csv", tmp_path / "telco.yaml"
    found = segment(TELCO, table_out=table, scenario_out=out)
    assert found.names == ("high_value", "middle_value", "low_value")
    assert found.base.customers == 5174
    assert any("1,869 customers who have left" in notice for notice in found.notices)
    with open_table(table) as written:
        assert written.rows == 7043  # who has left serves the estimate of hazards
        assert "value_class" not in written.columns
    assert out.read_text().count("hazard: {empirical: {}}") == 3
    load_scenario(out)


def test_nothing_is_written_over(customers: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("mine")
    with pytest.raises(ScenarioError) as caught:
        require_usable(customers, table, tmp_path / "segments.json")
    assert len(caught.value.problems) == 2
    ours = tmp_path / "ours.parquet"
    segment(customers, THREE, table_out=ours)
    require_usable(customers, ours, None)
