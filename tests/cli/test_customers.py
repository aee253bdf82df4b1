"""`simengine customers` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.bad.corpus import simengine
from tests.cli.conftest import Ended
from tests.study.test_actual import GOOD

NAMED = ["--columns", "id=customer_id,profit=annual_profit,segment=region"]


@pytest.fixture(scope="module")
def folder(finished: tuple[Path, Ended]) -> Path:
    """A folder with the small scenario, its run, and a file of profits."""
    (finished[0] / "profits.csv").write_text(GOOD)
    return finished[0]


def test_a_run_and_its_scenario_say_the_same(folder: Path) -> None:
    cell = ["--allocation", "more_advice", "--move", "price_cut", "--json", "--quiet"]
    of_run, of_file = (simengine(["customers", target, *cell], folder) for target in ("runs/small", "small.yaml"))
    one, other = json.loads(of_run.out), json.loads(of_file.out)
    assert (of_run.code, of_file.code, of_run.err, of_file.err) == (0, 0, "", "")
    assert one["cell"] == {"allocation": "more_advice", "move": "price_cut"}
    assert one["deciles"] == other["deciles"]
    assert one["value"] == other["value"]
    assert one["migration"]["from"]["allocation"] == "baseline"
    assert (one["standard_error"] is None, other["standard_error"] is None) == (True, False)
    assert not of_file.written


def test_tables_are_printed(folder: Path) -> None:
    ended = simengine(["customers", "runs/small"], folder)
    assert ended.code == 0
    for part in ("= economic profit", "= enterprise value", "decile", "create", "standard deviations"):
        assert part in ended.out
    assert "and (across) under" not in ended.out  # the baseline is compared with nothing


def test_luck_in_the_values_of_single_customers_is_told(folder: Path) -> None:
    told = "Deciles by value are in part luck"
    assert told in simengine(["customers", "small.yaml", "--quiet"], folder).out
    assert told not in simengine(["customers", "small.yaml", "--quiet", "--mode", "expected"], folder).out


def test_the_table_has_a_row_for_each_customer_of_ours(folder: Path) -> None:
    for _ in range(2):  # an earlier one is replaced
        ended = simengine(["customers", "runs/small", "--out", "table.parquet", "--json"], folder)
    document = json.loads(ended.out)
    rows = duckdb.sql(
        f"""SELECT count(*), sum(customers), sum(customers * economic_profit),
        sum(customers * "value: baseline / quiet"), min("decile by value"), max("decile by economic profit")
        FROM '{folder / "table.parquet"}'"""
    ).fetchall()
    assert rows[0][0] == document["rows"]
    assert rows[0][1:4] == pytest.approx(
        (document["customers"], document["statement"]["economic_profit"], document["value"]["present"]), rel=1e-9
    )
    assert rows[0][4:] == (1, 10)
    assert not list(folder.glob(".table*"))


def test_a_single_customer_is_told_once(folder: Path) -> None:
    (folder / "one.csv").write_text("profit,capital\n15,10\n")
    columns = ["--columns", "profit=profit,capital=capital", "--discount-rate", "7.5%"]
    out = simengine(["customers", "--actual", "one.csv", *columns], folder).out
    lines = [line.split() for line in out.splitlines()]
    assert ["-", "capital", "charge", "0.75"] in lines
    assert ["=", "economic", "profit", "14.25"] in lines
    assert ["1", "customers", "14.25"] in lines
    assert ["..."] not in lines
    assert ["2", "0"] in lines  # a decile of nobody
    assert "1 customer (100.0%) create" in out
    assert "Nobody destroys economic profit; those of the lowest decile differ in nothing" in out


def test_actual_profits_need_no_scenario(folder: Path) -> None:
    ended = simengine(["customers", "--actual", "profits.csv", *NAMED], folder)
    assert ended.code == 0
    assert "2 (40.0%) destroy 80." in ended.out
    assert "segment south: 100% of them, 33% of the others" in ended.out


BAD = {
    "nothing": ([], "expected  a run's folder or a scenario, or --actual"),
    "both": (["small.yaml", "--actual", "profits.csv", *NAMED], "found     small.yaml and --actual profits.csv"),
    "no run": (["runs"], "found     no run"),
    "no cell": (["runs/small", "--allocation", "more_advise"], "did you mean 'more_advice'?"),
    "no move": (["small.yaml", "--move", "price_cat"], "did you mean 'price_cut'?"),
    "no reference": (["small.yaml", "--to", "base"], "an allocation of the scenario: baseline or more_advice"),
    "a simulation of a run": (["runs/small", "--seed", "3", "--set", "company.shares=1"], "2 problems"),
    "a simulation of a file": (["--actual", "profits.csv", *NAMED, "--move", "quiet"], "--move quiet"),
    "columns of a scenario": (["small.yaml", *NAMED], "an option of --actual"),
    "no column for profit": (["--actual", "profits.csv"], "such as profit=annual_profit"),
    "columns that are none": (["--actual", "profits.csv", "--columns", "profit"], "NAME=COLUMN"),
    "a rate that is none": (["--actual", "profits.csv", *NAMED, "--discount-rate", "9"], "write 9% for nine per cent"),
    "a table of another kind": (["runs/small", "--out", "table.csv"], "ending in .parquet or .pq"),
    "a table over another file": (["runs/small", "--out", "runs/small/customers.parquet"], "which exists"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told_and_nothing_is_written(arguments: list[str], said: str, folder: Path) -> None:
    ended = simengine(["customers", *arguments], folder)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
    assert not ended.written


def test_a_run_without_values_of_customers_says_what_to_do(folder: Path) -> None:
    simengine(["run", "small.yaml", "--set", "simulation.customer_values=false", "--out", "bare", "--quiet"], folder)
    ended = simengine(["customers", "bare"], folder)
    assert ended.code == 2
    assert "give the scenario in place of the run" in ended.err
