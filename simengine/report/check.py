"""The base-year check as tables on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole
from simengine.results.check_report import BuyingCheck, CheckReport, ChoiceCheck, ContractCheck, Figure
from simengine.scenario.problems import listed
from simengine.scenario.units import percent

AnyCheck = ChoiceCheck | ContractCheck | BuyingCheck


def print_check(report: CheckReport, screen: Console) -> None:
    """Print stated against modelled figures of today, segment by segment."""
    screen.print(f"[bold]{escape(report.scenario)}[/bold]: today as stated, and as the model has it", soft_wrap=True)
    for segment in report.segments:
        rows = _rows(segment, report)
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        table.add_column(escape(segment.segment), min_width=34)
        for heading in ("stated", "modelled", "relative difference"):
            table.add_column(heading, justify="right", min_width=14)
        for row in rows:
            table.add_row(*row)
        print_whole(table, screen)
        for line in _remarks(segment):
            screen.print(line, soft_wrap=True)
    if report.left_out:
        screen.print(f"Left out here: {listed(report.left_out, 'and')}.", soft_wrap=True)


def _rows(segment: AnyCheck, report: CheckReport) -> list[tuple[str, ...]]:
    if isinstance(segment, BuyingCheck):
        return _buying_rows(segment, report)
    return _choice_rows(segment, report) if isinstance(segment, ChoiceCheck) else _contract_rows(segment, report)


def _choice_rows(segment: ChoiceCheck, report: CheckReport) -> list[tuple[str, ...]]:
    return [
        _row("our customers", segment.customers, "{:,.1f}"),
        *(_row(f"share: {escape(name)}", share, "{:.4%}") for name, share in segment.shares.items()),
        *(
            _row(f"share a year on: {escape(name)}", share, "{:.4%}")
            for name, share in segment.shares_in_a_year.items()
            if segment.share_trend
        ),
        _row("churn in the first year", segment.churn, "{:.4%}"),
        _row(f"revenue a customer, {escape(report.currency)} a year", segment.revenue, "{:,.2f}"),
    ]


def _contract_rows(segment: ContractCheck, report: CheckReport) -> list[tuple[str, ...]]:
    return [
        _row("customers", segment.customers, "{:,.1f}"),
        _row(f"revenue a customer, {escape(report.currency)} a year", segment.revenue, "{:,.2f}"),
        *(_row(f"survival to {months} months", s, "{:.4%}") for months, s in segment.survival.items()),
        *(
            _row(f"of today's customers left after {_years(years)}", left, "{:,.1f}")
            for years, left in segment.kept.items()
        ),
    ]


def _buying_rows(segment: BuyingCheck, report: CheckReport) -> list[tuple[str, ...]]:
    return [
        _row("customers" if segment.dynamics == "markov" else "customers still", segment.customers, "{:,.1f}"),
        *(
            _row(f"their revenue within {_years(years)}, {escape(report.currency)}", revenue, "{:,.2f}")
            for years, revenue in segment.revenue.items()
        ),
        *(_row(f"left after {_years(years)}", left, "{:,.1f}") for years, left in segment.kept.items()),
    ]


def _years(years: str) -> str:
    return f"{years} year{'s' if years != '1' else ''}"


def _row(name: str, figure: Figure, form: str) -> tuple[str, ...]:
    if figure.stated is None:
        return name, "", form.format(figure.modelled), ""
    return (
        name,
        form.format(figure.stated),
        form.format(figure.modelled),
        f"{figure.modelled / figure.stated - 1:+.1e}" if figure.stated else "",
    )


def _remarks(segment: AnyCheck) -> list[str]:
    if isinstance(segment, BuyingCheck):
        if segment.dynamics == "markov":
            return ["Stated are the expectations of the probabilities; money is received on arrival in a state."]
        part = segment.customers.modelled / segment.known
        return [
            f"Of {segment.known:,.0f} who have ever bought {part:.1%} are to be expected to be customers still; "
            "stated are the expectations of the parameters."
        ]
    if isinstance(segment, ContractCheck):
        return [*_hazard_remarks(segment), *_conversion_remarks(segment)]
    elasticities = ", ".join(
        f"{value:.2f} after {_years(years)}" for years, value in segment.own_price_elasticity.items()
    )
    states = ", ".join(f"{escape(name)} {share:.1%}" for name, share in segment.need_states.items())
    dilution = (
        "Newcomers are left out here: they enter at today's shares, so that those of a market that grows by "
        f"{percent(segment.growth)} a year change by less than stated."
    )
    return [
        f"Shares change as stated in the first year; if nobody acts, by up to {segment.drift:.2%} of the market in ten."
        if segment.share_trend
        else f"While nobody acts, no share changes by more than {segment.drift:.1e} in ten years.",
        *([dilution] if segment.share_trend and segment.growth else []),
        f"Own-price elasticity of our customers: {elasticities}.",
        *([f"Need states of customers, today and on average for ever: {states}."] if states else []),
    ]


def _conversion_remarks(segment: ContractCheck) -> list[str]:
    if segment.conversion is None:
        return []
    survival = ", ".join(f"{s:.1%} to {months} months" for months, s in list(segment.conversion.survival.items())[:3])
    to, causal = escape(segment.conversion.to), segment.conversion.causal
    return [
        f"Customers who convert to {to} are assumed to gain {causal:.0%} of the difference in the hazard of leaving: "
        f"converted from the start, new customers would survive {survival}."
    ]


def _hazard_remarks(segment: ContractCheck) -> list[str]:
    shapes = segment.shifted_beta_geometric
    if not segment.observed:
        return ["The hazard of leaving is stated."]
    if shapes is not None:
        return [
            f"The hazard of leaving is estimated from {segment.observed:,} customers, of whom "
            f"{segment.churned:,} had left (shifted-beta-geometric, maximum likelihood; stated: Kaplan-Meier).",
            f"alpha {shapes.alpha:.4g} ± {shapes.alpha_standard_error:.2g}, beta {shapes.beta:.4g} ± "
            f"{shapes.beta_standard_error:.2g} (standard errors); log-likelihood {shapes.log_likelihood:,.1f}.",
        ]
    return [
        f"The hazard of leaving is estimated from {segment.observed:,} customers, of whom "
        f"{segment.churned:,} had left (Kaplan-Meier).",
        f"Beyond {segment.months_observed} months of tenure it is held at "
        f"{segment.hazard_beyond_per_month:.2%} a month, the pooled rate of the 24 months before.",
    ]
