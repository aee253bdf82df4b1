"""Values as SQL, so that no text of a file is ever read as a statement."""

from __future__ import annotations

from pathlib import Path


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def file_literal(path: Path) -> str:
    """A path as an SQL string in which nothing is a wildcard."""
    return literal("".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path)))
