"""From a customer's history to its economic profit, free cash flow and value, in both forms."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .customer import NEW, STAGES
from .market import Market

Chances = dict[str, float]


class History(NamedTuple):
    """A customer from the opening to the horizon, as probabilities (0 or 1 along a drawn path)."""

    states: list[Chances]  # [T + 1] at the opening, then at the end of each period
    joins: list[float]  # [T] becoming ours


class Account(NamedTuple):
    """Currency a period, and currency at the T + 1 openings."""

    nopat: list[float]
    capital: list[float]
    run_off: float = 0.0  # economic profit after the horizon, discounted to it


class Rates(NamedTuple):
    """How money over time becomes value. Rates are per period."""

    discount: float
    growth: float
    tax: float
    timing: str
    residual: str
    fade_periods: int
    periods_per_year: int


class SegmentMoney(NamedTuple):
    """What a segment's customers bring and cost. Money is a year."""

    stage_revenue: tuple[float, ...]
    margin: float
    capital_of_revenue: float
    capital_per_customer: float
    acquisition_cost: float
    acquisition_capitalised: bool


def rates(scenario: Any) -> Rates:
    """The scenario's rates, converted from a year to a period."""
    company, years = scenario.company, scenario.calendar.years_per_period
    residual = company.residual
    fade_years = residual.years if residual.method == "fade" else 0
    growth = residual.growth if residual.method == "perpetuity" else 0.0
    return Rates(
        discount=(1 + company.discount_rate) ** years - 1,
        growth=(1 + growth) ** years - 1,
        tax=company.tax_rate,
        timing=company.timing,
        residual=residual.method,
        fade_periods=round(fade_years * scenario.calendar.periods_per_year),
        periods_per_year=scenario.calendar.periods_per_year,
    )


def segment_money(stated: Any) -> SegmentMoney:
    """A segment's money as the scenario states it; a contract has no stages, and nothing is capitalised."""
    stages = getattr(stated, "stages", None)
    acquisition = stated.acquisition_cost
    return SegmentMoney(
        stage_revenue=(1.0, 1.0, 1.0) if stages is None else tuple(stages.revenue),
        margin=stated.margin,
        capital_of_revenue=float(getattr(stated.capital, "fraction", 0.0)),
        capital_per_customer=float(getattr(stated.capital, "money", 0.0)),
        acquisition_cost=float(getattr(acquisition, "money", acquisition)),
        acquisition_capitalised=bool(getattr(acquisition, "capitalised", False)),
    )


def customer_account(
    history: History,
    base_revenue: float,
    weight: float,
    markets: list[Market],
    money: SegmentMoney,
    tax: float,
    years: float,
) -> Account:
    """A customer's profit after tax and capital; `base_revenue` is for all of its weight."""
    nopat = []
    capital = [capital_of(history.states[0], base_revenue, weight, 1.0, 1.0, money)]
    for period, market in enumerate(markets):
        before, after = history.states[period], history.states[period + 1]
        listed = base_revenue * staged(after, money) * market.wallet * market.demand * years
        contribution = listed * market.price_ratio - (1 - money.margin) * listed
        contribution -= weight * is_ours(after) * market.cost_to_serve * years
        contribution -= weight * acquisition_expense(before, after, history.joins[period], money)
        nopat.append(contribution * (1 - tax))
        capital.append(capital_of(after, base_revenue, weight, market.price_ratio, market.wallet, money))
    return Account(nopat, capital)


def is_ours(chances: Chances) -> float:
    """The probability of being our customer."""
    return sum(chances.get(stage, 0.0) for stage in STAGES)


def staged(chances: Chances, money: SegmentMoney) -> float:
    """The expected multiplier of the stage, 0 for who is not ours."""
    return sum(
        chances.get(stage, 0.0) * multiplier for stage, multiplier in zip(STAGES, money.stage_revenue, strict=True)
    )


def acquisition_expense(before: Chances, after: Chances, joins: float, money: SegmentMoney) -> float:
    """Per customer: on joining, or, if capitalised, on ceasing to be new."""
    if not money.acquisition_capitalised:
        return joins * money.acquisition_cost
    no_longer_new = before.get(NEW, 0.0) + joins - after.get(NEW, 0.0)
    return no_longer_new * money.acquisition_cost


def capital_of(
    chances: Chances,
    base_revenue: float,
    weight: float,
    price_ratio: float,
    wallet: float,
    money: SegmentMoney,
) -> float:
    """The capital that a customer in this state ties up at the next opening."""
    revenue = base_revenue * staged(chances, money) * price_ratio * wallet
    capital = money.capital_of_revenue * revenue + weight * money.capital_per_customer * is_ours(chances)
    if money.acquisition_capitalised:
        capital += weight * money.acquisition_cost * chances.get(NEW, 0.0)
    return capital


def expense_account(yearly: list[float], tax: float, years: float) -> Account:
    """A line without capital, such as programmes and overhead: currency a year in each period."""
    return Account([-spend * years * (1 - tax) for spend in yearly], [0.0] * (len(yearly) + 1))


def add(accounts: list[Account], periods: int) -> Account:
    """The sum of accounts."""
    return Account(
        [math.fsum(account.nopat[period] for account in accounts) for period in range(periods)],
        [math.fsum(account.capital[period] for account in accounts) for period in range(periods + 1)],
        math.fsum(account.run_off for account in accounts),
    )


def timing_factor(rates: Rates) -> float:
    """Money at the end of a period, in its middle, or at its start."""
    return float((1 + rates.discount) ** {"end": 0.0, "mid": 0.5, "start": 1.0}[rates.timing])


def residual_value(account: Account, rates: Rates) -> float:
    """What lies beyond the horizon, at the horizon."""
    k, g, last = rates.discount, rates.growth, account.capital[-1]
    year = account.nopat[-rates.periods_per_year :]
    normal = sum(year) / len(year)
    if rates.residual == "none":
        return 0.0
    if rates.residual == "book":
        return last
    if rates.residual == "run_off":
        return last + account.run_off
    if rates.residual == "perpetuity":
        return (normal * (1 + g) - g * last) / (k - g)
    n = rates.fade_periods
    v = 1 / (1 + k)
    fading = sum((1 - (i - 1) / n) * v**i for i in range(1, n + 1))
    return last + (normal - k * last) * fading


def value_by_free_cash_flow(account: Account, rates: Rates) -> float:
    """u [sum v^(t+1) (NOPAT_t - (C_(t+1) - C_t)) + v^T RV]."""
    v = 1 / (1 + rates.discount)
    total = v ** len(account.nopat) * residual_value(account, rates)
    for period, profit in enumerate(account.nopat):
        invested = account.capital[period + 1] - account.capital[period]
        total += v ** (period + 1) * (profit - invested)
    return timing_factor(rates) * total


def value_by_economic_profit(account: Account, rates: Rates) -> float:
    """u [C_0 + sum v^(t+1) (NOPAT_t - k C_t) + v^T (RV - C_T)]."""
    v = 1 / (1 + rates.discount)
    beyond = residual_value(account, rates) - account.capital[-1]
    total = account.capital[0] + v ** len(account.nopat) * beyond
    for period, profit in enumerate(account.nopat):
        total += v ** (period + 1) * (profit - rates.discount * account.capital[period])
    return timing_factor(rates) * total
