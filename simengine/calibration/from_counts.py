"""Calibration from customers added, lost and left at the end of each period: a constant hazard for `contract`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from simengine.calibration.churn_counts import ChurnEstimate, end_of, estimate_churn
from simengine.calibration.churn_counts_file import read_counts, told
from simengine.calibration.contract_draft import ContractFigures, contract_draft
from simengine.calibration.maximum import NoMaximum
from simengine.calibration.options import Options
from simengine.calibration.result import (
    Backtest,
    Calibration,
    Chart,
    Estimate,
    Fact,
    Parameter,
    SegmentCalibration,
    Sheet,
)
from simengine.portfolio.hazard import NoEstimate
from simengine.scenario.calendar import EXAMPLES, Calendar
from simengine.scenario.problems import ScenarioError, of_option


def calibrate_counts(path: Path, columns: Mapping[str, str], options: Options) -> Calibration:
    """Calibrate from counts of customers, from the periods up to `options.until` only, if it is stated.

    Raises ScenarioError for what cannot be used, NoMaximum if some segment has no estimate.
    """
    file = read_counts(path, columns)
    until = None if options.until is None else str(options.until)
    made, figures, failed = [], [], []
    for name, periods in file.segments.items():
        labels = [p.label for p in periods]
        if until is not None and until not in labels:
            found, expected = f"{until}, no period of {name}", f"a period from {labels[0]} to {labels[-1]}"
            raise ScenarioError([of_option("--until", until, found, expected, f"such as {EXAMPLES[file.step]}")])
        known = None if until is None else labels.index(until) + 1
        try:
            estimate = estimate_churn(name, periods, file.per_year, known, options.holdout)
        except NoEstimate as reason:
            failed.append(f"segment {name}: {reason}")
            continue
        made.append(_segment(estimate, file.step))
        figures.append(_figures(estimate, file.per_year))
    if failed:
        raise NoMaximum("; ".join(failed))
    said = (told(file),) if until is None else (told(file), f"calibrated from those up to {until}")
    source = f"Calibrated by maximum likelihood from {path.name}: {'; '.join(said)}."
    last = until or max(p.label for periods in file.segments.values() for p in periods)
    after = Calendar(start=last, step=file.step, periods=2).labels[1]
    drafted = contract_draft(path, source, figures, after, file.step)
    return Calibration(str(path), "counts", dict(columns), said, tuple(made), file.notices, drafted, {})


def _segment(e: ChurnEstimate, step: str) -> SegmentCalibration:
    rates = {
        rate.period: (p.start, p.added, p.lost, p.end, rate.hazard, rate.standard_error)
        for p, rate in zip(e.periods, e.rates, strict=True)
    }
    heads = ("start", "added", "lost", "end", "hazard a year", "standard error")
    implies = [Fact("leave within a year", 100 * e.churn, "%")]
    if e.between_periods is not None and e.dispersion is not None:
        implies += [
            Fact("standard error from how much periods differ", e.between_periods),
            Fact("variance of what was lost over that of customers who leave independently", e.dispersion),
        ]
    estimate = Estimate(
        model="constant",
        parameters=(Parameter("hazard", e.hazard, e.standard_error, "a year"),),
        correlations=((1.0,),),
        log_likelihood=e.log_likelihood,
        observations=e.used,
        search={},
        implies=tuple(implies),
    )
    backtest = Backtest(
        "customers at the end, those added being known",
        f"periods after {e.periods[e.fitted - 1].label}",
        step,
        e.horizons,
    )
    labels = tuple(rate.period for rate in e.rates)
    chart = Chart("hazard", "period", labels, {"hazard a year": tuple(rate.hazard for rate in e.rates)})
    return SegmentCalibration(
        e.name,
        (Fact("customers", e.periods[-1].end), Fact("periods", len(e.periods))),
        (estimate,),
        (backtest,) if e.horizons else (),
        (chart,),
        (Sheet("customers", heads, rates),),
    )


def _figures(e: ChurnEstimate, per_year: float) -> ContractFigures:
    periods = e.periods[: e.used]
    last = periods[-int(per_year) :]
    added = sum(p.added for p in last) * per_year / len(last)
    # Who joins in a period of a scenario is there at its end; of these joiners some have left by then.
    newcomers = end_of(0.0, added, e.hazard / per_year)
    error = e.standard_error if e.between_periods is None else max(e.standard_error, e.between_periods)
    size = max(1, round(periods[-1].end))
    return ContractFigures(e.name, "constant", {"hazard": e.hazard}, (error,), 0.0, size, newcomers)
