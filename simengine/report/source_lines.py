"""Lines of the files that problems are in, read when they are printed: the files may have changed since."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection

MOST_BYTES = 64 * 2**20  # of a file that are searched for a line
LONGEST = 2**20  # characters of a line that are kept
_NO_TEXT = (b"PAR1", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")  # Parquet, Excel, UTF-16


def source_lines(file: str, numbers: Collection[int]) -> dict[int, str]:
    """The lines of a text file with some numbers, counted from 1 as YAML and CSV do: without what cannot be read.

    Characters of a file that is not UTF-8 are read as those of Windows.
    """
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):  # to open a pipe is to wait for who writes to it
            return {}
        with open(file, "rb") as start:
            if start.read(4).startswith(_NO_TEXT):
                return {}
        return _read(file, numbers)
    except (OSError, ValueError):
        return {}


def _read(file: str, numbers: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    last, number, read, begins = max(numbers, default=0), 1, 0, True
    with open(file, encoding="utf-8-sig", errors="surrogateescape") as text:
        while number <= last and read < MOST_BYTES and (piece := text.readline(LONGEST)):
            if begins and number in numbers:
                found[number] = _legible(piece.removesuffix("\n"))
            read += len(piece)
            begins = piece.endswith("\n")
            number += begins
    return {number: line for number, line in found.items() if "\0" not in line}


def _legible(line: str) -> str:
    """A line in which bytes that are not UTF-8 are characters: no more and no fewer than bytes."""
    return "".join(_windows(letter) if "\udc80" <= letter <= "\udcff" else letter for letter in line)


def _windows(escaped: str) -> str:
    return escaped.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
