"""New files appear complete or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from simengine.portfolio.workshop import put, workshop


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
