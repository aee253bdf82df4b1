"""A study of customers adds up to the company, in either mode, from the run or from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.scenario.problems import ScenarioError
from simengine.study.accounts import accounts_of_run
from simengine.study.customers import CustomerStudy
from simengine.study.studied import customers, only
from tests.buyers import alive, buyers
from tests.study.conftest import SHOWN, TO, study_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FEWER = ("segments.affluent.size=1800", "segments.mass.size=4200")


def close(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def require_parts_add_up(document: dict[str, Any], summary: dict[str, Any]) -> None:
    cell = document["cell"]
    (stated,) = (each for each in summary["cells"] if all(each[key] == cell[key] for key in cell))
    value, segments = document["value"], document["segments"].values()
    beside = value["programmes"] + value["unallocated"] + value["rounding"]
    enterprise = stated["enterprise_value"]["mean"]
    for rows in document["deciles"].values():
        assert sum(row["value"] for row in rows) == close(value["present"])
        assert sum(row["value_per_share"] for row in rows) == close(value["value_per_share"]["present"])
        assert sum(row["value"] for row in rows) + value["future"] + beside == close(enterprise)
        assert sum(row["customers"] for row in rows) == close(document["customers"])
    assert sum(value["by_line"].values()) == close(value["present"] + value["future"] + value["rounding"])
    outside = value["unallocated"] + value["rounding"]
    assert sum(each["value"]["value"] for each in segments) + outside == close(enterprise)
    for name, each in document["segments"].items():
        parts = each["value"]
        assert parts["value"] == close(parts["present"] + parts["future"] + parts["programmes"])
        assert parts["value"] == close(stated["segments"][name]["value"])
        of_lines = pytest.approx(parts["present"] + parts["future"], rel=1e-6)  # what customers are rounded by apart
        assert sum(parts["by_line"].values()) == of_lines
        assert each["value_per_share"] == close(stated["segments"][name]["value_per_share"])
    assert enterprise + value["financing"] == close(value["equity_value"])
    assert value["value_per_share"]["equity_value"] == close(stated["value_per_share"]["mean"])
    for line, amount in document["statement"].items():
        assert sum(each["statement"][line] for each in segments) == close(amount)
    signs = document["creators_and_destroyers"]["value"]
    assert signs["creators"]["amount"] + signs["destroyers"]["amount"] == close(value["present"])
    assert document["curve"]["value"]["total"] == close(value["present"])
    assert document["curve"]["value"]["peak"] == close(signs["creators"]["amount"])


def test_parts_add_up_to_the_company(study: CustomerStudy, finished: Run) -> None:
    require_parts_add_up(study.document, finished.summary)


@pytest.mark.parametrize(("name", "mode"), [("telco", "sampled"), ("northbank", "sampled"), ("northbank", "expected")])
def test_parts_of_shipped_scenarios_add_up(name: str, mode: str) -> None:
    settings = FEWER if name == "northbank" else ()
    simulation = {"mode": mode, "replications": 3}
    scenario = load_scenario(SCENARIOS / f"{name}.yaml", settings=settings, simulation=simulation)
    study = customers(scenario, allocation=list(scenario.allocations)[1])
    assert study.summary is not None
    require_parts_add_up(study.document, study.summary)


def test_customers_who_may_be_gone_count_with_the_chance_that_they_are_not(tmp_path: Path) -> None:
    """buy-till-you-die: nobody sees who has left; a year is what is to be expected of who has not."""
    study = customers(buyers(tmp_path), allocation="more")
    assert study.summary is not None
    require_parts_add_up(study.document, study.summary)
    accounts = study.accounts
    rows = [(2, 30.43, 38.86), (0, 0, 38.86), (5, 10, 30), (5, 10, 30), (12, 25, 26)]
    chances = dict(zip("12345", (alive(*row) for row in rows), strict=True))
    found = dict(zip(map(str, accounts.ids), accounts.customers.tolist(), strict=True))
    assert found == pytest.approx(chances, rel=1e-6)


def test_a_years_statement_adds_up_line_by_line(study: CustomerStudy) -> None:
    for part in (study.document, *study.document["segments"].values()):
        of = part["statement"]
        costs = of["cost_of_goods"] + of["cost_to_serve"] + of["acquisition"]
        assert of["revenue"] - costs == close(of["contribution"])
        assert of["contribution"] - of["tax"] == close(of["nopat"])
        assert of["tax"] == close(0.25 * of["contribution"])
        assert of["nopat"] - of["capital_charge"] == close(of["economic_profit"])
        assert of["capital_charge"] == close(0.09 * of["capital"])


def test_standard_errors_are_those_of_replications(market: Path, sampled: Run) -> None:
    """A slow twin: a run of one replication more holds what that one adds, customer by customer."""
    sums = [run(load_scenario(market, simulation={"replications": n})).ledger.customer_value[0] for n in range(1, 7)]
    each = np.diff(np.stack([np.zeros_like(sums[0]), *sums]), axis=0) / sampled.ledger.money_scale
    accounts = accounts_of_run(sampled, (SHOWN,))
    rows = sampled.ledger.customer_present > 0
    values = each[:, rows, sampled.tables.axes.cells.index(SHOWN)]  # 0 where the customer is not ours at the opening
    slow = [
        np.std(v[v != 0.0], ddof=1) / np.sqrt((v != 0.0).sum()) if (v != 0.0).sum() > 1 else np.nan for v in values.T
    ]
    error = accounts.worth[SHOWN].standard_error
    assert error is not None
    assert 0 < np.isnan(error).sum() < len(error) / 2  # of one replication none is known
    np.testing.assert_allclose(error, slow, rtol=1e-6, atol=1e-6)
    assert study_of(sampled).document["standard_error"]["median"] == pytest.approx(np.nanmedian(slow), rel=1e-6)


def test_amounts_per_customer_are_of_whole_customers(study: CustomerStudy) -> None:
    """Also of those who are ours in a part of the replications, or by a probability."""
    for by, rows in study.document["deciles"].items():
        for row in rows:
            assert row[f"{by}_per_customer"] * row["customers"] == close(row[by])
    worth, ids = study.accounts.per_customer(SHOWN), [str(each) for each in study.accounts.ids]
    signs = study.document["creators_and_destroyers"]["value"]
    for row in (*signs["highest"], *signs["lowest"]):
        assert row["value"] == worth[ids.index(row["id"])]
        assert row["customers"] == study.accounts.customers[ids.index(row["id"])]


def test_who_moves_to_a_decile_of_more_value_rises(study: CustomerStudy) -> None:
    before, after = study.decile_in_the_other, study.rankings["value"].decile
    assert before is not None
    count, moved = study.accounts.customers, study.document["migration"]
    assert moved["rise"] == pytest.approx(count[after < before].sum() / count.sum())
    assert moved["fall"] == pytest.approx(count[after > before].sum() / count.sum())
    assert moved["rise"] != pytest.approx(moved["fall"])


def test_standard_errors_change_no_value(market: Path, sampled: Run) -> None:
    plain = run(load_scenario(market))
    assert plain.summary["digest"] == sampled.summary["digest"]
    assert (plain.ledger.customer_value == sampled.ledger.customer_value).all()


def test_the_cells_that_are_shown_are_those_of_the_whole_run(market: Path, finished: Run) -> None:
    """A scenario is run in two cells only; nothing else changes."""
    scenario = load_scenario(market, simulation={"mode": finished.options.mode})
    study = customers(scenario, allocation="advice", move="quiet", to="baseline")
    assert set(only(scenario, ("baseline", "advice"), "quiet").cells) == {SHOWN, TO}
    whole = study_of(finished)
    for cell in (SHOWN, TO):
        np.testing.assert_array_equal(study.accounts.worth[cell].value, whole.accounts.worth[cell].value)
    assert study.document == whole.document


def test_a_runs_folder_says_the_same(finished: Run, study: CustomerStudy, tmp_path: Path) -> None:
    finished.write(tmp_path / "run")
    found = customers(tmp_path / "run", allocation="advice", move="quiet")
    document, other = found.document, study.document
    assert document["standard_error"] is None
    for each in (document, other):
        each.pop("standard_error")
        for signs in each["creators_and_destroyers"].values():
            for row in (*signs["highest"], *signs["lowest"]):
                row.pop("standard_error")
    assert document == other


@pytest.mark.parametrize("name", ["customers.parquet", "results.nc", "summary.json"])
def test_a_folder_whose_files_are_not_the_runs_own_is_refused(expected: Run, tmp_path: Path, name: str) -> None:
    expected.write(tmp_path / "run")
    for spoil in (lambda path: path.write_bytes(path.read_bytes()[:100]), Path.unlink):
        spoil(tmp_path / "run" / name)
        with pytest.raises(ScenarioError, match=f"{name}, gone or not as the run wrote it"):
            customers(tmp_path / "run")


def test_what_nothing_separates_does_not_migrate(finished: Run) -> None:
    """`same` is a copy of the baseline."""
    cells = ("same", "quiet"), TO
    study = CustomerStudy("", "", accounts_of_run(finished, cells), *cells, finished.summary)
    assert study.document["migration"]["stay"] == pytest.approx(1.0, abs=1e-12)


def test_customers_are_ours_today_with_the_weight_of_replications(sampled: Run, expected: Run) -> None:
    for finished in (sampled, expected):
        assert study_of(finished).document["customers"] == pytest.approx(finished.summary["customers"], rel=1e-7)
    accounts = study_of(sampled).accounts
    assert set(np.unique(accounts.customers * 6)) <= set(range(1, 7))
