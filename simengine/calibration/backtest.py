"""Purchases that were held out against their prediction, and the charts that show a fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.histories import Customers
from simengine.calibration.maximum import Floats
from simengine.calibration.prediction import PurchaseModel, expected_of_new, expected_purchases
from simengine.calibration.purchase_log import PurchaseLog, day_text
from simengine.calibration.result import Backtest, Chart, Horizon

HORIZONS = 12  # of a backtest, at most
MOST_PURCHASES = 7  # of a chart: who bought as often or oftener is one group
LONGEST_CHART = 200  # points


def by_count_labels() -> tuple[str, ...]:
    """Groups of customers by how often they bought."""
    return tuple(f"{n}" if n < MOST_PURCHASES else f"{n} or more" for n in range(MOST_PURCHASES + 1))


def held_out_horizons(until: int, last_day: int, unit_days: float) -> list[int]:
    """Whole units of time ahead of `until` at which a prediction is compared: at most twelve, evenly, the last one the
    last that the log covers."""
    most = int((last_day - until) // unit_days)
    return sorted({max(1, round(most * k / HORIZONS)) for k in range(1, HORIZONS + 1)}) if most else []


def backtest(
    log: PurchaseLog, who: NDArray[np.intp], customers: Customers, until: int, unit: str, unit_days: float,
    model: PurchaseModel, parameters: Floats,
) -> tuple[Backtest, Chart]:  # fmt: skip
    """Purchases after `until` of the customers `who` were acquired by then, together by horizon, and in the last
    horizon by how often they had bought before."""
    rows = customers.histories
    ahead = held_out_horizons(until, log.last_day, unit_days)
    predicted = expected_purchases(model, parameters, rows, ahead)  # [history, horizon]
    observed = _bought(log, who, until, [until + int(k * unit_days) for k in ahead])  # [horizon, customer]
    horizons = [
        Horizon(float(k), float(count.sum()), float((rows.customers * of_history).sum()))
        for k, count, of_history in zip(ahead, observed, predicted.T, strict=True)
    ]
    groups = np.minimum(customers.purchases, MOST_PURCHASES).astype(np.int64)
    size = np.bincount(groups, minlength=MOST_PURCHASES + 1)
    means = {
        "observed": np.bincount(groups, observed[-1], minlength=len(size)),
        "predicted": np.bincount(groups, predicted[rows.history_of, -1], minlength=len(size)),
    }
    chart = Chart(
        name=f"purchases of a customer in the {ahead[-1]} {unit}s after {day_text(until)}",
        axis=f"repeat purchases until {day_text(until)}",
        at=tuple(label for label, n in zip(by_count_labels(), size, strict=True) if n),
        series={
            "customers": tuple(float(n) for n in size if n),
            **{name: tuple((total[size > 0] / size[size > 0]).tolist()) for name, total in means.items()},
        },
    )
    held_out = f"from the day after {day_text(until)} to {day_text(log.last_day)}"
    return Backtest("repeat purchases of the customers acquired by then", held_out, unit, tuple(horizons)), chart


def _bought(log: PurchaseLog, who: NDArray[np.intp], until: int, ends: list[int]) -> Floats:
    """[horizon, customer of who] Days of purchase after `until`, by the end of each day."""
    counts = []
    for end in ends:
        after = (log.day > until) & (log.day <= end)
        counts.append(np.bincount(log.customer[after], minlength=len(log.labels))[who])
    return np.array(counts, dtype=np.float64)


def tracking(
    log: PurchaseLog, who: NDArray[np.intp], acquired: NDArray[np.int64], until: int, unit: str, unit_days: float,
    model: PurchaseModel, parameters: Floats,
) -> Chart:  # fmt: skip
    """All repeat purchases of the customers `who` were acquired by `until`, from the first of them to the log's end,
    as the parameters alone foretell them."""
    start = int(acquired.min())
    units = np.arange(1, int((log.last_day + 1 - start) // unit_days) + 1)
    units = units[:: len(units) // LONGEST_CHART + 1]
    ends = start + (units * unit_days).astype(np.int64) - 1  # the last day of each
    own = np.isin(log.customer, who) & (np.arange(len(log.day)) != log.first[log.customer])
    observed = np.searchsorted(np.sort(log.day[own]), ends, side="right")
    days, customers = np.unique(acquired, return_counts=True)
    since = np.maximum(ends[:, None] - days[None, :], 0)  # [point, day of acquisition]
    times, at = np.unique(since, return_inverse=True)
    expected = expected_of_new(model, parameters, times / unit_days)[at].reshape(since.shape)
    return Chart(
        name=f"repeat purchases, calibrated until {day_text(until)}",
        axis=f"{unit}s since {day_text(start)}",
        at=tuple(units.astype(float).tolist()),
        series={
            "observed": tuple(observed.astype(float).tolist()),
            "predicted": tuple((expected * customers).sum(axis=1).tolist()),
        },
    )
