"""A run's folder appears complete or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simengine.results.folder import MANIFEST, FolderRefused, is_run, replaced, require_usable


def write_run(folder: Path, note: str) -> None:
    with replaced(folder) as partial:
        (partial / "note.txt").write_text(note)
        (partial / MANIFEST).write_text(json.dumps({"simengine": "1"}))


def test_a_run_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "telco"
    write_run(folder, "first")
    assert is_run(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["telco"]


def test_an_earlier_run_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")
    (folder / "left.txt").write_text("of the first run")
    write_run(folder, "second")
    assert (folder / "note.txt").read_text() == "second"
    assert not (folder / "left.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_earlier_run_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")

    def failing() -> None:
        with replaced(folder) as partial:
            (partial / "note.txt").write_text("half")
            raise error

    with pytest.raises(error):
        failing()
    assert (folder / "note.txt").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]


def test_folders_that_hold_anything_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderRefused, match="not a run's"):
        require_usable(tmp_path)
    with pytest.raises(FolderRefused, match="which is a file"):
        require_usable(tmp_path / "thesis.txt")
    with pytest.raises(FolderRefused, match="is not a folder"):
        require_usable(tmp_path / "thesis.txt" / "run")


def test_a_manifest_of_something_else_does_not_make_a_run(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"name": "a web app"}')
    assert not is_run(tmp_path)
    with pytest.raises(FolderRefused):
        require_usable(tmp_path)


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    write_run(tmp_path / "empty", "first")
    (tmp_path / "new").mkdir()
    write_run(tmp_path / "new", "first")
    assert is_run(tmp_path / "new")


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    killed = f"""
import os, signal
from pathlib import Path
from simengine.results.folder import replaced
with replaced(Path({str(folder)!r})) as partial:
    (partial / "results.nc").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
    assert not folder.exists()
    write_run(folder, "second")
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]
