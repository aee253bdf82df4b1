"""Scenarios of calibrations state how sure their estimates are: they load, and draws are as sure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simengine
from simengine.calibration.choice_draft import choice_draft
from simengine.calibration.choice_estimate import estimate_choices
from simengine.calibration.draft import Draft
from simengine.calibration.result import Calibration
from simengine.calibration.uncertain_block import Inferences, Inferred, uncertain_lines
from simengine.scenario import Scenario, load_scenario
from simengine.tables.inputs import inputs_of
from tests.calibration.logs import COLUMNS, drawn_log
from tests.calibration.test_choice_estimate import drawn

DRAWS = 4000


def written(calibration: Calibration, folder: Path) -> Scenario:
    assert isinstance(calibration.draft, Draft)
    (folder / "draft.yaml").write_text(calibration.draft.text(), encoding="utf-8")
    (folder / "customers.parquet").touch()
    return load_scenario(folder / "draft.yaml")


def test_draws_are_as_sure_as_the_estimates_of_a_log(tmp_path: Path) -> None:
    """Means and standard deviations of logarithms within 5 standard errors, correlations of them nearly so."""
    log = drawn_log(tmp_path / "log.csv", customers=600, segments=("north", "far south"))
    calibration = simengine.calibrate(log, {**COLUMNS, "segment": "region"}, holdout=0)
    scenario = written(calibration, tmp_path)
    draws = dict(zip(scenario.uncertain.paths, inputs_of(scenario, 0, DRAWS).T, strict=True))
    assert len(draws) == 14
    for segment in calibration.segments:
        for block, estimate in zip(("purchases", "spend"), segment.estimates, strict=True):
            at = f"segments.{segment.name}.{block}.{estimate.model}"
            for p in estimate.parameters:
                logs, law = np.log(draws[f"{at}.{p.name}"]), scenario.uncertain.inputs[f"{at}.{p.name}"]
                if law.min is None:  # exp(mean + variance / 2) is the lognormal's mean, and so on
                    spread = np.log1p((p.standard_error / p.value) ** 2)
                    assert logs.mean() + spread / 2 == pytest.approx(np.log(p.value), abs=5 * (spread / DRAWS) ** 0.5)
                    assert logs.std() == pytest.approx(spread**0.5, rel=5 / (2 * DRAWS) ** 0.5)
            names = [p.name for p in estimate.parameters]
            logs = np.log([draws[f"{at}.{name}"] for name in names])
            assert np.abs(np.corrcoef(logs) - np.array(estimate.correlations)).max() < 0.08


def test_estimates_of_one_likelihood_go_together_and_others_do_not(tmp_path: Path) -> None:
    one, two = ("company", "net_debt"), ("company", "overhead")
    joint = Inferences((Inferred(one, -3.0, 0.5), Inferred(two, 2000.0, 300.0)), ((1, -0.8), (-0.8, 1)))
    alone = Inferences((Inferred(("company", "tax_rate"), 0.25, 0.2),), ((1.0,),))
    lines = uncertain_lines([joint, alone])
    assert lines[2:] == [
        "  company.net_debt: {normal: [-3, 0.5]}",
        "  company.overhead: {lognormal: {mean: 2000, cv: 0.15}}",
        "  company.tax_rate: {lognormal: {mean: 0.25, cv: 0.8}, max: 1}",
        "  correlations:",
        "    company.net_debt: {company.overhead: -0.785939}",
    ]
    text = "company: {name: A, discount_rate: 9%, shares: 1, net_debt: -3, overhead: 2000, tax_rate: 25%}\n"
    text += "segments: {a: {dynamics: contract, hazard: {constant: 2%}, revenue: 80, margin: 40%, size: 10}}\n"
    (tmp_path / "a.yaml").write_text("\n".join([text, "allocations: {baseline: {}}", *lines]))
    draws = inputs_of(load_scenario(tmp_path / "a.yaml"), 0, DRAWS)
    assert stats.spearmanr(draws[:, 0], draws[:, 1]).statistic == pytest.approx(-0.785939, abs=0.03)
    assert np.corrcoef(draws[:, 0], np.log(draws[:, 1]))[0, 1] == pytest.approx(-0.8, abs=0.03)


def test_what_has_no_error_is_certain() -> None:
    nothing = Inferences((Inferred(("company", "overhead"), 3.0, 0.0),), ((1.0,),))
    assert uncertain_lines([nothing]) == []
    assert uncertain_lines([]) == []


def test_estimates_that_are_one_in_all_but_rounding_hold_together() -> None:
    at = [("company", name) for name in ("net_debt", "other_assets")]
    close = Inferences(tuple(Inferred(path, 1.0, 1.0) for path in at), ((1, 0.9999999), (0.9999999, 1)))
    (rank,) = [float(line.split(": ")[-1].rstrip("}")) for line in uncertain_lines([close]) if "{company" in line]
    assert 0.999 < rank < 1


def test_a_panels_draft_is_as_sure_as_its_coefficients(tmp_path: Path) -> None:
    """The delta method's errors against what draws of the coefficients themselves come to: within a tenth, where
    coefficients are known so well that numbers are nearly linear in them."""
    one = drawn(200, 12, -1.2, 1.5)
    generator = np.random.default_rng(3)
    more = generator.uniform(0, 4, (*one.values.shape[:2], 1))
    panel = one._replace(attributes=(*one.attributes, "room"), values=np.concatenate([one.values, more], axis=2))
    utility = panel.values @ np.array([-1.2, -0.8, 0.5]) + generator.gumbel(size=panel.values.shape[:2])
    found = estimate_choices(panel._replace(chosen=utility.argmax(axis=1)), "a")
    draft = choice_draft(Path("made.csv"), found)
    assert isinstance(draft, Draft)
    (tmp_path / "draft.yaml").write_text(draft.text())
    scenario = load_scenario(tmp_path / "draft.yaml")
    draws = dict(zip(scenario.uncertain.paths, inputs_of(scenario, 0, DRAWS).T, strict=True))

    errors = found.by_customer
    assert errors is not None
    covariance = found.correlation * np.outer(errors, errors)
    coefficients = generator.multivariate_normal(found.fit.coefficients, covariance, DRAWS)
    at = {name: coefficients[:, i] for i, name in enumerate(found.fit.columns)}
    ours = found.offer[0, 0]
    wait, room = -at["wait"], at["room"] * float(np.ptp(more))
    expected = {
        "constants.b": at["constant of b"],
        "constants.c": at["constant of c"],
        "price_sensitivity": -at["price"] * ours,
        "points_worth": (wait + room) / 10,
        "needs.low wait": wait / (wait + room),
    }
    stated = {f"segments.panel.{name}": values for name, values in expected.items()}
    assert set(stated) <= set(draws) <= {*stated, "segments.panel.inertia"}
    for path, values in stated.items():
        assert draws[path].mean() == pytest.approx(values.mean(), abs=0.1 * values.std())
        assert draws[path].std() == pytest.approx(values.std(), rel=0.1)
    names = list(stated)
    both = [np.corrcoef([source[name] for name in names]) for source in (draws, stated)]
    assert np.abs(both[0] - both[1]).max() < 0.08
