"""What was observed of uncertain inputs, read from the files that the scenario names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from simengine.scenario.customers import PARQUET, not_a_file
from simengine.scenario.draft import Draft
from simengine.scenario.fields import NotKnown, Number
from simengine.scenario.input_path import input_steps
from simengine.scenario.problems import Problem, counted, did_you_mean, listed
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.shape import number_at
from simengine.scenario.uncertain import EmpiricalInput, ObservedColumn
from simengine.scenario.yaml_source import Path as Place

TEXT = (".csv", ".tsv", ".txt")
DELIMITERS = ",;\t|"
MOST = 1_000_000  # values
SHOWN = 10  # cells that are told one by one


class Cell(NamedTuple):
    """A value as it stands in a file; in Parquet, rows are counted in place of lines."""

    line: int
    column: int
    value: object


class Unreadable(Exception):
    """A file without the column: at `field` of what the scenario states, what was found, expected, a suggestion."""

    def __init__(self, field: str, found: str, expected: str, suggestion: str = "") -> None:
        super().__init__(field, found, expected, suggestion)
        self.field, self.found, self.expected, self.suggestion = field, found, expected, suggestion


def with_observed(d: Draft) -> tuple[Draft, list[Problem]]:
    """The draft with the values of all columns that uncertain inputs name, and what is wrong with these; inputs whose
    column cannot be read count as broken."""
    problems: list[Problem] = []
    broken: set[Place] = set()
    try:
        inputs = d.file.uncertain.inputs
    except NotKnown:
        return d, []
    for text, number in inputs.items():
        if not d.sound("uncertain", text) or not isinstance(number, EmpiricalInput):
            continue
        if not isinstance(number.empirical, ObservedColumn):
            continue
        found = list(_read(d, text, number, number.empirical))
        problems += found
        broken |= {("uncertain", text)} if found else set()
    return (replace(d, broken=d.broken | broken) if broken else d), problems


def _read(d: Draft, text: str, number: EmpiricalInput, stated: ObservedColumn) -> Iterator[Problem]:
    at: Place = ("uncertain", text, "empirical")
    beside = d.source.file_of((*at, "file"))
    file = Path(stated.file) if not beside else Path(beside).resolve().parent / stated.file
    try:
        cells = observed(file, stated)
    except Unreadable as told:
        where = (*at, told.field)
        yield d.source.problem(where, found=told.found, expected=told.expected, suggestion=told.suggestion)
        return
    values, refusals = _values(cells, _reader(d, text))
    shown = _as_shown(stated.file, beside)
    for cell, error in refusals[:SHOWN]:
        context = error.context or {}
        said = "" if cell.value is None else str(cell.value)
        yield Problem(
            shown, cell.line, cell.column, said or "an empty cell", str(context.get("expected", "")),
            str(context.get("suggestion", "")) if said else "delete the row, or write what was observed",
            stated.column, len(said),
        )  # fmt: skip
    if refusals[SHOWN:]:
        further, (first, _) = counted(len(refusals) - SHOWN, "more such cell"), refusals[SHOWN]
        yield Problem(shown, first.line, first.column, further, "a value of the input in every row", "", stated.column)
    number.take(values, str(file.absolute()))


def _as_shown(stated: str, beside: str) -> str:
    """A file as seen from where the scenario's is named."""
    return str(Path(beside).parent / stated) if beside else stated


def _reader(d: Draft, text: str) -> Number:
    """Of a value of the input; a path that leads nowhere is told elsewhere."""
    try:
        number = number_at(input_steps(d.source.data, text))
    except PathRefused:
        return Number("a number")
    return replace(number, whole=False) if number else Number("a fraction of revenue, or money", minimum=0)


def _values(cells: Sequence[Cell], reader: Number) -> tuple[list[float], list[tuple[Cell, PydanticCustomError]]]:
    comma = _decimal_comma(cells)
    values: list[float] = []
    refusals: list[tuple[Cell, PydanticCustomError]] = []
    for cell in cells:
        written = cell.value
        try:
            values.append(reader.read(written.replace(",", ".") if comma and isinstance(written, str) else written))
        except PydanticCustomError as error:
            refusals.append((cell, error))
    return values, refusals


def _decimal_comma(cells: Sequence[Cell]) -> bool:
    """Whether numbers have a decimal comma: some can only be read so (1,5), and none has a point."""
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    parts = [each.partition(",")[2] for each in texts if "," in each]
    told = any(len(part.rstrip(" %")) != 3 for part in parts) or any(each.startswith("0,") for each in texts)
    return told and not any("." in each for each in texts)


def observed(file: Path, stated: ObservedColumn) -> list[Cell]:
    """The values of a column of a CSV or Parquet file. Raises `Unreadable`."""
    name = file.name.lower()
    if not name.endswith((*TEXT, *PARQUET)):
        kinds = f"a CSV or Parquet file: {listed((*TEXT, *PARQUET))}"
        raise Unreadable("file", stated.file, kinds, "save it as CSV, with a header")
    if trouble := not_a_file(file):
        raise Unreadable("file", f"{stated.file}: {trouble}", "a file with what was observed")
    read = _of_parquet if name.endswith(PARQUET) else _of_text
    cells = list(islice(read(file, stated), MOST + 1))
    if not cells:
        raise Unreadable("column", f"no row below the header of {stated.file}", "a value in each of some rows")
    if len(cells) > MOST:
        raise Unreadable("file", f"more than {MOST:,} rows", f"at most {MOST:,}", "draw some of them at random")
    return cells


def _of_text(file: Path, stated: ObservedColumn) -> Iterator[Cell]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Unreadable("file", f"{stated.file}: {error.strerror}", "a file that can be read") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise Unreadable("file", f"{stated.file}, which is no text", "a CSV file", "save it as CSV in UTF-8")
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=header.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        names = next((row for row in rows if any(cell.strip() for cell in row)), [])
        at = _at(stated, [each.strip() for each in names])
        for row in rows:
            if any(cell.strip() for cell in row):
                before = sum(len(cell) + 1 for cell in row[:at])
                yield Cell(rows.line_num, before + 1, row[at].strip() if at < len(row) else None)
    except csv.Error as error:
        raise Unreadable("file", f"{stated.file}, line {rows.line_num}: {error}", "a CSV file") from None


def _of_parquet(file: Path, stated: ObservedColumn) -> Iterator[Cell]:
    import duckdb  # here, as other scenarios need not wait for it

    with duckdb.connect() as connection:
        try:
            table = connection.read_parquet(str(file).replace("[", "[[]"))
            at = _at(stated, [each.strip() for each in table.columns])
            quoted = table.columns[at].replace('"', '""')
            found = table.project(f'"{quoted}"')
            kind = str(found.types[0])
            numbers = found.project(f'CAST("{quoted}" AS DOUBLE)') if kind.startswith("DECIMAL") else found
            rows = numbers.limit(MOST + 1).fetchall()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise Unreadable("file", f"{stated.file}, which cannot be read ({reason})", "a Parquet file") from None
    for i, (value,) in enumerate(rows, start=1):
        nothing = value is None or (isinstance(value, float) and value != value)
        yield Cell(i, at + 1, None if nothing else value if isinstance(value, (int, float)) else str(value))


def _at(stated: ObservedColumn, names: Sequence[str]) -> int:
    """The place of the column that is stated."""
    if names.count(stated.column) == 1:
        return list(names).index(stated.column)
    if stated.column in names:
        raise Unreadable("column", f"{names.count(stated.column)} columns `{stated.column}`", "a name of one column")
    known = listed([f"`{each}`" for each in names if each]) or "none is there"
    raise Unreadable(
        "column", f"`{stated.column}`", f"a column of {stated.file}: {known}", did_you_mean(stated.column, names)
    )
