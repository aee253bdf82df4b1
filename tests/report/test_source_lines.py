"""Lines of files that may be anything by the time they are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simengine.report import source_lines as reader
from simengine.report.source_lines import source_lines


def test_lines_are_counted_as_yaml_and_csv_count_them(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\nfour\x0c\xc2\x85\xe2\x80\xa8more\n")
    lines = source_lines(str(path), {1, 2, 3, 4, 9})
    assert lines == {1: "one", 2: "two", 3: "three", 4: "four\x0c\x85\u2028more"}


def test_characters_of_windows_are_one_each(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes("id;Größe €\n".encode("cp1252"))
    assert source_lines(str(path), [1]) == {1: "id;Größe €"}


@pytest.mark.parametrize(
    "content",
    [b"PAR1 and numbers\nx\n", b"PK\x03\x04x\nx\n", b"\xff\xfea\0\n\0a\0\n\0", b"a\0b\n\0\n"],
    ids=["Parquet", "Excel", "UTF-16", "binary"],
)
def test_what_is_no_text_has_no_lines(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(content)
    assert source_lines(str(path), [1, 2]) == {}


def test_what_is_not_there_has_no_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("nowhere", "pipe", "loop", ".", "a\0b"):
        assert source_lines(str(tmp_path / name), [1]) == {}


def test_a_file_is_not_searched_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines"
    path.write_text("".join(f"line {i}\n" for i in range(1, 1001)))
    monkeypatch.setattr(reader, "MOST_BYTES", 100)
    assert source_lines(str(path), [5, 900]) == {5: "line 5"}


def test_a_long_line_is_still_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines"
    path.write_text("a" * 25 + "\nsecond\n")
    monkeypatch.setattr(reader, "LONGEST", 10)
    assert source_lines(str(path), [1, 2]) == {1: "a" * 10, 2: "second"}
