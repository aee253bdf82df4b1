"""New files replace nothing that is not ours."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from simengine.portfolio.new_file import MARK, FileRefused, require_new


def parquet(path: Path, mark: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS one) TO '{path}' (FORMAT parquet, KV_METADATA {{{mark}: 'x'}})")


def test_only_files_of_ours_are_replaced(tmp_path: Path) -> None:
    ours, other, text = tmp_path / "ours.parquet", tmp_path / "other.parquet", tmp_path / "text.parquet"
    parquet(ours, MARK)
    parquet(other, "somebody")
    text.write_text("no Parquet")
    require_new(tmp_path / "new.parquet")
    require_new(ours, or_ours=True)
    for path, why in ((ours, "exists"), (tmp_path, "a folder"), (text / "below", "not a folder")):
        with pytest.raises(FileRefused, match=why):
            require_new(path)
    for path in (other, text):
        with pytest.raises(FileRefused, match="exists"):
            require_new(path, or_ours=True)
