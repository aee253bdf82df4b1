"""The study as a whole: against an independent recomputation, of a run and of its folder, whatever the order."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray
from scipy import stats

from simengine.results.run import Run
from simengine.scenario import load_scenario
from simengine.scenario.file_hash import sha256
from simengine.scenario.problems import ScenarioError
from simengine.study.compare.compare import CompareStudy, compare
from simengine.study.compare.comparisons import in_blocks
from simengine.study.compare.outcomes import OF_CELLS


@pytest.fixture(scope="session")
def folder(lucky: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compared") / "run"
    lucky.write(path)
    return path


def test_a_folder_says_what_the_run_says_to_the_bit(lucky_study: CompareStudy, folder: Path) -> None:
    assert json.dumps(compare(folder).document) == json.dumps(lucky_study.document)


def test_figures_follow_from_the_dataset_by_another_way(lucky_study: CompareStudy, folder: Path) -> None:
    """Plain means, shares of replications, regrets and customers, from results.nc by xarray and scipy."""
    with xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as found:
        dataset = found.load()
    value = dataset["value_per_share"]
    best_of_each = value.max("allocation")
    for move, under in lucky_study.document["moves"].items():
        for name, cell in under["cells"].items():
            own = value.sel(allocation=name, move=move)
            difference = own - value.sel(allocation="baseline", move=move)
            assert cell["difference"]["unadjusted_mean"] == pytest.approx(float(difference.mean()), abs=1e-12)
            assert cell["value_per_share"]["mean"] == pytest.approx(float(own.mean()))
            moved = cell["difference"]["enterprise_value"]["mean"]
            assert moved == pytest.approx(1000 * cell["difference"]["mean"], abs=1e-12)
            if name != "baseline":
                cells = dataset.sel(allocation=name, move=move), dataset.sel(allocation="baseline", move=move)
                ours, theirs = (
                    each["customers"].isel(period=-1).sum("presence").mean("replication").sel(segment="affluent")
                    for each in cells
                )
                hands = cell["customers"]["affluent"]
                assert hands["at_end"] == pytest.approx(float((ours - theirs).sel(supplier="us")), abs=1e-9)
                assert hands["at_end"] + sum(hands["of_others_at_end"].values()) == pytest.approx(0.0, abs=1e-4)
                came, before = (
                    each["joins"].sum(["presence", "period"]).mean("replication").sel(segment="affluent", supplier="us")
                    for each in cells
                )
                assert hands["won"] == pytest.approx(float(came - before), abs=1e-9)
        chosen = value.sel(allocation=under["best"], move=move)
        information = float((best_of_each.sel(move=move) - chosen).mean())
        assert under["value_of_perfect_information"]["mean"] == pytest.approx(information, abs=1e-12)
        shares = {
            name: float((value.sel(allocation=name, move=move) == best_of_each.sel(move=move)).mean())
            for name in under["cells"]
        }
        assert shares["advice"] == pytest.approx(under["cells"]["advice"]["best_in"])
        assert sum(cell["best_in"] for cell in under["cells"].values()) == pytest.approx(1.0)


def test_sharpened_means_are_ordinary_regressions_at_known_means(lucky_study: CompareStudy) -> None:
    """Least squares by LAPACK: the intercept at the controls' means differs from ours by little of the error, and so
    does the error that its residuals say."""
    comparisons = lucky_study.comparisons
    adjustment = next(iter(comparisons._adjustments.values()))
    pair = comparisons.pairs["quiet"]["advice", "baseline"]
    assert pair.adjusted
    controls = adjustment._columns[1:]
    at_zero = adjustment._at_mean
    design = np.column_stack([np.ones(40), *controls])
    # columns are orthogonal to the constant, so they are centred on the sample: the shift to the known mean is theirs
    fit, _, _, _ = np.linalg.lstsq(design, pair.plain, rcond=None)
    intercept = float((at_zero * (design @ fit)).sum())
    residuals = pair.plain - design @ fit
    error = np.sqrt((residuals**2).sum() / pair.degrees * (at_zero**2).sum())
    assert pair.standard_error is not None
    assert abs(pair.mean - intercept) < 0.5 * error
    assert pair.standard_error == pytest.approx(float(error), rel=0.4)
    assert pair.variance_removed > 0.5


def test_intervals_hold_together_and_are_no_wider_than_bonferronis(lucky_study: CompareStudy) -> None:
    comparisons = lucky_study.comparisons
    assert 0.05 / comparisons.count < comparisons.level < 0.05
    pair, found = comparisons.pairs["quiet"]["advice", "baseline"], comparisons.of("quiet", "advice", "baseline")
    assert found.interval is not None
    assert found.alone is not None
    assert found.standard_error is not None
    half = 0.5 * (found.interval[1] - found.interval[0])
    assert half == pytest.approx(stats.t.ppf(1 - comparisons.level / 2, pair.degrees) * found.standard_error)
    assert found.alone[0] > found.interval[0]


def test_what_does_not_differ_differs_by_exactly_nothing(lucky_study: CompareStudy) -> None:
    """`same` states what the baseline states."""
    document = lucky_study.document
    assert document["inputs"]["same"] == []
    for under in document["moves"].values():
        same = under["cells"]["same"]
        assert same["difference"]["mean"] == 0.0
        assert same["difference"]["ci95"] == [0.0, 0.0]
        assert same["difference"]["enterprise_value"] == {"mean": 0.0, "ci95": [0.0, 0.0]}
        assert same["dominates_reference"] is None
        for moved in same["customers"].values():
            assert [moved["won"], moved["lost"], moved["at_end"], *moved["of_others_at_end"].values()] == [0.0] * 6
            hands = moved["one_by_one"]
            assert [hands["gained"], hands["lost"]] == [0.0, 0.0]
            assert [*hands["gained_from"].values(), *hands["lost_to"].values()] == [0.0] * 6


def test_the_order_of_allocations_is_immaterial(lucky_study: CompareStudy) -> None:
    outcomes = lucky_study.outcomes
    order = [3, 1, 0, 2]
    turned = dataclasses.replace(
        outcomes, allocations=tuple(outcomes.allocations[a] for a in order),
        **{name: getattr(outcomes, name)[order] for name in OF_CELLS},
    )  # fmt: skip
    likely = {"quiet": 0.25, "price_cut": 0.5, "may_come": 0.25}
    here, there = (CompareStudy(each, "baseline", likely).document for each in (outcomes, turned))
    assert here == there  # mappings are equal in any order


def test_another_allocation_leaves_the_means_of_others_alone(lucky_study: CompareStudy) -> None:
    outcomes = lucky_study.outcomes
    fewer = dataclasses.replace(
        outcomes, allocations=outcomes.allocations[:3], **{name: getattr(outcomes, name)[:3] for name in OF_CELLS}
    )
    few = CompareStudy(fewer, "baseline").document
    for move, under in few["moves"].items():
        for name, cell in under["cells"].items():
            whole = lucky_study.document["moves"][move]["cells"][name]["difference"]
            for key in ("mean", "standard_error", "ci95_alone", "unadjusted_mean", "variance_removed"):
                assert cell["difference"][key] == whole[key]
            assert cell.get("customers") == lucky_study.document["moves"][move]["cells"][name].get("customers")


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_the_whole_document_is_there_in_both_modes(mode: str, request: pytest.FixtureRequest) -> None:
    run_of_mode: Run = request.getfixturevalue(mode)
    document = compare(run_of_mode, probabilities={"quiet": 0.75, "price_cut": 0.25}).document
    json.dumps(document, allow_nan=False)
    assert document["exact"] == (mode == "expected")
    advice = document["moves"]["quiet"]["cells"]["advice"]
    assert (advice["difference"]["ci95"] is None) == document["exact"]
    assert (advice["direction"] is None) == document["exact"]
    if mode == "sampled":
        assert advice["direction"]["violations"] == 0
        assert advice["direction"]["reviews"] > 0
    for moved in advice["customers"].values():
        hands = moved["one_by_one"]
        assert hands["gained"] - hands["lost"] == pytest.approx(moved["at_end"], abs=1e-4)
        assert sum(hands["gained_from"].values()) == pytest.approx(hands["gained"])
        assert sum(hands["lost_to"].values()) == pytest.approx(hands["lost"])
    assert any(moved["one_by_one"]["gained"] > 0.0 for moved in advice["customers"].values())
    summary = {(cell["allocation"], cell["move"]): cell for cell in run_of_mode.summary["cells"]}
    for move, under in document["moves"].items():
        for name, cell in under["cells"].items():
            plain = summary[name, move]["difference"]
            assert cell["difference"]["unadjusted_mean"] == pytest.approx(plain["mean"], abs=1e-12)
            assert cell["value_per_share"] == summary[name, move]["value_per_share"]
    expected = document["decision"]["expected"]
    mixed = 0.75 * advice["difference"]["mean"]
    mixed += 0.25 * document["moves"]["price_cut"]["cells"]["advice"]["difference"]["mean"]
    assert expected["allocations"]["advice"]["difference"]["mean"] == pytest.approx(mixed)


def test_against_another_allocation_the_sign_turns(lucky: Run, lucky_study: CompareStudy) -> None:
    other = compare(lucky, to="advice", move="quiet").document
    assert list(other["moves"]) == ["quiet"]
    assert other["decision"] is None
    assert other["moves"]["quiet"]["cells"]["baseline"]["customers"]["affluent"]["one_by_one"] is None
    here = lucky_study.document["moves"]["quiet"]["cells"]["advice"]["difference"]
    there = other["moves"]["quiet"]["cells"]["baseline"]["difference"]
    assert there["mean"] == -here["mean"]
    assert there["ci95_alone"] == [-here["ci95_alone"][1], -here["ci95_alone"][0]]
    assert other["moves"]["quiet"]["best"] == lucky_study.document["moves"]["quiet"]["best"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"to": "advise"}, "did you mean 'advice'?"),
        ({"move": "quit"}, "did you mean 'quiet'?"),
        ({"probabilities": {"quiet": 0.5, "price_cut": 0.3}}, "20% is left for may_come"),
        ({"probabilities": {"quiet": 1.5, "price": -0.5}}, "a probability, from 0% to 100%"),
    ],
)
def test_what_cannot_be_compared_is_told(lucky: Run, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        compare(lucky, **arguments)
    assert said in str(told.value)


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no run"):
        compare(tmp_path)


def test_a_folder_whose_manifest_leaves_files_out_is_told(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "run")
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"files": {}}))
    with pytest.raises(ScenarioError, match=r"results\.nc and summary\.json, gone or not as the run wrote them"):
        compare(copy)


@pytest.mark.parametrize("lacking", ["equity_value", "customers_value_by_line"])
def test_a_folder_that_was_written_otherwise_is_told(folder: Path, tmp_path: Path, lacking: str) -> None:
    copy = shutil.copytree(folder, tmp_path / "run")
    with xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as whole:
        whole.load().drop_vars(lacking).to_netcdf(copy / "other.nc", engine="h5netcdf")
    (copy / "other.nc").replace(copy / "results.nc")
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["results.nc"] = sha256(copy / "results.nc")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ScenarioError, match="a run that another simengine wrote"):
        compare(copy)


def test_everything_that_is_asked_for_and_not_there_is_told_at_once(lucky: Run) -> None:
    with pytest.raises(ScenarioError) as told:
        compare(lucky, to="advise", move="quit", probabilities={"price": 1.0})
    assert len(told.value.problems) == 3


def test_bridges_are_of_the_differences_before_luck_is_taken_out(lucky_study: CompareStudy) -> None:
    document = lucky_study.document
    for move, found in document["bridges"].items():
        for name, bridge in found.items():
            difference = document["moves"][move]["cells"][name]["difference"]
            assert bridge["value_per_share"] == pytest.approx(difference["unadjusted_mean"], rel=1e-12)
            assert bridge["by_change"] is None


def test_blocks_of_replications_are_the_unit_of_errors() -> None:
    values = np.arange(12.0)
    np.testing.assert_array_equal(in_blocks(values, 1), values)
    np.testing.assert_array_equal(in_blocks(values, 2), [0.5, 2.5, 4.5, 6.5, 8.5, 10.5])
    np.testing.assert_array_equal(in_blocks(values[:11], 2), [0.5, 2.5, 4.5, 6.5, 8.5])
    np.testing.assert_array_equal(in_blocks(values, 4), [5.5])  # too few for an interval


def test_drawn_inputs_are_judged_by_their_blocks(lucky_file: Path) -> None:
    uncertain = "uncertain={segments.affluent.margin: {normal: [0.58, 0.02]}}"
    settings = (uncertain, "simulation.inputs=antithetic")
    study = compare(load_scenario(lucky_file, settings=settings, simulation={"replications": 20}), move="quiet")
    pair = study.comparisons.pairs["quiet"]["advice", "baseline"]
    assert study.document["blocks"] == len(pair.sharp) == 10
    assert study.document["uncertain"] == ["segments.affluent.margin"]
    assert not study.document["inputs_are_controls"]
    assert pair.degrees == 9
