"""Fader & Hardie 2007, doi:10.1002/dir.20074: renewals of two groups of customers, stated and fitted, by scenario."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import betaln

import simengine
from simengine.calibration.result import SegmentCalibration
from simengine.portfolio import load_portfolio
from simengine.portfolio.population import Hazards
from simengine.portfolio.shifted_beta_geometric_fit import _groups, log_likelihood
from simengine.scenario import load_scenario

# Survivors of 100 after 0 to 12 years; the fit is to 0 to 7.
HIGH_END = (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
REGULAR = (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
FITTED = 7
MODEL = {  # alpha, beta, survival to 12 years
    "High End": (0.668, 3.806, 0.3780),
    "Regular": (0.704, 1.182, 0.1700),
}
OBSERVED = {"High End": HIGH_END, "Regular": REGULAR}

SCENARIO = """\
name: Renewals
calendar: {start: 2027, step: year, periods: 12}
simulation: {mode: expected}
company: {name: Us, discount_rate: 9%, shares: 1000}
allocations: {baseline: {}}
"""


def stated(folder: Path) -> Path:
    path = folder / "stated.yaml"
    segments = "".join(
        f"  {name}: {{dynamics: contract, size: 1000, revenue: 100, margin: 50%,\n"
        f"    hazard: {{shifted_beta_geometric: {{alpha: {alpha}, beta: {beta}}}}}}}\n"
        for name, (alpha, beta, _) in MODEL.items()
    )
    path.write_text(f"{SCENARIO}segments:\n{segments}")
    return path


def fitted(folder: Path, unit: str = "years", per_year: int = 1, more: str = "") -> Path:
    """A file of 1,000 customers of each group as seen after seven renewals, tenures in a unit, and `more` rows."""
    rows = ["id,group,years,gone"]
    for name, survivors in OBSERVED.items():
        left = -np.diff(np.rint(np.multiply(survivors[: FITTED + 1], 10))).astype(int)
        years = [year for year, count in enumerate(left, start=1) for _ in range(count)]
        gone = ["yes"] * len(years) + ["no"] * (1000 - len(years))
        years += [FITTED] * (1000 - len(years))
        rows += [
            f"{name} {i},{name},{year * per_year},{end}" for i, (year, end) in enumerate(zip(years, gone, strict=True))
        ]
    (folder / "renewals.csv").write_text("\n".join(rows) + "\n" + more)
    path = folder / "fitted.yaml"
    segments = "".join(
        f"  {name}: {{dynamics: contract, revenue: 100, margin: 50%, hazard: {{shifted_beta_geometric: {{}}}}}}\n"
        for name in MODEL
    )
    columns = f"{{id: id, segment: group, tenure: {{column: years, unit: {unit}}}, churned: gone}}"
    path.write_text(f"{SCENARIO}portfolio: {{customers: renewals.csv, columns: {columns}}}\nsegments:\n{segments}")
    return path


@pytest.fixture(scope="module")
def survivors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """[13] fraction of 1,000 new contracts left after each year, as the product simulates them."""
    run = simengine.run(load_scenario(stated(tmp_path_factory.mktemp("stated"))))
    dataset = run.dataset
    customers = dataset.customers.sel(supplier="us").sum("presence").squeeze(("allocation", "move", "replication"))
    return {name: np.concatenate([[1.0], customers.sel(segment=name).values / 1000]) for name in dataset.segment.values}


@pytest.mark.parametrize("name", MODEL)
def test_survivors_of_the_stated_parameters(name: str, survivors: dict[str, np.ndarray]) -> None:
    alpha, beta, after_twelve = MODEL[name]
    assert survivors[name][12] == pytest.approx(after_twelve, abs=1e-4)
    recursion = np.cumprod([1.0, *((beta + t - 1) / (alpha + beta + t - 1) for t in range(1, 13))])
    assert survivors[name] == pytest.approx(recursion, abs=2e-6)  # float32 probabilities
    assert survivors[name] == pytest.approx(np.divide(OBSERVED[name], 100), abs=0.03)  # the data themselves


@pytest.fixture(scope="module")
def hazards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Hazards]:
    return load_portfolio(load_scenario(fitted(tmp_path_factory.mktemp("fitted")))).hazards


@pytest.mark.parametrize("name", MODEL)
def test_parameters_fitted_to_the_first_seven_years(name: str, hazards: dict[str, Hazards]) -> None:
    alpha, beta, after_twelve = MODEL[name]
    found = hazards[name].parameters
    assert found is not None
    assert (found.alpha, found.beta) == (pytest.approx(alpha, abs=5e-4), pytest.approx(beta, abs=5e-4))
    assert np.exp(-hazards[name].up_to(144)[144]) == pytest.approx(after_twelve, abs=5e-5)
    assert hazards[name].survival[84] == pytest.approx(OBSERVED[name][7] / 100)


def test_a_stayer_of_a_part_of_a_year_changes_next_to_nothing(tmp_path: Path) -> None:
    """Renewals stay yearly; who left after a part of a year tells that they are not."""
    alpha, beta, _ = MODEL["High End"]
    stayer = load_portfolio(load_scenario(fitted(tmp_path, more="late,High End,2.5,no\n"))).hazards["High End"]
    assert stayer.parameters is not None
    assert stayer.parameters.grid_months == 12
    assert stayer.parameters[:2] == (pytest.approx(alpha, rel=0.005), pytest.approx(beta, rel=0.005))
    leaver = load_portfolio(load_scenario(fitted(tmp_path, more="late,High End,2.5,yes\n"))).hazards["High End"]
    assert leaver.parameters is not None
    assert leaver.parameters.grid_months == 1


def test_renewals_by_quarter_are_those_of_a_quarter(tmp_path: Path) -> None:
    """The same 1,000 customers if each of the seven renewals had been that of a quarter."""
    found = load_portfolio(load_scenario(fitted(tmp_path, unit="quarters"))).hazards["High End"].parameters
    assert found is not None
    assert found.grid_months == 3
    left = -np.diff(np.multiply(HIGH_END[: FITTED + 1], 10)).round()

    def surprise(logs: np.ndarray) -> float:
        alpha, beta = np.exp(logs)
        survival = np.exp([betaln(alpha, beta + t / 4) - betaln(alpha, beta) for t in range(FITTED + 1)])
        return -float(left @ np.log(-np.diff(survival)) + 491 * np.log(survival[-1]))

    top = minimize(surprise, [0.0, 0.0], method="Nelder-Mead", options={"fatol": 1e-10, "xatol": 1e-8})
    assert found.log_likelihood == pytest.approx(-top.fun, abs=1e-6)
    assert found[:2] == pytest.approx(tuple(np.exp(top.x)), rel=1e-5)
    assert (round(found.alpha, 3), round(found.beta, 3), round(found.log_likelihood, 1)) == (0.651, 1.017, -1611.1)


def test_log_likelihoods(hazards: dict[str, Hazards]) -> None:
    parameters = hazards["High End"].parameters
    assert parameters is not None
    assert parameters.log_likelihood == pytest.approx(-1611.2, abs=0.05)
    left = -np.diff(np.multiply(HIGH_END[: FITTED + 1], 10)).round().astype(int)
    months = np.repeat(np.arange(1, FITTED + 2), [*left, 491]).clip(max=FITTED).astype(np.int32) * 12
    churned = np.arange(1000) < left.sum()
    groups = list(_groups(months, churned, np.ones(1000), 12))
    assert log_likelihood(1.0, 1.0, groups).value == pytest.approx(-2115.5, abs=0.05)


def calibrated_survivors(folder: Path) -> dict[str, SegmentCalibration]:
    """Calibrated from the survivors of both groups after 0 to 12 years, those beyond 7 held out."""
    path = folder / "survivors.csv"
    rows = [f"{name},{year},{10 * value:.0f}" for name, there in OBSERVED.items() for year, value in enumerate(there)]
    path.write_text("\n".join(["group,year,there", *rows]) + "\n")
    columns = {"segment": "group", "tenure": "year", "survivors": "there"}
    return {each.name: each for each in simengine.calibrate(path, columns, unit="year", until="7").segments}


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SegmentCalibration]:
    return calibrated_survivors(tmp_path_factory.mktemp("calibrated"))


@pytest.mark.parametrize("name", MODEL)
def test_survivors_are_calibrated_from_the_first_seven_years(
    name: str, calibrated: dict[str, SegmentCalibration]
) -> None:
    alpha, beta, after_twelve = MODEL[name]
    (found,) = (each for each in calibrated[name].estimates if each.model == "shifted_beta_geometric")
    assert found.values == {"alpha": pytest.approx(alpha, abs=5e-4), "beta": pytest.approx(beta, abs=5e-4)}
    if name == "High End":
        assert found.log_likelihood == pytest.approx(-1611.2, abs=0.05)
    (test,) = (each for each in calibrated[name].backtests if "shifted" in each.of)
    assert [horizon.ahead for horizon in test.horizons] == [1, 2, 3, 4, 5]
    assert test.horizons[-1].predicted == pytest.approx(1000 * after_twelve, abs=0.05)
    assert [horizon.observed for horizon in test.horizons] == pytest.approx(
        [10 * value for value in OBSERVED[name][8:]]
    )


def test_check_shows_the_estimate_with_its_standard_errors(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simengine", "check", str(fitted(tmp_path))]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "estimated from 1,000 customers, of whom 509 had left (shifted-beta-geometric" in shown
    assert "alpha 0.6681 ± 0.1, beta 3.806 ± 0.79 (standard errors); log-likelihood -1,611.2." in shown


@pytest.mark.parametrize(("step", "periods"), [("month", 144), ("quarter", 48)])
def test_shorter_periods_agree_at_whole_years(
    step: str, periods: int, survivors: dict[str, np.ndarray], tmp_path: Path
) -> None:
    """To the 2e-6 of float32 probabilities carried through up to 144 periods."""
    path = stated(tmp_path)
    path.write_text(path.read_text().replace("step: year, periods: 12", f"step: {step}, periods: {periods}"))
    dataset = simengine.run(load_scenario(path)).dataset
    customers = dataset.customers.sel(supplier="us").sum("presence").squeeze(("allocation", "move", "replication"))
    for name, yearly in survivors.items():
        at_year_ends = customers.sel(segment=name).values[periods // 12 - 1 :: periods // 12]
        assert at_year_ends / 1000 == pytest.approx(yearly[1:], abs=2e-6)
