"""The file of rows that cannot be used."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import duckdb
import pytest

from simengine.portfolio import load_portfolio
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import CONTRACT, with_file

ONE = f"segments: {{all: {CONTRACT}}}\n"
COLUMNS = "{id: id, revenue: pays}"


def rejected(folder: Path, rows: str, columns: str = COLUMNS, name: str = "customers.csv") -> list[list[str]]:
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(folder, rows, columns, ONE, name=name), rejects=folder / "bad.csv")
    with (folder / "bad.csv").open(newline="") as file:
        header, *found = csv.reader(file)
    assert header[-3:] == ["file", "line", "reason"]
    (note,) = caught.value.__notes__
    assert note.startswith(f"{len(found):,} row")
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]
    return found


def test_every_bad_row_with_its_cells_and_reasons(tmp_path: Path) -> None:
    rows = 'id,note,pays\n1,"a, b",-1\n2,fine,2\n3,short\n"4\n4",x,y\n1,"quoted ""q""",-3\n5,,1,too long\n'
    found = rejected(tmp_path, rows)
    assert [(row[:3], row[4]) for row in found] == [
        (["1", "a, b", "-1"], "2"),
        (["3", "short", ""], "4"),
        (["4\n4", "x", "y"], "5"),
        (["1", 'quoted "q"', "-3"], "7"),
        (["5", "", "1"], "8"),
    ]
    assert found[0][5] == "column pays: found '-1', expected revenue a year, 0 or more"
    assert found[3][5].count("; ") == 1  # the id and the revenue
    assert "too many fields" in found[4][5]


def test_all_of_very_many(tmp_path: Path) -> None:
    found = rejected(tmp_path, "id,pays\n" + "".join(f"{i},{i % 2 - 1}\n" for i in range(2000)))
    assert len(found) == 1000
    assert [int(row[3]) for row in found] == list(range(2, 2002, 2))


def test_of_parquet(tmp_path: Path) -> None:
    scenario = with_file(tmp_path, "", COLUMNS, ONE, name="c.parquet")
    query = "SELECT range AS id, CASE WHEN range % 3 = 0 THEN -1.5 ELSE 1 END AS pays, 'x' AS note FROM range(7)"
    duckdb.connect().execute(f"COPY ({query}) TO '{tmp_path / 'c.parquet'}'")
    with pytest.raises(ScenarioError):
        load_portfolio(scenario, rejects=tmp_path / "bad.csv")
    with (tmp_path / "bad.csv").open(newline="") as file:
        assert [row[:5] for row in csv.reader(file)][1:] == [
            [str(i), "-1.5", "x", str(tmp_path / "c.parquet"), str(i + 1)] for i in (0, 3, 6)
        ]


def test_nothing_is_written_of_a_sound_file(tmp_path: Path) -> None:
    load_portfolio(with_file(tmp_path, "id,pays\n1,1\n", COLUMNS, ONE), rejects=tmp_path / "bad.csv")
    assert not (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize(
    ("name", "found"),
    [("customers.csv", "read from"), ("scenario.yaml", "read from"), (".", "not a file"), ("no/bad.csv", "not exist")],
)
def test_places_that_it_is_not_written_to(name: str, found: str, tmp_path: Path) -> None:
    scenario = with_file(tmp_path, "id,pays\n1,-1\n", COLUMNS, ONE)
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(scenario, rejects=tmp_path / name)
    (problem,) = caught.value.problems
    assert found in problem.found
    assert problem.file[problem.column - 1 :] == str(tmp_path / name)
    assert (tmp_path / "customers.csv").read_text() == "id,pays\n1,-1\n"


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_it_may_be_read_as_other_new_files_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").write_text("")
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the mask of the whole process was changed"))
    rejected(tmp_path, "id,pays\n1,-1\n")
    assert (tmp_path / "bad.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("content", ["my notes\n", "simengine: 1\n", "", "a;b\n", "id,file,line\n1,2,3\n", "\x00\n"])
def test_nothing_but_an_earlier_one_is_replaced(content: str, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text(content)
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(tmp_path, "id,pays\n1,-1\n", COLUMNS, ONE), rejects=other)
    assert "holds no refused rows" in caught.value.problems[0].found
    assert other.read_text() == content


def test_an_earlier_one_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text('"a, b",file,line,reason\nx,y,1,z\n')
    assert len(rejected(tmp_path, "id,pays\n1,-1\n")) == 1
