"""A run's folder appears complete or not at all."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from simengine.results.folder import MANIFEST, FolderRefused, is_run, replaced, require_usable

A_MANIFEST = {"simengine": "1", "digest": "0", "files": {"summary.json": "0"}}


def write_run(folder: Path, note: str) -> None:
    with replaced(folder) as partial:
        (partial / "summary.json").write_text(note)
        (partial / MANIFEST).write_text(json.dumps(A_MANIFEST))


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_run_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "telco"
    write_run(folder, "first")
    assert is_run(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["telco"]


def test_an_earlier_run_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")
    (folder / "customers.parquet").write_text("of the first run")
    write_run(folder, "second")
    assert (folder / "summary.json").read_text() == "second"
    assert not (folder / "customers.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_earlier_run_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")

    def failing() -> None:
        with replaced(folder) as partial:
            (partial / "summary.json").write_text("half")
            raise error

    with pytest.raises(error):
        failing()
    assert (folder / "summary.json").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]


def test_folders_that_hold_anything_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderRefused, match="not a run's"):
        require_usable(tmp_path)
    with pytest.raises(FolderRefused, match="which is a file"):
        require_usable(tmp_path / "thesis.txt")
    with pytest.raises(FolderRefused, match="is not a folder"):
        require_usable(tmp_path / "thesis.txt" / "run")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "a web app"}', '{"simengine": "1"}', "[]", "not JSON",
        json.dumps({**A_MANIFEST, "digest": 3}),
        json.dumps({**A_MANIFEST, "files": ["summary.json"]}),
        json.dumps({**A_MANIFEST, "files": {"index.html": "0"}}),
    ],
)  # fmt: skip
def test_a_manifest_of_something_else_does_not_make_a_run(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text)
    assert not is_run(tmp_path)
    with pytest.raises(FolderRefused, match=MANIFEST):
        require_usable(tmp_path)


@pytest.mark.parametrize("other", ["notes.txt", "charts/", ".hidden", "customers.parquet/"])
def test_a_run_with_anything_else_beside_it_is_refused_by_name(other: str, tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")
    if other.endswith("/"):
        (folder / other).mkdir()
        (folder / other / "chart.png").write_text("mine")
    else:
        (folder / other).write_text("mine")
    before = everything(tmp_path)
    with pytest.raises(FolderRefused, match=f"not a run's: {other}"):
        write_run(folder, "second")
    assert everything(tmp_path) == before
    assert (folder / "summary.json").read_text() == "first"


def test_a_link_among_a_run_s_files_is_not_a_run_s(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")
    (folder / "customers.parquet").symlink_to(tmp_path / "mine.html")
    with pytest.raises(FolderRefused, match=r"customers\.parquet"):
        require_usable(folder)


def test_what_is_put_there_while_a_run_is_written_stays(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")

    def late() -> None:
        with replaced(folder) as partial:
            (partial / "summary.json").write_text("second")
            (folder / "notes.txt").write_text("mine")

    with pytest.raises(FolderRefused, match=r"notes\.txt"):
        late()
    assert everything(tmp_path) == ["telco", f"telco/{MANIFEST}", "telco/notes.txt", "telco/summary.json"]
    assert (folder / "summary.json").read_text() == "first"


def test_many_other_files_are_counted(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).write_text("mine")
    with pytest.raises(FolderRefused, match="a, b, c and 2 more"):
        require_usable(tmp_path)


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_followed(exists: bool, tmp_path: Path) -> None:
    disk, here = tmp_path / "disk", tmp_path / "here"
    disk.mkdir()
    here.mkdir()
    if exists:
        write_run(disk / "telco", "first")
    (here / "latest").symlink_to(disk / "telco")
    for note in ("second", "third"):
        write_run(here / "latest", note)
    assert (here / "latest").is_symlink()
    assert (disk / "telco" / "summary.json").read_text() == "third"
    assert [path.name for path in here.iterdir()] == ["latest"]
    assert [path.name for path in disk.iterdir()] == ["telco"]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FolderRefused):
        write_run(tmp_path / "loop", "first")
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


@pytest.mark.parametrize("folder", [".", "..", "../..", "../inner", "/"])
def test_the_folder_one_is_in_is_refused(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "outer" / "inner")
    with pytest.raises(FolderRefused, match="the folder you are in"):
        write_run(Path(folder), "first")
    assert everything(tmp_path) == ["outer", "outer/inner"]


@pytest.mark.parametrize("existed", [True, False])
def test_folders_that_a_failed_run_made_are_removed(existed: bool, tmp_path: Path) -> None:
    if existed:
        (tmp_path / "runs").mkdir()

    def failing() -> None:
        with replaced(tmp_path / "runs" / "deep" / "telco") as partial:
            (partial / "summary.json").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert everything(tmp_path) == (["runs"] if existed else [])


def test_a_full_disk_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "telco"

    def failing() -> None:
        with replaced(folder):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left") as caught:
        failing()
    assert caught.value.filename == str(folder)


def test_an_earlier_run_that_a_killed_run_had_moved_away_is_not_lost(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    write_run(folder, "first")
    folder.rename(tmp_path / ".telco.earlier-999999999")

    def failing() -> None:
        with replaced(folder):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert (folder / "summary.json").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["telco"]


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
