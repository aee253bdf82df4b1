"""What the customer file must hold, and what must be stated without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simengine.scenario.customers import CSV, EXCEL, PARQUET, customer_files, not_a_file
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.segment import ContractSegment, RevenueSegment
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
        if isinstance(segment, RevenueSegment) and segment.revenue is None:
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
            shapes = "{alpha: 0.67, beta: 3.8}"
            stated = f"{{constant: 2%}} or {{shifted_beta_geometric: {shapes}}}" if field == "empirical" else shapes
            yield d.source.problem(
                ("segments", name, "hazard", field),
                found=f"{estimated} and {found}",
                expected="a customer file with the columns tenure and churned",
                suggestion=f"state them under portfolio.columns, or write {stated}",
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


def fail_if_a_customer_file_cannot_be_read(d: Draft) -> Iterator[Problem]:
    portfolio = d.file.portfolio
    if portfolio is None:
        return
    expected = "a customer file, seen from the scenario's folder"
    if not portfolio.customers:
        yield d.source.problem(("portfolio", "customers"), found="an empty list", expected="at least one customer file")
    for i, stated in enumerate(portfolio.customers):
        files = customer_files(d.source, stated)
        found = [_unfit(file, stated if len(files) == 1 else file.name) for file in files]
        for told, suggestion in found or [(f"{stated}, which no file fits", "")]:
            if told:
                yield d.source.problem(
                    ("portfolio", "customers", i), found=told, expected=expected, suggestion=suggestion
                )


def _unfit(file: Path, name: Path | str) -> tuple[str, str]:
    """Why a file cannot be read as a customer file, "" if it can, and what to write instead."""
    if trouble := not_a_file(file):
        if trouble != "no such file":
            return f"{trouble}: {name}", ""
        names = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
        return f"{trouble}: {name}", did_you_mean(file.name, names) if names else f"there is no folder {file.parent}"
    if not file.name.lower().endswith(CSV + PARQUET + EXCEL):
        return f"{name}, of no known kind", f"let its name end in {listed(CSV + PARQUET + EXCEL)}"
    return "", ""


def fail_if_a_customer_file_is_named_twice(d: Draft) -> Iterator[Problem]:
    seen: set[Path] = set()
    for i, stated in enumerate(d.file.portfolio.customers if d.file.portfolio else ()):
        for file in customer_files(d.source, stated):
            if not_a_file(file):
                continue
            if file.resolve() in seen:
                yield d.source.problem(
                    ("portfolio", "customers", i),
                    found=f"{file.name} once more",
                    expected="each customer file once",
                    suggestion="leave it out: each of its customers would count twice",
                )
            seen.add(file.resolve())


def fail_if_one_sign_means_two_things(d: Draft) -> Iterator[Problem]:
    style = d.file.portfolio.format if d.file.portfolio else None
    if style and style.thousands == style.decimal != "auto":
        yield d.source.problem(
            ("portfolio", "format", "thousands"),
            expected=f"another sign between thousands than '{style.thousands}', which is before decimals",
            suggestion="write thousands: none, if there is no sign between them",
        )
