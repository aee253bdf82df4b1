"""New files appear complete or not at all, and replace nothing that is not ours."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from simengine.synthesis.new_file import MARK, FileRefused, put, require_new, workshop


def parquet(path: Path, mark: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS one) TO '{path}' (FORMAT parquet, KV_METADATA {{{mark}: 'x'}})")


def test_a_file_appears_when_it_is_put_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file.csv"
    with workshop(path) as folder:
        (folder / "whole").write_text("text")
        assert not path.exists()
        put(folder / "whole", path)
    assert path.read_text() == "text"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with workshop(tmp_path / "new" / "file.csv") as folder:
            (folder / "part").write_text("text")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".file.csv.partial-999999999"
    left.mkdir()
    (left / "part").write_text("text")
    running = tmp_path / f".file.csv.partial-{os.getppid()}"
    running.mkdir()
    with workshop(tmp_path / "file.csv"):
        assert not left.exists()
    assert list(tmp_path.iterdir()) == [running]


def test_a_full_disk_is_an_error_of_the_system(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with pytest.raises(OSError, match="No space left on device") as error, workshop(path):
        raise duckdb.IOException("Could not write: No space left on device")
    assert error.value.filename == str(path)


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
