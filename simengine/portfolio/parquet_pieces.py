"""Writes a table that is larger than what is to be held of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from simengine.portfolio.new_file import MARK
from simengine.portfolio.sql_text import connect, file_literal, literal

PIECE = 1 << 16  # rows that are held and written at once


def write_in_pieces(
    path: Path, rows: int, columns: Callable[[int, int], Mapping[str, NDArray[Any]]], mark: str = ""
) -> None:
    """Write so many rows as a Parquet file, of which `columns(start, end)` gives some; with a `mark`, as one that was
    made here, see `new_file.MARK`. One thread, as every further one holds row groups of its own."""
    form = "FORMAT parquet, COMPRESSION zstd"
    marked = f"{form}, KV_METADATA {{{MARK}: {literal(mark)}}}" if mark else form
    pieces = [
        (path.with_suffix(f".{n}"), start, min(start + PIECE, rows)) for n, start in enumerate(range(0, rows, PIECE))
    ]
    if len(pieces) == 1:
        pieces = [(path, 0, rows)]
    with connect(threads=1) as connection:
        for part, start, end in pieces:
            connection.register("piece", dict(columns(start, end)))
            of_part = marked if part == path else form
            connection.execute(f"COPY (SELECT * FROM piece) TO {literal(str(part))} ({of_part})")
            connection.unregister("piece")
        if len(pieces) > 1:
            parts = ", ".join(file_literal(part) for part, *_ in pieces)
            connection.execute(f"COPY (SELECT * FROM read_parquet([{parts}])) TO {literal(str(path))} ({marked})")
            for part, *_ in pieces:
                part.unlink()
