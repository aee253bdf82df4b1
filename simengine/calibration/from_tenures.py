"""Calibration from tenures, of customers or of the survivors of cohorts: the hazard of a `contract` segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from simengine.calibration.contract_draft import ContractFigures, contract_draft
from simengine.calibration.maximum import NoMaximum
from simengine.calibration.options import Options
from simengine.calibration.result import (
    Backtest,
    Calibration,
    Chart,
    Estimate,
    Fact,
    Horizon,
    Parameter,
    SegmentCalibration,
    Sheet,
)
from simengine.calibration.retention import (
    Retention,
    TenureBacktest,
    backtest,
    best,
    fits,
    survivors,
    up_to,
)
from simengine.calibration.tenure_file import Tenures, read_tenures, told
from simengine.portfolio.hazard import NoEstimate
from simengine.scenario.problems import ScenarioError, of_option
from simengine.scenario.time_units import YEARS
from simengine.scenario.yaml_text import figure


def calibrate_tenures(path: Path, columns: Mapping[str, str], options: Options) -> Calibration:
    """Calibrate from tenures in `options.unit`, from those up to `options.until` only, if it is stated.

    Of the models that have an estimate the one with the lower Akaike criterion is drafted, else `options.model`.
    Raises ScenarioError for what cannot be used, NoMaximum if some segment has no estimate.
    """
    if not options.unit:
        raise ScenarioError([of_option("--unit", "", "nothing", "the unit of tenures", "such as --unit month")])
    unit, model, until = options.unit, options.model or None, _tenure(options.until)
    years = YEARS[unit]
    file = read_tenures(path, columns, years)
    limit = None if until is None else until * years
    made, figures, notices, failed = [], [], list(file.notices), []
    for tenures in file.segments:
        seen = tenures.groups if limit is None else up_to(tenures.groups, limit)
        try:
            found, lacking = fits(seen, model)
        except NoEstimate as reason:
            failed.append(f"segment {tenures.name}: {reason}")
            continue
        notices += [f"segment {tenures.name}: no {name}: {reason}" for name, reason in lacking.items()]
        tests = backtest(tenures.groups, limit, model, options.holdout)
        if options.holdout > 0 and not tests:
            notices.append(
                f"segment {tenures.name}: no backtest: nothing is known beyond what was fitted, or before it"
            )
        made.append(_segment(tenures, found, tests, unit))
        figures.append(_figures(tenures, best(found)))
    if failed:
        raise NoMaximum("; ".join(failed))
    said = [told(file)]
    if until is not None:
        said.append(f"calibrated from the first {figure(until, 6)} {unit}s")
    evidence = "survivors" if "survivors" in columns else "tenure"
    source = f"Calibrated by maximum likelihood from {path.name}: {'; '.join(said)}."
    drafted = contract_draft(path, source, figures)
    return Calibration(str(path), evidence, dict(columns), tuple(said), tuple(made), tuple(notices), drafted, {})


def _tenure(until: date | str | None) -> float | None:
    """Units of tenure, above 0."""
    if until is None:
        return None
    try:
        found = float(str(until))
    except ValueError:
        found = 0.0
    if not 0 < found < 1e9:
        raise ScenarioError([of_option("--until", until, str(until), "a tenure above 0, in its unit", "such as 7")])
    return found


def _segment(
    tenures: Tenures, found: Mapping[str, Retention], tests: Sequence[TenureBacktest], unit: str
) -> SegmentCalibration:
    years = YEARS[unit]
    seen = survivors(tenures.groups)
    at = tuple(round(each / years, 9) for each in seen.years)
    series = {"observed": tuple(seen.survival)}
    series |= {name: tuple(each.survival(t) for t in seen.years) for name, each in found.items()}
    charts = [Chart("survival", f"tenure, {unit}s", at, series)]
    charts += [_cohort_chart(cohort.name, cohort.years, cohort.survivors, found, unit) for cohort in tenures.cohorts]
    chosen = best(dict(found)).model
    sheet = Sheet(
        "fitted",
        ("log likelihood", "Akaike criterion", "leave in year 1", "stay 5 years", "chosen"),
        {
            name: (each.log_likelihood, each.aic, 1 - each.survival(1), each.survival(5), float(name == chosen))
            for name, each in found.items()
        },
    )
    customers = round(tenures.customers)
    return SegmentCalibration(
        tenures.name,
        (Fact("customers", tenures.customers), Fact("left", tenures.left)),
        tuple(_estimate(each, customers) for each in found.values()),
        tuple(
            Backtest(
                f"customers left of 1,000, {test.model}",
                f"tenures beyond {figure(test.until / years, 6)} {unit}s",
                unit,
                tuple(
                    Horizon(round((h.years - test.until) / years, 9), 1000 * h.observed, 1000 * h.predicted)
                    for h in test.horizons
                ),
            )
            for test in tests
        ),
        tuple(charts),
        (sheet,),
    )


def _cohort_chart(
    name: str, years: Sequence[float], there: Sequence[float], found: Mapping[str, Retention], unit: str
) -> Chart:
    """Survivors of a cohort, seen and as each model has them from its first row on."""
    series = {"observed": tuple(there)}
    for model, each in found.items():
        first = each.survival(years[0])
        series[model] = tuple(there[0] * each.survival(t) / first for t in years)
    return Chart(f"survivors of {name}", f"tenure, {unit}s", tuple(t / YEARS[unit] for t in years), series)


def _estimate(each: Retention, customers: int) -> Estimate:
    units = {"hazard": "a year", "alpha": "of a year", "beta": "of a year"}
    rows = ((1.0,),) if each.correlation is None else ((1.0, each.correlation), (each.correlation, 1.0))
    return Estimate(
        model=each.model,
        parameters=tuple(
            Parameter(name, value, each.standard_errors[name], units[name]) for name, value in each.parameters.items()
        ),
        correlations=rows,
        log_likelihood=each.log_likelihood,
        observations=customers,
        search={},
    )


def _figures(tenures: Tenures, each: Retention) -> ContractFigures:
    errors = tuple(each.standard_errors[name] for name in each.parameters)
    size = max(1, round(tenures.customers - tenures.left))
    return ContractFigures(tenures.name, each.model, each.parameters, errors, each.correlation or 0.0, size, None)
