"""The customer files, how they are written, and which of their columns hold what."""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simengine.scenario.fields import Model, NeedName, OneOf, Switch, Text
from simengine.scenario.yaml_source import Source

CSV = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
PARQUET = (".parquet", ".pq")
EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")

Delimiter = Literal["auto", ",", ";", "|", "tab"]
Decimal = Literal["auto", ".", ","]
Thousands = Literal["auto", "none", ".", ",", "'", "space"]
Encoding = Literal[
    "auto",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "latin-1",
    "iso-8859-15",
    "cp1250",
    "cp850",
    "mac-roman",
]
Missing = Literal["refuse", "segment mean", "draw"]
NeedUnit = Literal["fraction", "percent"]
DELIMITERS = {
    "auto": "whichever the header has most of",
    ",": "a comma",
    ";": "a semicolon",
    "|": "a bar",
    "tab": "a tabulator",
}
DECIMALS = {
    "auto": "a comma if some number can only be read so (1,5) and none only with a point (1.5), else a point",
    ".": "1.5",
    ",": "1,5",
}
THOUSANDS = {
    "auto": "any but the decimal sign, where that is stated or told by some number; if neither, 1,100 is refused",
    "none": "1000",
    ".": "1.000",
    ",": "1,000",
    "'": "1'000",
    "space": "1 000",
}
ENCODINGS = {
    "auto": "as a byte order mark says, else utf-8, but cp1252 where the file is not UTF-8",
    "utf-8": "of today",
    "utf-16": 'Excel\'s "Unicode text"',
    "utf-16-le": "utf-16 without a byte order mark",
    "utf-16-be": "utf-16 of other machines, without a byte order mark",
    "cp1252": "of Windows in Western Europe and America",
    "latin-1": "ISO 8859-1",
    "iso-8859-15": "the same with the euro sign",
    "cp1250": "of Windows in Central Europe",
    "cp850": "of DOS",
    "mac-roman": "of old Macintoshes",
}
MISSING = {
    "refuse": "they are problems",
    "segment mean": "the mean of the segment's present customers who have one",
    "draw": "that of another present customer of the segment, drawn",
}
NEED_UNITS = {"fraction": "0.25", "percent": "25, or 25 %"}
RevenueUnit = Literal["a year", "a month", "a quarter"]
TenureUnit = Literal["years", "months", "quarters"]
TimeUnit = Literal["years", "quarters", "months", "weeks", "days"]
REVENUE_UNITS = {
    "a year": "revenue of a year",
    "a month": "revenue of a month, times 12 a year",
    "a quarter": "revenue of a quarter, times 4 a year",
}
TIMES = {
    "years": "whole or part years",
    "quarters": "quarters of a year",
    "months": "twelfths of a year",
    "weeks": "of 7 days",
    "days": "of which a year has 365.25",
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


class TimeColumn(Model):
    """A column with a length of time."""

    column: Text
    """Its name in the file. Example: `T`."""
    unit: Annotated[TimeUnit, OneOf(TIMES)] = "years"
    """What the numbers in the column count. Example: `weeks`."""


class NeedColumn(Model):
    """A column with the weight of a need."""

    column: Text
    """Its name in the file. Example: `w_rate`."""
    unit: Annotated[NeedUnit, OneOf(NEED_UNITS)] = "fraction"
    """How weights are written. Example: `percent`."""


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
    purchases: Text | None = None
    """buy-till-you-die: column with how often a customer has bought after its first purchase. Example: `x`."""
    last_purchase: Annotated[TimeColumn, _column_or(TimeColumn)] | None = None
    """buy-till-you-die: column with the time from the first purchase to the last, 0 where there is but one: its name
    (years), or {column, unit}. Examples: `years_to_last`, `{column: t_x, unit: weeks}`."""
    observed: Annotated[TimeColumn, _column_or(TimeColumn)] | None = None
    """buy-till-you-die: column with the time from the first purchase to today: its name (years), or {column, unit}.
    Examples: `years_observed`, `{column: T, unit: weeks}`."""
    spend: Text | None = None
    """buy-till-you-die: column with the mean money of a customer's purchases after the first; not read of who has made
    none. Example: `m_x`."""
    state: Text | None = None
    """markov: column with the name of the state that a customer is in at the opening. Example: `state`."""
    needs: dict[NeedName, Annotated[NeedColumn, _column_or(NeedColumn)]] = Field(default_factory=dict)
    """Column with the weight of each need: its name (fractions), or {column, unit}. Examples: `{rate: w_rate, service:
    w_service}`, `{rate: {column: w_rate, unit: percent}}`."""
    price_sensitivity: Text | None = None
    """Column with a customer's price sensitivity. Example: `sensitivity`."""
    weight: Text | None = None
    """Column with how many customers a row stands for. Example: `weight`."""


class FileFormat(Model):
    """How customer files are written."""

    delimiter: Annotated[Delimiter, OneOf(DELIMITERS)] = "auto"
    """Between the fields of a CSV file. Example: `tab`."""
    decimal: Annotated[Decimal, OneOf(DECIMALS)] = "auto"
    """Sign before decimals in text. Example: `","`."""
    thousands: Annotated[Thousands, OneOf(THOUSANDS)] = "auto"
    """Sign between thousands in text. Example: `space`."""
    encoding: Annotated[Encoding, OneOf(ENCODINGS)] = "auto"
    """How characters are written in a CSV file. Example: `cp850`."""
    sheet: Text | None = None
    """Name of the sheet of a spreadsheet. Left out: the only one that is not empty. Example: `Customers`."""


def _files(value: object) -> object:
    """A single name stands for a list of one."""
    return [value] if isinstance(value, str) else value


class CustomerFile(Model):
    """The real customers."""

    customers: Annotated[tuple[Path, ...], BeforeValidator(_files, json_schema_input_type=Text | list[Text])]
    """The file, relative to the scenario's folder; one row a customer. CSV, Parquet or a spreadsheet; several with
    wildcards or as a list, with the same columns in each. Examples: `data/customers.csv`, `data/part-*.parquet`,
    `[north.xlsx, south.xlsx]`."""
    columns: Columns
    """Which column holds what. Example: `{id: customer_id, segment: contract, revenue: {column: monthly_charges, unit:
    a month}}`."""
    format: FileFormat = FileFormat()
    """How the file is written, where that should not be found out. Example: `{delimiter: ";", decimal: ","}`."""
    missing: Annotated[Missing, OneOf(MISSING)] = "refuse"
    """What becomes of cells without a value in columns of revenue, tenure, needs and price sensitivity. Customers
    without a tenure serve no estimate of hazards. Example: `segment mean`."""
    normalise: Switch = False
    """Whether the weights of needs are divided by their sum where that is not 1. Example: `true`."""

    @property
    def mapped(self) -> dict[str, str]:
        """Every column that is used: {role: column}, needs as `needs.<name>`."""
        roles: dict[str, Any] = {
            role: getattr(self.columns, role) for role in type(self.columns).model_fields if role != "needs"
        }
        roles |= {f"needs.{need}": column for need, column in self.columns.needs.items()}
        return {role: getattr(c, "column", c) for role, c in roles.items() if c is not None}


def customer_files(source: Source, stated: Path) -> list[Path]:
    """The full paths that a stated name stands for, as seen from the folder of the file that states it.

    A name with wildcards that is not that of a file stands for all files that fit it, in the order of their names.
    """
    file = source.file_of(("portfolio", "customers"))
    return files_of_name(stated, Path(file).resolve().parent if file else Path.cwd())


def files_of_name(stated: Path, folder: Path) -> list[Path]:
    """The paths that a name stands for, as seen from a folder; see `customer_files`."""
    if glob.has_magic(str(stated)) and not os.path.lexists(folder / stated):
        return [folder / found for found in sorted(glob.glob(str(stated), root_dir=folder))]
    return [folder / stated]


def not_a_file(path: Path) -> str:
    """What stands at a path instead of a file that can be read; "" if nothing stands in the way."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "no such file"
    except (OSError, ValueError) as error:
        loop = isinstance(error, OSError) and os.path.islink(path) and not isinstance(error, PermissionError)
        reason = getattr(error, "strerror", None) or str(error)
        return "a symbolic link that leads back to itself" if loop else f"a path that cannot be followed ({reason})"
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    for is_kind, name in kinds:
        if is_kind(mode):
            return name
    if not stat.S_ISREG(mode):
        return "a device"
    return "" if os.access(path, os.R_OK) else "a file that may not be read"
