"""The customer file, and which of its columns hold what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simengine.scenario.fields import Model, NeedName, OneOf, Text
from simengine.scenario.yaml_source import Source

RevenueUnit = Literal["a year", "a month", "a quarter"]
TenureUnit = Literal["years", "months", "quarters"]
REVENUE_UNITS = {
    "a year": "revenue of a year",
    "a month": "revenue of a month, times 12 a year",
    "a quarter": "revenue of a quarter, times 4 a year",
}
TENURE_UNITS = {"years": "whole or part years", "months": "twelfths of a year", "quarters": "quarters of a year"}


def _column_or(model: type[Model]) -> BeforeValidator:
    return BeforeValidator(_column, json_schema_input_type=Text | model)


def _column(value: object) -> object:
    """A bare name stands for the column in its usual unit."""
    return {"column": value} if isinstance(value, str) else value


class RevenueColumn(Model):
    """A column with a customer's revenue."""

    column: Text
    """Its name in the file. Example: `monthly_charges`."""
    unit: Annotated[RevenueUnit, OneOf(REVENUE_UNITS)] = "a year"
    """What the numbers in the column count. Example: `a month`."""


class TenureColumn(Model):
    """A column with how long a customer has been ours."""

    column: Text
    """Its name in the file. Example: `tenure`."""
    unit: Annotated[TenureUnit, OneOf(TENURE_UNITS)] = "years"
    """What the numbers in the column count. Example: `months`."""


class Columns(Model):
    """The names of the columns of the customer file."""

    id: Text
    """Column that tells customers apart: each value once. Example: `customer_id`."""
    segment: Text | None = None
    """Column with the segment's name; may be left out if there is one segment. Example: `contract`."""
    supplier: Text | None = None
    """Column with the customer's supplier today: us, a rival's name or none. Left out: all are ours. Example:
    `main_bank`."""
    revenue: Annotated[RevenueColumn, _column_or(RevenueColumn)] | None = None
    """Column with the revenue of a customer: its name (a year), or {column, unit}. Examples: `annual_revenue_eur`,
    `{column: monthly_charges, unit: a month}`."""
    tenure: Annotated[TenureColumn, _column_or(TenureColumn)] | None = None
    """Column with how long the customer has been ours: its name (years), or {column, unit}. Examples: `years`,
    `{column: tenure, unit: months}`."""
    churned: Text | None = None
    """Column that says who has left; they serve the estimate of hazards and are not opening customers. Example:
    `churn`."""
    needs: dict[NeedName, Text] = Field(default_factory=dict)
    """Column with the weight of each need: {need: column}. Example: `{rate: w_rate, service: w_service}`."""
    price_sensitivity: Text | None = None
    """Column with a customer's price sensitivity. Example: `sensitivity`."""
    weight: Text | None = None
    """Column with how many customers a row stands for. Example: `weight`."""


class CustomerFile(Model):
    """The real customers."""

    customers: Path
    """The file, relative to the scenario's folder; one row a customer. Example: `data/customers.csv`."""
    columns: Columns
    """Which column holds what. Example: `{id: customer_id, segment: contract, revenue: {column: monthly_charges, unit:
    a month}}`."""

    @property
    def mapped(self) -> dict[str, str]:
        """Every column that is used: {role: column}, needs as `needs.<name>`."""
        roles: dict[str, Any] = {
            role: getattr(self.columns, role) for role in type(self.columns).model_fields if role != "needs"
        }
        roles |= {f"needs.{need}": column for need, column in self.columns.needs.items()}
        return {role: getattr(c, "column", c) for role, c in roles.items() if c is not None}


def customer_path(source: Source, customers: Path) -> Path:
    """The customer file's full path: it is written as seen from the folder of the file that names it."""
    file = source.file_of(("portfolio", "customers"))
    return (Path(file).resolve().parent if file else Path.cwd()) / customers
