"""Choice segments with a customer file: prospects, suppliers, sizes and shares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.portfolio.population import NOT_OURS, UNKNOWN_TENURE
from simengine.portfolio.prospects import draw_sources, prospect_count
from simengine.portfolio.synthetic import synthetic_ids
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import MARKET, with_file

OURS = "id,pays,how_long\n" + "".join(f"c{i},{10 * i},{i}\n" for i in range(1, 41))
OWN_COLUMNS = "{id: id, revenue: pays, tenure: {column: how_long, unit: years}}"
BY_SUPPLIER = "id,bank,pays\n" + "".join(
    f"c{i},{'us' if i < 40 else 'atlas' if i < 75 else 'none'},{i}\n" for i in range(100)
)
BANK_COLUMNS = "{id: id, supplier: bank, revenue: pays}"


def refused(folder: Path, rows: str, columns: str, body: str, **more: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(folder, rows, columns, body, **more))
    return str(caught.value)


def test_prospects_complete_the_market(tmp_path: Path) -> None:
    population = load_portfolio(with_file(tmp_path, OURS, OWN_COLUMNS, MARKET)).population
    others, ours = population.supplier == NOT_OURS, population.supplier == 0
    assert others.sum() == prospect_count(40, 0.4) == 60
    assert ours.sum() == 40
    assert population.tenure_months[ours].min() == 12
    assert set(population.tenure_months[others].tolist()) == {UNKNOWN_TENURE}
    assert set(population.revenue[others].tolist()) <= set(population.revenue[ours].tolist())
    assert np.all(np.diff(population.supplier) >= 0)  # sorted by supplier, then by id
    for group in (others, ours):
        assert np.all(np.diff(population.ids[group].astype(np.int64)) > 0)
    # Each of ours is the model of 60/40 prospects, to within one.
    counts = np.unique(population.revenue[others], return_counts=True)[1]
    assert counts.max() <= 3


def test_prospects_take_needs_and_revenue_of_one_customer(tmp_path: Path) -> None:
    body = MARKET.replace("    needs: {speed: 0.5, service: 0.3, advice: 0.2}\n", "")
    rows = "id,pays,beta,s,v,a\n" + "".join(f"{i},{i},{i / 10},{i / 50},{1 - i / 50},0\n" for i in range(1, 41))
    columns = "{id: id, revenue: pays, price_sensitivity: beta, needs: {speed: s, service: v, advice: a}}"
    population = load_portfolio(with_file(tmp_path, rows, columns, body)).population
    assert population.price_sensitivity == pytest.approx(population.revenue / 10)
    assert population.needs[:, 2] == pytest.approx(population.revenue / 50)  # speed is last in name order


def test_sources_are_stratified_and_weights_count_like_copies() -> None:
    ids = synthetic_ids("retail", 1000)
    features = np.array([[3.0], [1.0], [2.0]])
    weight = np.array([1.0, 2.0, 1.0])
    source = draw_sources(ids, features, weight, seed=1)
    assert np.abs(np.bincount(source) - [250, 500, 250]).max() <= 1
    copies = draw_sources(ids, np.array([[1.0], [3.0], [1.0], [2.0]]), np.ones(4), seed=1)
    assert np.array_equal(np.array([1.0, 3.0, 1.0, 2.0])[copies], features[source, 0])


def test_suppliers_of_a_file_are_kept(tmp_path: Path) -> None:
    population = load_portfolio(with_file(tmp_path, BY_SUPPLIER, BANK_COLUMNS, MARKET)).population
    assert np.bincount(population.supplier).tolist() == [40, 35, 25]  # us, atlas, none
    assert np.all(np.diff(population.supplier) >= 0)


def test_shares_unlike_the_file_are_refused(tmp_path: Path) -> None:
    body = MARKET.replace("us: 40%, atlas: 35%, none: 25%", "us: 41%, atlas: 34%, none: 25%")
    text = refused(tmp_path, BY_SUPPLIER, BANK_COLUMNS, body)
    assert "segments.retail.shares.us: found 41%, expected 40%" in text
    assert "segments.retail.shares.atlas: found 34%, expected 35%" in text
    assert "shares.none" not in text
    within = MARKET.replace("us: 40%, atlas: 35%, none: 25%", "us: 40.4%, atlas: 34.6%, none: 25%")
    load_portfolio(with_file(tmp_path, BY_SUPPLIER, BANK_COLUMNS, within))


@pytest.mark.parametrize(("rows", "columns"), [(OURS, OWN_COLUMNS), (BY_SUPPLIER, BANK_COLUMNS)])
def test_a_size_unlike_the_file_is_refused(tmp_path: Path, rows: str, columns: str) -> None:
    load_portfolio(with_file(tmp_path, rows, columns, MARKET + "    size: 100\n"))
    assert "found 102, expected 100" in refused(tmp_path, rows, columns, MARKET + "    size: 102\n")


def test_a_file_of_our_customers_requires_shares(tmp_path: Path) -> None:
    body = MARKET.replace("shares: {us: 40%, atlas: 35%, none: 25%}", "constants: {us: 0, atlas: 0, none: 0}")
    body = body.replace("churn: 5%", "inertia: 2")
    assert "no shares" in refused(tmp_path, OURS, OWN_COLUMNS, body)
    load_portfolio(with_file(tmp_path, BY_SUPPLIER, BANK_COLUMNS, body))


def test_a_supplier_who_is_not_in_the_segment(tmp_path: Path) -> None:
    body = MARKET.replace("atlas: 35%, none: 25%", "atlas: 60%")
    text = refused(tmp_path, BY_SUPPLIER, BANK_COLUMNS, body)
    assert "found 'none', expected a supplier of segment retail: us or atlas" in text


def test_a_segment_that_the_file_does_not_hold_is_synthetic_if_it_has_a_size(tmp_path: Path) -> None:
    retail = MARKET.split("segments:\n")[1]
    other = retail.replace("retail", "wealthy") + "    revenue: 500\n"
    columns = OWN_COLUMNS.replace("id: id", "id: id, segment: kind")
    rows = OURS.replace("id,", "kind,id,").replace("\nc", "\nretail,c")
    body = MARKET + other
    text = refused(tmp_path, rows, columns, body)
    assert "no customers of the segment" in text
    population = load_portfolio(with_file(tmp_path, rows, columns, body + "    size: 30\n")).population
    assert np.bincount(population.segment).tolist() == [100, 30]
