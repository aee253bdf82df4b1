"""What the customer file must hold, and what must be stated without one."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.customers import customer_path
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.segment import ContractSegment
from simengine.scenario.suppliers import segments


def fail_if_a_size_is_missing(d: Draft) -> Iterator[Problem]:
    if d.file.portfolio is None and d.sound("portfolio"):
        for name, segment in segments(d).items():
            if segment.size is None:
                yield d.source.problem(
                    ("segments", name),
                    found="no `size` and no customer file",
                    expected="how many customers there are",
                    suggestion="state size: 100k, or a portfolio",
                    at_key=True,
                )


def fail_if_revenue_is_missing(d: Draft) -> Iterator[Problem]:
    portfolio = d.file.portfolio
    if not d.sound("portfolio") or (portfolio is not None and portfolio.columns.revenue is not None):
        return
    for name, segment in segments(d).items():
        if segment.revenue is None:
            where = "customer file" if portfolio is None else "column for it"
            yield d.source.problem(
                ("segments", name),
                found=f"no `revenue` and no {where}",
                expected="the revenue of a customer",
                suggestion="state revenue: {lognormal: {mean: 600, cv: 0.6}}, or portfolio.columns.revenue",
                at_key=True,
            )


def fail_if_hazards_cannot_be_estimated(d: Draft) -> Iterator[Problem]:
    if not d.sound("portfolio"):
        return
    columns = d.file.portfolio.columns if d.file.portfolio else None
    missing = [role for role in ("tenure", "churned") if columns is None or getattr(columns, role) is None]
    for name, segment in segments(d).items():
        if isinstance(segment, ContractSegment) and (field := segment.hazard.estimated) and missing:
            found = "no customer file" if columns is None else f"no column for {listed(missing, 'and')}"
            estimated = "an empirical hazard" if field == "empirical" else "a hazard to be estimated"
            instead = "{constant: 2%}" if field == "empirical" else "{alpha: 0.67, beta: 3.8}"
            yield d.source.problem(
                ("segments", name, "hazard", field),
                found=f"{estimated} and {found}",
                expected="a customer file with the columns tenure and churned",
                suggestion=f"state them under portfolio.columns, or write {instead}",
                at_key=True,
            )


def fail_if_customers_have_no_segment(d: Draft) -> Iterator[Problem]:
    portfolio = d.file.portfolio
    if portfolio is not None and portfolio.columns.segment is None and len(d.names("segments")) > 1:
        yield d.source.problem(
            ("portfolio", "columns"),
            found="no column for the segment",
            at_key=True,
            expected=f"the column that says which of {len(d.names('segments'))} segments a customer is in",
            suggestion="state segment: <column>",
        )


def fail_if_columns_do_not_fit_the_needs(d: Draft) -> Iterator[Problem]:
    portfolio = d.file.portfolio
    if portfolio is None or not portfolio.columns.needs or not d.sound("needs"):
        return
    path = ("portfolio", "columns", "needs")
    for need in portfolio.columns.needs:
        if need not in d.file.needs:
            yield d.source.problem(
                (*path, need),
                found=f"the unknown need `{need}`",
                expected=f"one of {listed(d.file.needs) or 'none'}",
                suggestion=did_you_mean(need, d.file.needs),
                at_key=True,
            )
    missing = [need for need in d.file.needs if need not in portfolio.columns.needs]
    if missing:
        yield d.source.problem(
            path,
            found=f"no column for {listed(missing, 'and')}",
            expected="a column for every need",
            at_key=True,
            suggestion="state all of them, or none",
        )


def fail_if_the_customer_file_is_missing(d: Draft) -> Iterator[Problem]:
    if d.file.portfolio is None:
        return
    file = customer_path(d.source, d.file.portfolio.customers)
    if not file.is_file():
        names = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
        yield d.source.problem(
            ("portfolio", "customers"),
            found=f"no such file: {d.file.portfolio.customers}",
            expected="a customer file, seen from the scenario's folder",
            suggestion=did_you_mean(file.name, names) if names else f"there is no folder {file.parent}",
        )
