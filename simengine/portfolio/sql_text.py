"""Statements for duckdb: values as SQL, so that no text of a file is ever read as a statement, and who runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def connect(**config: Any) -> duckdb.DuckDBPyConnection:
    """A database in memory that writes nothing to standard output and loads nothing from the network."""
    own = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    connection = duckdb.connect(config={**own, **config})
    connection.execute("SET enable_progress_bar = false")  # it would write to standard output
    return connection


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def file_literal(path: Path) -> str:
    """A path as an SQL string in which nothing is a wildcard."""
    return literal("".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path)))
