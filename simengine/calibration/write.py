"""Writes a calibration's scenario and customer table: both whole, or neither."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from simengine.calibration.draft import Draft
from simengine.calibration.result import Calibration
from simengine.portfolio.new_file import MARK, FileRefused, require_new
from simengine.portfolio.sql_text import connect, literal
from simengine.portfolio.workshop import put, workshop
from simengine.scenario.customers import PARQUET
from simengine.scenario.problems import Problem, ScenarioError, listed, of_option

TABLES = (*PARQUET, ".csv")


def require_writable(out: Path | None, table: Path | None) -> None:
    """Raises ScenarioError if a file cannot be written, or holds something; a Parquet table of before may. Writes
    nothing."""
    problems: list[Problem] = []
    if table is not None and table.suffix.lower() not in TABLES:
        problems.append(of_option("--table", table, str(table), f"the name of a file ending in {listed(TABLES)}"))
    for option, path in (("--out", out), ("--table", table)):
        try:
            if path is not None:
                require_new(path, or_ours=option == "--table" and path.suffix.lower() in PARQUET)
        except FileRefused as refusal:
            problems.append(of_option(option, path, str(refusal), "the name of a new file"))
    if out is not None and table is not None and out.absolute() == table.absolute():
        problems.append(of_option("--table", table, str(table), "another file than --out"))
    if problems:
        raise ScenarioError(problems)


def write(calibration: Calibration, out: Path | None, table: Path | None) -> None:
    """Write the scenario to `out` and its customers to `table`, where they are given. Raises ScenarioError if there is
    no such thing, or one needs the other."""
    draft = calibration.draft
    if isinstance(draft, str) and out is not None:
        raise ScenarioError([of_option("--out", out, f"no scenario: {draft}", "estimates that a scenario can state")])
    if table is not None and not calibration.table:
        raise ScenarioError([of_option("--table", table, "evidence without customers", "a log of their purchases")])
    if out is not None and calibration.table and table is None:
        hint = "add --table customers.parquet"
        raise ScenarioError([of_option("--out", out, "no --table", "a table of the customers that it reads", hint)])
    with ExitStack() as stack:
        made: list[tuple[Path, Path]] = []
        if table is not None:
            work = stack.enter_context(workshop(table)) / "table"
            _write_table(calibration, work, table.suffix.lower() in PARQUET)
            made.append((work, table))
        if out is not None and isinstance(draft, Draft):
            work = stack.enter_context(workshop(out)) / "scenario"
            work.write_text(draft.text(_seen_from(out, table)), encoding="utf-8")
            made.append((work, out))
        for work, path in made:
            put(work, path)


def _seen_from(out: Path, table: Path | None) -> str:
    """The table's name as a scenario beside it writes it."""
    return Path(os.path.relpath(table, out.parent)).as_posix() if table is not None else "customers.parquet"


def _write_table(calibration: Calibration, path: Path, parquet: bool) -> None:
    form = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{MARK}: 'calibrate'}}" if parquet else "FORMAT csv, HEADER"
    with connect(threads=1) as connection:
        connection.register("customers", dict(calibration.table))
        connection.execute(f"COPY (SELECT * FROM customers) TO {literal(str(path))} ({form})")
