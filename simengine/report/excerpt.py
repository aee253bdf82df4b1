"""A line of a file as it is shown to who mends it: any length, any characters, and what lies under a mark."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple

from rich.cells import cell_len

TAB = "    "
CUT = "…"
_LONGEST = 1_000  # characters of what was found, or of another message
_NEAR = 2_000  # characters on each side of a mark that can be of interest
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # categories that would move the text, or nothing at all
_ENDS = frozenset(" \t,;|]})")  # characters that end a word of YAML or of a customer file


class Excerpt(NamedTuple):
    """Text to print, the columns of the screen before the mark, and how many of them it is wide."""

    text: str
    indent: int
    width: int


def excerpt(line: str, column: int, length: int, room: int) -> Excerpt | None:
    """What to show of a line within `room` columns of the screen; None if it has no such column (any more).

    `column` counts characters from 1; `length` characters are marked, or a word if it is 0. Tabs become blanks,
    characters that cannot be seen become `�`, and what does not fit is cut off on either side of the mark.
    """
    at = column - 1
    if not 0 <= at <= len(line):
        return None
    end = min(at + (length or _word(line, at)), len(line))
    start, stop = max(0, at - _NEAR), min(len(line), at + _NEAR)
    cells = [_shown(character) for character in line[start:stop]]
    offsets = [0, *accumulate(map(cell_len, cells))]
    at, end = at - start, min(end, stop) - start
    first, last = 0, len(cells)
    if offsets[-1] > room or len(cells) < len(line):
        first, last = _window(offsets, at, room - 2 * len(CUT))
    before = CUT if first + start > 0 else ""
    after = CUT if last + start < len(line) else ""
    return Excerpt(
        before + "".join(cells[first:last]) + after,
        len(before) + offsets[at] - offsets[first],
        max(1, offsets[min(end, last)] - offsets[at]),
    )


def visible(text: str) -> str:
    """A text of one line, not too long, without characters that would move what stands around it."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + CUT
    return "".join(_shown(character) for character in re.sub(r"\s*[\r\n]\s*", " ", text))


def _window(offsets: list[int], at: int, room: int) -> tuple[int, int]:
    """The characters that fit into `room`, a third of it before the mark; no room is left over at the end."""
    first = bisect_left(offsets, min(offsets[at] - room // 3, offsets[-1] - room))
    return first, bisect_right(offsets, offsets[first] + room) - 1


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    return "�" if unicodedata.category(character) in _UNSEEN else character


def _word(line: str, at: int) -> int:
    """Characters of the word, or the quoted text, that begins at a position; at least 1."""
    if line[at : at + 1] in ("'", '"') and (closing := line.find(line[at], at + 1)) > 0:
        return closing + 1 - at
    end = at
    while end < len(line) and line[end] not in _ENDS and line[end : end + 2] not in (": ", ":"):
        end += 1
    return max(1, end - at)
