"""A table in pieces is the table, in its order, and nothing beside it stays."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from simengine.portfolio import parquet_pieces
from simengine.portfolio.new_file import FileRefused, require_new
from simengine.portfolio.parquet_pieces import write_in_pieces


@pytest.mark.parametrize("rows", [1, 4, 5, 11])
def test_pieces_make_the_table(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_pieces, "PIECE", 4)
    path, asked = tmp_path / "it's [a] table.parquet", []

    def columns(start: int, end: int) -> dict[str, np.ndarray]:
        asked.append(end - start)
        return {"n": np.arange(start, end), "name": np.array([f"C{n}" for n in range(start, end)], dtype=object)}

    write_in_pieces(path, rows, columns, "tests")
    assert max(asked) <= 4
    found = duckdb.execute("SELECT n, name FROM read_parquet(?)", [str(path).replace("[", "[[]")]).fetchall()
    assert found == [(n, f"C{n}") for n in range(rows)]
    assert list(tmp_path.iterdir()) == [path]
    require_new(path, or_ours=True)  # it may be replaced


def test_a_table_without_a_mark_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write_in_pieces(path, 2, lambda start, end: {"n": np.arange(start, end)})
    with pytest.raises(FileRefused, match="exists"):
        require_new(path, or_ours=True)
