"""The company's value beyond the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, listed
from simengine.scenario.units import percent

_NEEDED = {"fade": "years", "perpetuity": "growth"}
_MEANING = {"years": "years until economic profit has gone", "growth": "growth a year beyond the last period"}
_EXAMPLE = {"years": "years: 10", "growth": "growth: 2%"}


def fail_if_residual_does_not_fit_its_method(d: Draft) -> Iterator[Problem]:
    residual = d.file.company.residual
    for method, name in _NEEDED.items():
        stated = getattr(residual, name) is not None
        path = ("company", "residual")
        if residual.method == method and not stated:
            yield d.source.problem(
                path,
                found=f"the method {method} without `{name}`",
                expected=f"`{name}`: {_MEANING[name]}",
                suggestion=f"state it, such as {_EXAMPLE[name]}",
            )
        if residual.method != method and stated:
            yield d.source.problem(
                (*path, name),
                found=f"`{name}` with the method {residual.method}",
                expected=f"`{name}` with the method {method} only",
                suggestion=d.source.how_to_remove([(*path, name)], beside=[(*path, "method")])
                or f"write method: {method}, or leave it out",
            )


def fail_if_fade_is_not_whole_periods(d: Draft) -> Iterator[Problem]:
    years = d.file.company.residual.years
    if years is not None and d.sound("calendar"):
        periods = years * d.file.calendar.periods_per_year
        if periods != int(periods):
            yield d.source.problem(
                ("company", "residual", "years"),
                expected=f"years that are a whole number of {d.file.calendar.step}s",
                suggestion=f"write {listed(_around(periods, d.file.calendar.periods_per_year))}",
            )


def _around(periods: float, per_year: int) -> list[str]:
    """The years of the whole numbers of periods on both sides, without 0."""
    below = floor(periods)
    return [f"{whole / per_year:g}" for whole in (below, below + 1) if whole]


def fail_if_growth_is_not_below_the_discount_rate(d: Draft) -> Iterator[Problem]:
    company = d.file.company
    growth = company.residual.growth
    if growth is not None and growth >= company.discount_rate:
        yield d.source.problem(
            ("company", "residual", "growth"),
            expected=f"growth below the discount rate of {percent(company.discount_rate)}",
            suggestion="a perpetuity that grows faster has no finite value",
        )


def fail_if_a_run_off_is_not_discounted(d: Draft) -> Iterator[Problem]:
    """Customers who never leave are worth a perpetuity, which has no value at a rate of nothing."""
    company = d.file.company
    if company.residual.method == "run_off" and company.discount_rate == 0:
        yield d.source.problem(
            ("company", "discount_rate"),
            expected="a discount rate above 0 with the residual method run_off",
            suggestion="state the cost of capital, or write residual: {method: book}",
        )
