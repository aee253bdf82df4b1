"""The dataset says the same as the summary, with units, and survives the disk."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
import pytest
import xarray

from simengine.results.customers import write_customers
from simengine.results.dataset import write_dataset
from simengine.results.folder import is_run
from simengine.results.run import Run
from simengine.results.statement import Statement
from simengine.results.variables import DIMENSIONS, VARIABLES
from simengine.scenario import Scenario, load_scenario


def test_every_declared_variable_is_there_and_nothing_else(finished: Run) -> None:
    dataset = finished.dataset
    assert list(dataset.data_vars) == [variable.name for variable in VARIABLES]
    for variable in VARIABLES:
        assert dataset[variable.name].dims == variable.dims
        assert dataset[variable.name].attrs["long_name"] == variable.sentence
    assert set(dataset.coords) == set(DIMENSIONS) - {"touchpoint", "lever", "move_change", "input"}  # nothing has them
    assert dataset.enterprise_value.attrs["units"] == "EUR"
    assert dataset.value_per_share.attrs["units"] == "EUR/share"


def test_what_is_added_up_of_a_run_has_the_bits_of_one_that_was_written(finished: Run, tmp_path: Path) -> None:
    """An axis lies behind the other, as in a file: numpy adds numbers up in the order in which they lie."""
    assert not finished.ledger.count.flags.c_contiguous
    apart = {name for name, own in finished.dataset.items() if not own.to_numpy().flags.c_contiguous}
    assert apart <= {"rival_programmes_value"}  # one for all replications
    write_dataset(finished.dataset, tmp_path / "run.nc")
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as written:
        for name in ("revenue", "customers", "customers_by_stage", "joins", "leaves", "capital", "rival_revenue"):
            for axis in finished.dataset[name].dims:
                one, other = (each[name].sum(axis).to_numpy() for each in (finished.dataset, written))
                assert np.array_equal(one, other), (name, axis)


def test_values_are_where_their_labels_say(finished: Run) -> None:
    for cell in finished.summary["cells"]:
        here = finished.dataset.sel(allocation=cell["allocation"], move=cell["move"])
        assert float(here.value_per_share.mean()) == pytest.approx(cell["value_per_share"]["mean"])
        assert float(here.programmes_value.sum("segment").mean()) == pytest.approx(
            sum(segment["programmes"] for segment in cell["segments"].values())
        )
        end = here.customers.isel(period=-1).sum("presence").mean("replication")
        for name, segment in cell["segments"].items():
            assert float(end.sel(segment=name, supplier="us")) == pytest.approx(segment["customers_end"])
        for name, rival in cell["rivals"].items():
            assert float(end.sel(supplier=name).sum()) == pytest.approx(rival["customers_end"])


def test_the_profit_and_loss_holds_line_by_line(finished: Run) -> None:
    d = finished.dataset
    contribution = d.revenue - d.cost_of_goods - d.cost_to_serve - d.acquisition
    np.testing.assert_allclose(d.tax, 0.25 * contribution, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(d.nopat, contribution - d.tax, rtol=1e-9, atol=1e-6)
    charge = d.capital * (1.09**0.25 - 1)
    np.testing.assert_allclose(d.economic_profit, d.nopat - charge, rtol=1e-9, atol=1e-6)


def test_the_parts_of_rivals_add_up(finished: Run) -> None:
    d = finished.dataset
    parts = d.rival_customers_value.sum("segment") + d.rival_unallocated_value
    for other in (parts, d.rival_value_from_economic_profit):
        np.testing.assert_allclose(other, d.rival_value, rtol=1e-9)
    np.testing.assert_allclose(
        d.rival_economic_profit, d.rival_nopat - d.rival_capital * (1.09**0.25 - 1), rtol=1e-9, atol=1e-6
    )
    customers = d.customers.sum(["segment", "presence"])
    share = (customers / customers.sum("supplier")).sel(supplier=d.rival.values)
    np.testing.assert_allclose(d.rival_share, share, rtol=1e-12)
    assert (d.rival_overhead == 20_000).all()
    assert (d.rival_revenue.sel(segment="leaving") == 0).all()  # under contract
    assert (d.rival_revenue.sel(segment="affluent") > 0).all()
    for cell in finished.summary["cells"]:
        here = d.sel(allocation=cell["allocation"], move=cell["move"])
        for name, rival in cell["rivals"].items():
            assert rival["value"] == pytest.approx(float(here.rival_value.sel(rival=name).mean()), rel=1e-12)
            assert rival["share_end"] == pytest.approx(float(here.rival_share.isel(period=-1).sel(rival=name).mean()))


def test_customers_move_only_by_joining_and_leaving(finished: Run) -> None:
    d = finished.dataset
    customers = d.customers.sum("presence")
    change = customers.diff("period") - (d.joins - d.leaves).sum("presence").isel(period=slice(1, None))
    assert float(abs(change).max()) < 1e-3
    ours = d.customers_by_stage.sum("stage")
    np.testing.assert_allclose(ours, d.customers.sel(supplier="us"), atol=1e-6)


def test_the_dataset_survives_the_disk(finished: Run, tmp_path: Path) -> None:
    write_dataset(finished.dataset, tmp_path / "results.nc")
    with xarray.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as back:
        xarray.testing.assert_identical(back.load(), finished.dataset)
        assert json.loads(back.attrs["provenance"])["seed"] == 7


def test_customers_add_up_to_their_cells(finished: Run, tmp_path: Path) -> None:
    write_customers(finished, tmp_path / "it's.parquet")
    path = str(tmp_path / "it's.parquet").replace("'", "''")
    for cell in finished.summary["cells"]:
        where = f"{cell['allocation']} / {cell['move']}"
        rows = duckdb.sql(
            f"""SELECT segment, sum("value present: {where}"), sum("value future: {where}"), sum(weight), sum(present)
            FROM '{path}' GROUP BY segment ORDER BY segment"""
        ).fetchall()
        assert [row[0] for row in rows] == ["affluent", "leaving"]
        for name, present, future, _, _ in rows:
            assert present + future == pytest.approx(cell["segments"][name]["customers"], rel=1e-9)
        assert sum(row[1] for row in rows) == pytest.approx(cell["present"]["value"], rel=1e-9)
        assert sum(row[3] for row in rows) == finished.summary["market_size"]
        assert sum(row[4] for row in rows) == pytest.approx(finished.summary["customers"])


def test_customers_without_values_are_listed_all_the_same(market: Path, tmp_path: Path) -> None:
    from simengine.results.run import run

    quick = run(load_scenario(market, simulation={"customer_values": False, "replications": 1}))
    write_customers(quick, tmp_path / "customers.parquet")
    columns = duckdb.sql(f"SELECT * FROM '{tmp_path}/customers.parquet'").columns
    assert columns == [
        "customer", "segment", "weight", "revenue_per_year", "price_sensitivity", "need rate", "need service",
        *Statement._fields,
    ]  # fmt: skip


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_values_are_stored_for_the_allocations_that_are_named(market: Path, tmp_path: Path, mode: str) -> None:
    from simengine.results.run import run

    everywhere = run(load_scenario(market, simulation={"mode": mode}))
    chosen = run(load_scenario(market, simulation={"mode": mode, "customer_values": ["advice"]}))
    write_customers(everywhere, tmp_path / "all.parquet")
    write_customers(chosen, tmp_path / "chosen.parquet")
    columns = duckdb.sql(f"SELECT * FROM '{tmp_path}/chosen.parquet'").columns
    values = [name for name in columns if name.startswith("value ")]
    assert {name.split(": ")[1] for name in values} == {"advice / quiet", "advice / price_cut"}
    select = ", ".join(f'"{name}"' for name in columns)
    assert (
        duckdb.sql(f"SELECT {select} FROM '{tmp_path}/all.parquet'").fetchall()
        == duckdb.sql(f"SELECT {select} FROM '{tmp_path}/chosen.parquet'").fetchall()
    )
    for cell in chosen.summary["cells"]:
        whole = sum(part["value"] for part in cell["segments"].values())
        whole += cell["unallocated"]["value"] + cell["rounding"]["value"]
        assert whole == pytest.approx(cell["enterprise_value"]["mean"], rel=1e-9)


def test_the_folder_makes_the_run_again(sampled: Run, scenario: Scenario, tmp_path: Path) -> None:
    sampled.write(tmp_path / "run")
    assert is_run(tmp_path / "run")
    assert load_scenario(tmp_path / "run" / "scenario.yaml") == scenario
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    for library in ("numpy", "numba", "duckdb", "python-calamine", "ruamel.yaml"):
        assert manifest["packages"][library] == version(library)
    assert manifest["digest"] == sampled.summary["digest"]
    assert set(manifest["files"]) == {"customers.parquet", "results.nc", "scenario.yaml", "summary.json"}
    assert set(manifest["inputs"]) == {"market.yaml"}
    assert set(manifest["seconds"]) == {"customers", "tables", "opening", "simulation", "valuation"}
