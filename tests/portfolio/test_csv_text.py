"""Where the fields of a file stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.portfolio.csv_text import Record, delimiter_of, record_texts, split


def records(path: Path, delimiter: str) -> list[Record]:
    return [split(text, delimiter, line) for line, text in record_texts(path, delimiter)]


def test_places_of_quoted_fields(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b,c\r\n"x, ""y""\nz",2,3\r\n\r\n5" pipe,,"7"\r\n', newline="")
    header, first, second = records(path, ",")
    assert header.fields == ("a", "b", "c")
    assert first.fields == ('x, "y"\nz', "2", "3")
    assert first.places == ((2, 1), (3, 4), (3, 6))
    assert (second.line, second.fields) == (5, ('5" pipe', "", "7"))
    assert second.places == ((5, 1), (5, 9), (5, 10))


def test_an_open_quote_runs_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n"x,1\ny,2\n')
    assert [record.line for record in records(path, ",")] == [1, 2]


def test_a_blank_line_is_a_record_of_a_file_with_one_column(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id\n1\n\n2\n")
    assert [record.fields for record in records(path, ",")] == [("id",), ("1",), ("",), ("2",)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    assert delimiter_of(delimiter.join(["a", '"b,;c"', "d", "e"])) == delimiter


def test_one_column_has_no_delimiter() -> None:
    assert delimiter_of("id") == ","
