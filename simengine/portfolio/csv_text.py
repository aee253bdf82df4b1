"""Where the cells of a comma-separated file stand: its delimiter, and line and column of every field.

Reading a large file is duckdb's work (`customer_file`); this is the slow, exact walk that names a bad cell's
place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

DELIMITERS = (",", ";", "\t", "|")
_PIECE = 1 << 22  # bytes


class Record(NamedTuple):
    """One record of the file, its first line and its fields."""

    line: int  # of the record's first character, from 1
    fields: tuple[str, ...]  # without their quotes
    places: tuple[tuple[int, int], ...]  # (line, column) of every field's first character, from 1


def delimiter_of(header: str) -> str:
    """The delimiter of a header: whichever of comma, semicolon, tab and bar it has most of outside quotes."""
    unquoted = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count)


def first_line(path: Path) -> str:
    """The first line without its line end; "" for an empty file."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return lines.readline().rstrip("\r\n")


def instead_of_text(start: bytes, encoding: str | None = None) -> tuple[str, str]:
    """What a file that begins with `start` is instead of text, and what to do; two empty texts if it is text.

    `encoding` is the one that the scenario states.
    """
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "a spreadsheet or archive", "let the name of a spreadsheet end in .xlsx, .xls or .ods"
    if start.startswith(b"PAR1"):
        return "a Parquet file", "let its name end in .parquet"
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or (encoding or "").startswith("utf-16")
    if b"\0" in start and not wide:
        hint = "save as CSV UTF-8; if it is UTF-16, state portfolio.format: {encoding: utf-16-le}"
        return "binary content", hint
    return "", ""


def declared_delimiter(path: Path) -> str | None:
    """The delimiter that a first line `sep=;`, as spreadsheets write it, declares; None without such a line."""
    line = first_line(path).strip(' "')
    return line[4:] if line.lower().startswith("sep=") and line[4:] in DELIMITERS else None


def record_texts(path: Path, delimiter: str) -> Iterator[tuple[int, str]]:
    """The first line and the text of every record, the header first. A line that declares the delimiter is none.

    A quoted field may run over several lines. Blank lines are no records, unless there is only one column.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        number, columns = 0, 0
        if declared_delimiter(path):
            next(lines)
            number = 1
        for line in lines:
            number += 1
            first, text = number, line.rstrip("\r\n")
            closed = '"' not in text or _split(text, delimiter, first)[1]
            while not closed and (following := next(lines, None)) is not None:
                number += 1
                text += "\n" + following.rstrip("\r\n")
                closed = '"' in following and _split(text, delimiter, first)[1]
            columns = columns or len(_split(text, delimiter, first)[0].fields)
            if text or columns == 1:
                yield first, text


def split(text: str, delimiter: str, line: int) -> Record:
    """The fields of a record's text, which begins on `line`."""
    return _split(text, delimiter, line)[0]


def _split(line: str, delimiter: str, number: int) -> tuple[Record, bool]:
    """The record that starts on line `number`, and whether its last quoted field is closed."""
    fields: list[str] = []
    places: list[tuple[int, int]] = []
    start, closed = 0, True
    while True:
        end = start
        if line.startswith('"', start):
            closing = _closing_quote(line, start)
            closed = closing >= 0
            end = closing + 1 if closed else len(line)
        following = line.find(delimiter, end)
        end = len(line) if following < 0 else following
        text = line[start:end]
        if text.startswith('"'):
            text = text[1:].removesuffix('"').replace('""', '"')
        line_start = line.rfind("\n", 0, start) + 1
        fields.append(text)
        places.append((number + line.count("\n", 0, start), start - line_start + 1))
        if following < 0:
            return Record(number, tuple(fields), tuple(places)), closed
        start = following + 1


def _closing_quote(line: str, start: int) -> int:
    """Where the quote opened at `start` closes, -1 if nowhere; a doubled quote belongs to the field."""
    closing = line.find('"', start + 1)
    while closing >= 0 and line.startswith('"', closing + 1):
        closing = line.find('"', closing + 2)
    return closing


def lines_at(path: Path, positions: Sequence[int]) -> list[int]:
    """The lines, from 1, in which bytes of a file stand; `positions` count from 1 and rise."""
    lines, line, at = [], 1, 0
    with path.open("rb") as file:
        for position in positions:
            while at < position - 1:
                piece = file.read(min(_PIECE, position - 1 - at))
                if piece.endswith(b"\r") and file.read(1) == b"\n":
                    piece += b"\n"
                elif piece.endswith(b"\r"):
                    file.seek(at + len(piece))
                at += len(piece)
                line += piece.count(b"\n") + piece.count(b"\r") - piece.count(b"\r\n")
                if not piece:
                    break
            lines.append(line)
    return lines
