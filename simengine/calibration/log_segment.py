"""One segment of a purchase log: its models fitted, and tested on evidence that was held out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration import gamma_gamma
from simengine.calibration.backtest import MOST_PURCHASES, backtest, by_count_labels, held_out_horizons, tracking
from simengine.calibration.concentration import TOP, share_of_top_customers, share_of_top_rates
from simengine.calibration.customer_table import scored
from simengine.calibration.histories import Customers
from simengine.calibration.maximum import Floats, Maximum, NoMaximum
from simengine.calibration.options import Options
from simengine.calibration.prediction import MODELS, expected_of_new
from simengine.calibration.purchase_log import PurchaseLog, day_text
from simengine.calibration.result import Backtest, Chart, Estimate, Fact, SegmentCalibration, estimate
from simengine.scenario.time_units import UNIT_DAYS

LEAST_SPENDERS = 3  # customers who bought again, for a distribution of spend


class FittedSegment(NamedTuple):
    """A segment, what was found of it, and the scores of its customers."""

    found: SegmentCalibration
    who: NDArray[np.intp]
    customers: Customers
    scores: dict[str, Floats]


def fit_segment(
    log: PurchaseLog, name: str, who: NDArray[np.intp], customers: Customers, until: int, options: Options
) -> FittedSegment:
    """Fit the customers `who` as they were at the end of the day `until`. Raises NoMaximum."""
    return _Segment(log, name, who, customers, until, options).fitted()


class _Segment:
    def __init__(
        self, log: PurchaseLog, name: str, who: NDArray[np.intp], customers: Customers, until: int, options: Options
    ) -> None:
        self.log, self.name, self.who, self.customers, self.until = log, name, who, customers, until
        self.unit, self.unit_days = options.unit, UNIT_DAYS[options.unit]
        self.year = UNIT_DAYS["year"] / self.unit_days
        self.model, self.holdout = MODELS[options.model], options.holdout

    def fitted(self) -> FittedSegment:
        if not self.customers.purchases.any():
            raise NoMaximum(f"nobody bought again until {day_text(self.until)}: nothing is known of how often")
        purchases, spend = self.model.fit(self.customers.histories), self._spend()
        estimates = [self._purchases_estimate(purchases)]
        if spend is not None:
            estimates.append(self._spend_estimate(spend))
        backtests, charts = self._tested(purchases.parameters)
        of_spend = None if spend is None else spend.parameters
        scores = scored(self.customers, self.year, self.model, purchases.parameters, of_spend)
        segment = SegmentCalibration(self.name, self._facts(), tuple(estimates), backtests, charts)
        return FittedSegment(segment, self.who, self.customers, scores)

    def _purchases_estimate(self, found: Maximum) -> Estimate:
        a_year = float(expected_of_new(self.model, found.parameters, [self.year])[0])
        implies = (
            Fact("repeat purchases of a new customer in its first year", a_year),
            Fact(
                f"share of purchases by the {TOP:.0%} who buy most, while all are alive",
                share_of_top_rates(float(found.parameters[0])),
            ),
        )
        units = [self.unit if name in ("alpha", "beta") else "" for name in self.model.parameters]
        customers = len(self.customers.purchases)
        return estimate(self.model.name, self.model.parameters, found, customers, units, implies)

    def _spend_estimate(self, found: Maximum) -> Estimate:
        p, q, gamma = found.parameters.tolist()
        implies = (Fact("mean money of a purchase", p * gamma / (q - 1)),) if q > 1 else ()
        spenders = int((self.customers.spend > 0).sum())
        return estimate("gamma_gamma", gamma_gamma.NAMES, found, spenders, ("", "", "money"), implies)

    def _spend(self) -> Maximum | None:
        """None where the log has no money."""
        if self.log.money is None:
            return None
        spenders = self.customers.spend > 0
        spend = self.customers.spend[spenders]
        if len(spend) < LEAST_SPENDERS or not np.ptp(spend):
            raise NoMaximum(f"the spend of {len(spend)} customers who bought again is no distribution")
        return gamma_gamma.fit(self.customers.purchases[spenders], spend)

    def _facts(self) -> tuple[Fact, ...]:
        x, spend = self.customers.purchases, self.customers.spend
        facts = [
            Fact("customers", float(len(x))),
            Fact("repeat purchases", float(x.sum())),
            Fact("customers without one", float((x == 0).sum())),
            Fact(f"share of repeat purchases by the {TOP:.0%} who bought most", share_of_top_customers(x)),
        ]
        if self.log.money is not None:
            spenders = spend > 0
            if len(np.unique(x[spenders])) > 1 and len(np.unique(spend[spenders])) > 1:
                related = float(np.corrcoef(x[spenders], spend[spenders])[0, 1])
                facts.append(Fact("correlation of repeat purchases and their money, 0 in the model", related))
            if unpaid := int(((x > 0) & ~spenders).sum()):
                facts.append(
                    Fact("customers whose repeat purchases came to no money, left out of gamma_gamma", float(unpaid))
                )
        return tuple(facts)

    def _tested(self, parameters: Floats) -> tuple[tuple[Backtest, ...], tuple[Chart, ...]]:
        """The backtest of these estimates where purchases came later, else of those until an earlier day."""
        until, who, customers = self.until, self.who, self.customers
        charts = [self._count_chart(parameters)] if self.model.customers_by_count else []
        if not self._horizons(until) and self.holdout:
            first = int(customers.acquired.min())
            until = first + int((self.until - first) * (1 - self.holdout))
            everybody, before = self.log.by(until, self.unit_days)
            own = np.isin(everybody, self.who)
            who, customers = everybody[own], before.of(own)
            try:
                parameters = self.model.fit(customers.histories).parameters
            except NoMaximum as failure:
                why = f"{failure.reason}, from purchases until {day_text(until)}; --holdout 0 leaves the backtest out"
                raise NoMaximum(why, failure.diagnostics) from None
        of_model = self.unit, self.unit_days, self.model, parameters
        charts.append(tracking(self.log, who, customers.acquired, until, *of_model))
        if not self._horizons(until):
            return (), tuple(charts)
        tested, by_count = backtest(self.log, who, customers, until, *of_model)
        return (tested,), (*charts, by_count)

    def _horizons(self, until: int) -> list[int]:
        return held_out_horizons(until, self.log.last_day, self.unit_days)

    def _count_chart(self, parameters: Floats) -> Chart:
        """Customers by how often they bought again, against the model."""
        assert self.model.customers_by_count is not None
        x = np.minimum(self.customers.purchases, MOST_PURCHASES).astype(np.int64)
        observed = np.bincount(x, minlength=MOST_PURCHASES + 1).astype(float)
        predicted = self.model.customers_by_count(parameters, self.customers.observed, MOST_PURCHASES)
        return Chart(
            "customers by repeat purchases",
            f"repeat purchases until {day_text(self.until)}",
            by_count_labels(),
            {"observed": tuple(observed.tolist()), "predicted": tuple(predicted.tolist())},
        )
