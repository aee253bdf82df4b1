"""Writes a synthetic customer file, a chunk of rows after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from simengine.portfolio.new_file import MARK
from simengine.portfolio.progress import Progress
from simengine.portfolio.sql_text import connect, literal
from simengine.portfolio.workshop import put, workshop
from simengine.scenario.customers import PARQUET
from simengine.scenario.problems import ScenarioError, of_option
from simengine.scenario.suppliers import COMPANY, OUTSIDE
from simengine.synthesis.columns import arrays_of, held, query
from simengine.synthesis.drawer import Drawer, Drawn
from simengine.synthesis.order import rows_of_chunk
from simengine.synthesis.result import SyntheticFile, SyntheticSegment
from simengine.synthesis.scenario import with_file
from simengine.synthesis.today import Today, sizes

CHUNK = 1 << 18  # rows: what is drawn does not depend on it, memory does
CSV = (".csv", ".tsv", ".txt")  # what can be written; more can be read

Work = Callable[[Callable[[], "Chunk"]], "Chunk"]  # does what it is given, so that it can be interrupted
Chunk = tuple[np.ndarray, Drawn]


def synthesise(
    today: Today, rows: int, out: Path, scenario_out: Path | None, progress: Progress, work: Work
) -> SyntheticFile:
    """Write `rows` customers of a market to `out`, and to `scenario_out` a scenario that uses them.

    Raises ScenarioError if a supplier who serves a segment has no customer there: the file is too small then.
    """
    scenario, file = today.scenario, held(today)
    counts = np.zeros((len(scenario.segments), len(scenario.suppliers), 2), dtype=np.int64)
    select = query(file, scenario)
    with workshop(out) as folder, connect() as connection:
        parts: list[str] = []
        done = 0
        for segment, drawn in _chunks(today, rows, work):
            np.add.at(counts, (segment, drawn.supplier, drawn.churned.astype(np.int64)), 1)
            connection.register("drawn", arrays_of(done + 1, segment, drawn))
            parts.append(str(folder / f"part-{len(parts):06d}.parquet"))
            connection.execute(f"COPY ({select}) TO {literal(parts[-1])} (FORMAT parquet, COMPRESSION zstd)")
            connection.unregister("drawn")
            done += len(segment)
            progress(done, rows)
        result = _result(today, rows, out, counts)
        made = folder / "whole"
        if out.suffix.lower() in PARQUET:
            form = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{MARK}: 'synth'}}"
        else:
            delimiter = "\t" if out.suffix.lower() == ".tsv" else ","
            form = f"FORMAT csv, HEADER true, DELIMITER {literal(delimiter)}"
        files = ", ".join(map(literal, parts))
        connection.execute(f"COPY (SELECT * FROM read_parquet([{files}])) TO {literal(str(made))} ({form})")
        if scenario_out is not None:
            text = folder / "scenario"
            text.write_text(with_file(scenario, result, file, scenario_out.parent), encoding="utf-8")
            with workshop(scenario_out) as beside:  # it may be another disk
                copy = beside / "scenario"
                copy.write_bytes(text.read_bytes())
                put(made, out)
                put(copy, scenario_out)
        else:
            put(made, out)
    return result


def _chunks(today: Today, rows: int, work: Work) -> Iterator[Chunk]:
    """The first `rows` customers in their order."""
    size = sizes(today)
    drawers = [Drawer(today, s) for s in range(len(size))]
    done, chunk = 0, 0
    while done < rows:

        def drawn(chunk: int = chunk) -> Chunk:
            return _chunk(drawers, size, chunk)

        segment, customers = work(drawn)
        take = min(len(segment), rows - done)
        yield segment[:take], Drawn._make(column[:take] for column in customers)
        done, chunk = done + take, chunk + 1


def _chunk(drawers: list[Drawer], size: np.ndarray, chunk: int) -> Chunk:
    """A whole chunk: each segment's customers are drawn together, then put in the order of the rows."""
    order = rows_of_chunk(size, chunk, CHUNK)
    parts, places = [], []
    for s, drawer in enumerate(drawers):
        at = np.flatnonzero(order.segment == s)
        if len(at):
            parts.append(drawer.draw(int(order.ordinal[at[0]]), len(at)))
            places.append(at)
    back = np.argsort(np.concatenate(places), kind="stable")
    return order.segment, Drawn._make(np.concatenate(columns)[back] for columns in zip(*parts, strict=True))


def _result(today: Today, rows: int, out: Path, counts: np.ndarray) -> SyntheticFile:
    """What was drawn. Raises ScenarioError where it is too little."""
    scenario = today.scenario
    segments = {}
    for s, (name, segment) in enumerate(scenario.segments.items()):
        present = dict(zip(scenario.suppliers, counts[s, :, 0].tolist(), strict=True))
        available = segment.available - {OUTSIDE} if segment.dynamics == "choice" else {COMPANY}
        if nobody := [supplier for supplier in scenario.suppliers if supplier in available and not present[supplier]]:
            found = f"nobody who is a customer of `{nobody[0]}` in segment `{name}`"
            expected = "customers of every supplier in every segment"
            raise ScenarioError([of_option("--customers", rows, found, expected, "write more")])
        segments[name] = SyntheticSegment(
            int(counts[s].sum()), int(counts[s, :, 1].sum()), {j: n for j, n in present.items() if n}
        )
    return SyntheticFile(out, rows, scenario.simulation.seed, segments)
