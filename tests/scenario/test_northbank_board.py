"""The shipped variant with boards: what its comments say is so on a smaller market, in figures as its run writes them.

The market is a fiftieth, and so is all money that does not go with customers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray

from simengine.results.run import Run, run
from simengine.scenario import load_scenario

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_board.yaml"
PLANS, BOARDS = ("plan_by_revenue", "plan_by_profit"), ("board_by_revenue", "board_by_profit")
SMALLER = (
    "segments.affluent.size=3600", "segments.mass.size=8400", "levers.advisers.today.affluent=80k",
    "levers.advisers.today.mass=120k", "levers.outreach.today.affluent=40k", "levers.outreach.today.mass=40k",
    "levers.outreach.response.hill.half=60k", "company.overhead=800k", "company.net_debt=2.4M",
    "company.shares=2.4 million", "budget=380k", *(f"allocations.{name}.spread.budget=300k" for name in PLANS),
    *(f"allocations.{name}.board.budget=300k" for name in BOARDS),
)  # fmt: skip
BUDGET = 300_000
MEETINGS = range(4, 24, 4)


@pytest.fixture(scope="module")
def finished() -> Run:
    return run(load_scenario(PATH, settings=SMALLER))


@pytest.fixture(scope="module")
def written(finished: Run, tmp_path_factory: pytest.TempPathFactory) -> xarray.Dataset:
    folder = tmp_path_factory.mktemp("board") / "run"
    finished.write(folder)
    return xarray.open_dataset(folder / "results.nc", engine="h5netcdf").load()


def worth(written: xarray.Dataset, allocation: str, move: str) -> float:
    return float(written.value_per_share.sel(allocation=allocation, move=move).mean())


def test_it_loads_without_warnings() -> None:
    scenario = load_scenario(PATH)
    assert not scenario.warnings
    assert len(scenario.cells) == 15


@pytest.mark.parametrize("move", ["quiet", "neo_learns_to_advise", "dearer_branches"])
def test_economic_profit_is_the_better_guide_and_looking_again_pays(move: str, written: xarray.Dataset) -> None:
    values = {name: worth(written, name, move) for name in ("baseline", *PLANS, *BOARDS)}
    by_revenue, by_profit = (values[plan] for plan in PLANS)
    assert values["baseline"] < by_revenue < values["board_by_revenue"] < by_profit < values["board_by_profit"]


def test_looking_again_is_worth_most_where_profit_changes_and_revenue_does_not(written: xarray.Dataset) -> None:
    gain = {
        (by, move): worth(written, f"board_by_{by}", move) - worth(written, f"plan_by_{by}", move)
        for by in ("revenue", "profit")
        for move in ("quiet", "dearer_branches")
    }
    assert gain["profit", "dearer_branches"] > 5 * gain["profit", "quiet"]
    assert gain["profit", "dearer_branches"] > 3 * gain["revenue", "dearer_branches"]
    spend = written.board_spend.sel(lever="advisers", allocation="board_by_revenue")
    np.testing.assert_array_equal(spend.sel(move="dearer_branches"), spend.sel(move="quiet"))


def test_boards_follow_success_and_leave_the_segment_that_has_become_dear(written: xarray.Dataset) -> None:
    spend = written.board_spend.sel(lever="advisers", segment="affluent").isel(replication=0, period=list(MEETINGS))
    for allocation in BOARDS:
        for move in ("quiet", "dearer_branches"):
            assert (np.diff(spend.sel(allocation=allocation, move=move)) > 0).all()
    quiet, dear = (spend.sel(allocation="board_by_profit", move=move) for move in ("quiet", "dearer_branches"))
    assert float(dear[0]) == pytest.approx(float(quiet[0]), rel=1e-12)
    assert float(dear[-1]) > float(quiet[-1]) + 0.05 * BUDGET


def brought(written: xarray.Dataset, opening_new: xarray.DataArray) -> dict[str, xarray.DataArray]:
    """What each period brought, from the results alone but for who was new at the opening: economic profit without the
    cost of acquisition, as boards see it."""
    d = written.sum("presence")
    new = d.customers_by_stage.sel(stage="new").shift(period=1)
    new = xarray.where(new.period == new.period[0], opening_new, new)
    held = xarray.DataArray([240.0, 0.0], coords={"segment": ["affluent", "mass"]})  # capitalised of the affluent
    profit = d.economic_profit + 0.75 * d.acquisition + (1.09**0.25 - 1) * held * new
    return {"revenue": d.revenue, "profit": profit}


@pytest.mark.parametrize("mode", ["expected", "sampled"])
def test_every_split_is_the_one_that_results_ask_for(mode: str, finished: Run, written: xarray.Dataset) -> None:
    """In every replication, each of which has its own."""
    results = written
    if mode == "sampled":
        finished = run(load_scenario(PATH, settings=SMALLER, simulation={"mode": mode, "replications": 2}))
        results = finished.dataset
    dims = ("allocation", "move", "replication", "segment")
    count = finished.ledger.count[:, :, 0, :, 0].sum(axis=-1) / finished.ledger.count_scale  # [C, R, S] new
    new = xarray.DataArray(count.reshape(5, 3, -1, 2), dims=dims, coords={name: results[name] for name in dims})
    for by, basis in brought(results, new).items():
        spend = results.board_spend.sel(lever="advisers", allocation=f"board_by_{by}").transpose("period", ...)
        assert (spend.isel(period=slice(0, 4)) == [80_000, 120_000]).all()
        for t in MEETINGS:
            year = basis.sel(allocation=f"board_by_{by}").isel(period=slice(t - 4, t)).sum("period").clip(min=0)
            wanted = (BUDGET * year / year.sum("segment")).transpose(*spend.dims[1:])
            for held in range(t, t + 4):
                np.testing.assert_allclose(spend.isel(period=held), wanted, rtol=1e-9)
        np.testing.assert_allclose(spend.isel(period=slice(4, None)).sum("segment"), BUDGET, rtol=1e-12)
        assert (spend.isel(period=-1).std("replication") > 0).all() == (mode == "sampled")


def test_what_boards_decided_is_in_the_summary(finished: Run, written: xarray.Dataset) -> None:
    for cell in finished.summary["cells"]:
        spend = written.board_spend.sel(allocation=cell["allocation"], move=cell["move"], lever="advisers")
        if cell["allocation"] not in BOARDS:
            assert "boards" not in cell
            assert np.isnan(spend).all()
            continue
        told = cell["boards"]["advisers"]
        assert told["meetings"] == ["2028-Q1", "2029-Q1", "2030-Q1", "2031-Q1", "2032-Q1"]
        assert (told["budget"], told["every"]) == (BUDGET, 4)
        for name, amounts in told["spend"].items():
            assert amounts == spend.sel(segment=name).isel(replication=0, period=list(MEETINGS)).values.tolist()
    assert finished.summary["allocations"]["board_by_profit"] == [
        {
            "from": "2027-Q1", "until": "2027-Q4",
            "advisers": {"affluent": 80_000, "mass": 120_000}, "outreach": {"affluent": 40_000, "mass": 40_000},
        },
        {
            "from": "2028-Q1", "until": "2032-Q4",
            "board": {"advisers": BUDGET}, "outreach": {"affluent": 40_000, "mass": 40_000},
        },
    ]  # fmt: skip
