"""When the simulation starts, how long a period is, and which period a date is in."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from simengine.scenario.fields import Model, Number, OneOf, refused

Step = Literal["month", "quarter", "year"]
MONTHS_PER_YEAR = 12
MONTHS = {"month": 1, "quarter": 3, "year": MONTHS_PER_YEAR}
STEPS = {"month": "12 periods a year", "quarter": "4 periods a year", "year": "1 period a year"}
EXAMPLES = {"month": "2027-03", "quarter": "2027-Q1", "year": "2027"}
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


def _read_period(value: object) -> str:
    """A date of the language as text; a bare year is a number to YAML."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _PERIOD.fullmatch(text):
        raise refused("a period such as 2027-Q1, 2027-03 or 2027", spelling(str(value)))
    return text


Period = Annotated[
    str,
    PlainValidator(_read_period),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{_PERIOD.pattern}$"},
                {"type": "integer", "minimum": 1000, "maximum": 9999},
            ],
            "x-unit": "a period of the calendar",
            "description": "A period such as 2027-Q1, 2027-03 or 2027.",
        }
    ),
]


class Calendar(Model):
    """The periods that are simulated."""

    start: Period = "2026"
    """First period, such as 2026-Q1 for quarters, 2026-01 for months or 2026 for years. Example: `2027-Q1`."""
    step: Annotated[Step, OneOf(STEPS)] = "quarter"
    """Length of a period. Example: `quarter`."""
    periods: Annotated[int, Number("a number of periods", minimum=1, maximum=1200, whole=True)] = 40
    """How many periods are simulated. Example: `40`."""

    @property
    def periods_per_year(self) -> int:
        return MONTHS_PER_YEAR // MONTHS[self.step]

    @property
    def years_per_period(self) -> float:
        return 1 / self.periods_per_year

    @cached_property
    def _first_month(self) -> int:
        """Months since year 0 at the start."""
        return months(self.start)[0]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The name of every period, in order."""
        return tuple(self._label(self._first_month + i * MONTHS[self.step]) for i in range(self.periods))

    def _label(self, month: int) -> str:
        year, month = divmod(month, MONTHS_PER_YEAR)
        if self.step == "year":
            return f"{year:04d}"
        return f"{year:04d}-Q{month // 3 + 1}" if self.step == "quarter" else f"{year:04d}-{month + 1:02d}"

    def index(self, period: str) -> int:
        """Index of the first period of a date, which may be longer than a period (2027 in quarters).

        Raises ValueError, whose text says what was expected, if the date is not one or not in the calendar.
        """
        return self._bounds(period)[0]

    def last_index(self, period: str) -> int:
        """Index of the last period within a date. Errors as for `index`."""
        return self._bounds(period)[1]

    def _bounds(self, period: str) -> tuple[int, int]:
        step = MONTHS[self.step]
        if not _PERIOD.fullmatch(period):
            raise ValueError(f"a period such as {EXAMPLES[self.step]}")
        begin, length = months(period)
        if length < step:
            raise ValueError(f"a {self.step} or longer, such as {self._label(begin - begin % step)}")
        first, last = (begin - self._first_month) // step, (begin + length - self._first_month) // step - 1
        if first < 0 or last >= self.periods:
            raise ValueError(f"a period from {self.labels[0]} to {self.labels[-1]}")
        return first, last


def months(period: str) -> tuple[int, int]:
    """First month (months since year 0) and length in months of a period such as 2027-Q1, 2027-03 or 2027."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError("a period such as 2027-Q1, 2027-03 or 2027")
    year, quarter, month = match.groups()
    if quarter:
        return int(year) * MONTHS_PER_YEAR + (int(quarter) - 1) * 3, 3
    before = int(year) * MONTHS_PER_YEAR
    return (before + int(month) - 1, 1) if month else (before, MONTHS_PER_YEAR)


def spelling(text: str) -> str:
    """What a period written in another way most likely is."""
    text = text.strip()
    if _PERIOD.fullmatch(text):
        return ""
    if day := re.fullmatch(r"(\d{4})-(\d\d?)-\d\d?(?:[T ].*)?", text):
        return f"write {day[1]}-{int(day[2]):02d} or {day[1]}-Q{(int(day[2]) - 1) // 3 % 4 + 1}"
    if quarter := re.fullmatch(r"(\d{4})[-/ ]?[qQ]([1-4])", text) or re.fullmatch(r"[qQ]([1-4])[-/ ]?(\d{4})", text):
        year, number = sorted(quarter.groups(), key=len, reverse=True)
        return f"write {year}-Q{number}"
    if month := re.fullmatch(r"(\d{4})[-/]([1-9])", text) or re.fullmatch(r"(\d{4})/(0[1-9]|1[0-2])", text):
        return f"write {month[1]}-{int(month[2]):02d}"
    if re.fullmatch(r"\d{4}-?[qQ]\d+", text):
        return "quarters are Q1 to Q4"
    return "months are 01 to 12" if re.fullmatch(r"\d{4}-\d\d", text) else ""
