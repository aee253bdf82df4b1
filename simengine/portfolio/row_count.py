"""How many rows a customer file has, where it says so without being read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from simengine.portfolio.sql_text import connect, file_literal
from simengine.scenario.customers import PARQUET


def row_count(path: Path) -> int:
    """The rows of a Parquet file; 0 of others, and of what cannot be read, which is for who reads it to tell."""
    if not path.name.lower().endswith(PARQUET):
        return 0
    with connect() as connection:
        try:
            query = f"SELECT sum(num_rows) FROM parquet_file_metadata({file_literal(path)})"
            return int(connection.execute(query).fetchall()[0][0] or 0)
        except (duckdb.Error, OSError):
            return 0
