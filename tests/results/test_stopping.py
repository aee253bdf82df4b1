"""Runs that stop when they are precise enough: where, with which bits, and what they say of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.results.customers import customer_columns
from simengine.results.decision import decisions
from simengine.results.run import Run, run
from simengine.results.stopping import Stopping
from simengine.scenario import load_scenario
from simengine.study.compare.compare import compare
from simengine.valuation.looks import looks_of
from tests.results.conftest import MARKET
from tests.results.test_stacked import ALL_LUCK

LUCKY = MARKET.replace("moves:\n", "market: {demand: {volatility: 5%}, volatility: 0.1}\nmoves:\n")


def loaded(folder: Path, text: str, *settings: str, **simulation: object) -> Run:
    path = folder / "market.yaml"
    path.write_text(text.replace("replications: 6", "replications: 600"), encoding="utf-8")
    return run(load_scenario(path, settings=settings, simulation={"mode": "expected", **simulation}))


def stopping_of(done: Run) -> Stopping:
    assert done.stopping is not None
    return done.stopping


def assert_bits_of_a_run_of_as_many(stopped: Run, folder: Path, text: str, **simulation: object) -> None:
    plain = loaded(folder, text, **{**simulation, "replications": stopped.valuation.replications})
    assert stopped.summary["digest"] == plain.summary["digest"]
    for name, variable in plain.dataset.variables.items():
        assert np.array_equal(stopped.dataset[name], variable, equal_nan=variable.dtype.kind == "f"), name
    columns = customer_columns(stopped)
    for name, column in customer_columns(plain).items():
        assert np.array_equal(columns[name], column, equal_nan=column.dtype.kind == "f"), name


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_it_stops_when_every_cell_is_as_precise_as_stated_with_the_bits_of_a_run_of_as_many(
    mode: str, tmp_path: Path
) -> None:
    stated = {"sampled": 0.04, "expected": 0.008}[mode]
    text = ALL_LUCK.replace("replications: 7", "replications: 6")
    done = loaded(tmp_path, text, mode=mode, precision=stated)
    stopping = stopping_of(done)
    assert stopping.met
    assert len(stopping.looks) > 1
    assert set(stopping.looks) <= set(looks_of(600))
    assert stopping.replications == done.valuation.replications == stopping.looks[-1] < 600
    for cell in done.summary["cells"]:
        low, high = cell["value_per_share"]["ci95"]
        assert high - low <= 2 * stated * abs(cell["value_per_share"]["mean"])
        assert cell["replications"] == stopping.replications
    assert done.scenario.simulation.precision == stated
    assert done.scenario.simulation.replications == 600
    assert_bits_of_a_run_of_as_many(done, tmp_path, text, mode=mode)


def test_batch_and_threads_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(LUCKY.replace("replications: 6", "replications: 200"), encoding="utf-8")
    scenario = load_scenario(path, simulation={"mode": "expected", "precision": "1%"})
    one, other = run(scenario, batch=1, threads=1), run(scenario, batch=7, threads=2)
    assert one.summary == other.summary


def test_intervals_are_wider_than_those_of_a_run_that_was_to_have_as_many(tmp_path: Path) -> None:
    done = loaded(tmp_path, LUCKY, precision="1%")
    plain = loaded(tmp_path, LUCKY, replications=done.valuation.replications)
    pairs = list(zip(done.summary["cells"], plain.summary["cells"], strict=True))
    for cell, other in pairs:
        for name in ("value_per_share", "equity_value", "enterprise_value", "difference"):
            (low, high), (narrow, upper) = cell[name]["ci95"], other[name]["ci95"]
            assert cell[name]["mean"] == other[name]["mean"]
            assert (low < narrow and high > upper) or low == high == narrow == upper, name


def test_a_run_that_does_not_get_there_says_so_and_is_whole(tmp_path: Path) -> None:
    done = loaded(tmp_path, LUCKY, precision="0.001%", replications=40)
    stopping = stopping_of(done)
    assert not stopping.met
    assert (stopping.replications, stopping.most) == (40, 40)
    [warning] = [each for each in done.warnings if each.place == "simulation.precision"]
    assert "after 40 replications, the most that there may be" in warning.found
    assert warning.expected == "0.001 % or better"
    assert warning.suggestion.startswith("allow more replications: ")
    assert done.summary["precision"]["reached"] > 0.001


@pytest.mark.parametrize("precision", ["0.5%", "decision"])
def test_without_luck_it_is_exact_at_once(precision: str, tmp_path: Path) -> None:
    done = loaded(tmp_path, MARKET, precision=precision)
    assert done.exact
    assert done.valuation.replications == 1
    assert stopping_of(done).met
    if precision == "decision":
        values = {cell["allocation"]: cell["value_per_share"]["mean"] for cell in done.summary["cells"][::2]}
        best = done.summary["precision"]["decisions"][0]
        assert best["best"] == max(values, key=values.__getitem__)


def test_more_cells_of_such_a_run_have_as_many_replications(tmp_path: Path) -> None:
    done = loaded(tmp_path, LUCKY, precision="1%")
    again = done.more()
    assert again.valuation.replications == done.valuation.replications
    assert np.array_equal(again.valuation.equity, done.valuation.equity)


def test_the_default_is_ten_thousand_at_the_most(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(LUCKY.replace("replications: 6", "precision: 5%"), encoding="utf-8")
    simulation = load_scenario(path).simulation
    assert simulation.replications == 10_000
    path.write_text(LUCKY.replace(", replications: 6", ""), encoding="utf-8")
    assert load_scenario(path).simulation.replications == 40


def test_blocks_of_uncertain_inputs_are_the_unit(tmp_path: Path) -> None:
    margin = "segments.affluent.margin"
    text = f"{MARKET}uncertain:\n  {margin}: {{normal: [58%, 4%]}}\n"
    done = loaded(tmp_path, text, "simulation.inputs=sobol", precision="4%", customer_values=False)
    stopping = stopping_of(done)
    assert stopping.met
    assert (stopping.block, stopping.looks[0]) == (16, 80)
    assert done.valuation.replications % 16 == 0
    values = done.valuation.value_per_share.reshape(len(done.tables.axes.cells), -1, 16).mean(axis=2)
    half = 2.0 * values.std(axis=1, ddof=1) / values.shape[1] ** 0.5
    for cell, least in zip(done.summary["cells"], half, strict=True):
        low, high = cell["value_per_share"]["ci95"]
        assert high - low > 2 * least


def test_the_best_is_told_of_any_run(tmp_path: Path) -> None:
    plain = loaded(tmp_path, LUCKY, replications=40)
    told = {each.move: each for each in decisions(plain)}
    assert set(told) == {"quiet", "price_cut"}
    for each in told.values():
        cells = [cell for cell in plain.summary["cells"] if cell["move"] == each.move]
        assert each.best == max(cells, key=lambda cell: cell["value_per_share"]["mean"])["allocation"]


def desk(name: str, build: str) -> str:
    """An allocation that builds something, in a time of its own luck."""
    stated = f"{{cost: {{build: {build}}}, duration: {{uniform: [1, 7]}}, effect: {{service: 0.5}}}}"
    return f"  {name}: {{initiatives: {{{name}: {stated}}}}}\n"


CONTEST = LUCKY.replace(
    "  advice: {advisers: {affluent: 40k}}\n",
    f"  advice: {{advisers: {{affluent: 40k}}}}\n{desk('one', '0.1k')}{desk('two', '1k')}{desk('three', '3k')}",
)


@pytest.fixture(scope="module")
def contest(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("contest")
    return loaded(folder, CONTEST, precision="decision", indifference="0.01%", replications=300)


def loaded_contest(folder: Path, replications: int) -> Run:
    return loaded(folder, CONTEST, replications=replications)


def test_effort_goes_to_contenders_and_figures_are_those_of_a_run_of_as_many(contest: Run, tmp_path: Path) -> None:
    cells = contest.summary["cells"]
    drawn = {(cell["allocation"], cell["move"]): cell["replications"] for cell in cells}
    assert min(drawn.values()) < max(drawn.values()) == contest.summary["replications"]
    for n in set(drawn.values()):
        plain = loaded_contest(tmp_path, n)
        other = {(cell["allocation"], cell["move"]): cell for cell in plain.summary["cells"]}
        columns, wanted = customer_columns(contest), customer_columns(plain)
        for cell in cells:
            allocation, move = key = cell["allocation"], cell["move"]
            if cell["replications"] != n:
                continue
            assert cell["value_per_share"]["mean"] == other[key]["value_per_share"]["mean"]
            assert cell["segments"] == other[key]["segments"]
            assert cell["difference"]["mean"] == other[key]["difference"]["mean"]
            found = contest.dataset.sel(allocation=allocation, move=move)
            same = plain.dataset.sel(allocation=allocation, move=move)
            for name in ("value_per_share", "customers", "nopat", "leaves"):
                assert np.array_equal(found[name].isel(replication=slice(n)), same[name]), name
                assert np.isnan(found[name].isel(replication=slice(n, None)).astype(float)).all(), name
            for presence in ("present", "future"):
                name = f"value {presence}: {allocation} / {move}"
                assert np.array_equal(columns[name], wanted[name])


def test_decisions_say_who_is_best_and_who_may_be(contest: Run) -> None:
    assert [each["move"] for each in contest.summary["precision"]["decisions"]] == ["quiet", "price_cut"]
    values = {(cell["allocation"], cell["move"]): cell for cell in contest.summary["cells"]}
    for told in decisions(contest):
        assert told.by in ("known", "indifference", None)
        assert told.contenders[0] == told.best
        assert values[told.best, told.move]["replications"] >= told.replications
        assert (told.at_most_better <= told.indifference) == (told.by is not None)
    assert stopping_of(contest).met == all(each.by for each in decisions(contest))


def test_its_folder_is_whole_and_compared_by_the_replications_that_all_cells_have_in_common(
    contest: Run, tmp_path: Path
) -> None:
    contest.write(tmp_path / "run")
    assert {path.name for path in (tmp_path / "run").iterdir()} >= {"summary.json", "results.nc", "customers.parquet"}
    of_folder, of_run = compare(tmp_path / "run"), compare(contest)
    assert of_folder.document["moves"] == of_run.document["moves"]
    assert of_run.outcomes.replications == contest.valuation.replications < contest.summary["replications"]
