"""Files that are no text in UTF-8 at all: what they are instead."""

from __future__ import annotations

_CONTROLS = (*range(9), *range(14, 32))


def not_text(raw: bytes) -> tuple[str, str] | None:
    """A workbook, a picture or the like, or text with two bytes a character: what it is, and what to do."""
    start = raw[:1000]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (start[:1] != b"\0" and start.count(0) * 3 > len(start)):
        return "text in UTF-16", "save the file as UTF-8"
    if start[:4] == b"PK\x03\x04":
        return "a workbook or an archive", "name a workbook of customers in a scenario: portfolio: {customers: FILE}"
    if sum(start.count(code) for code in _CONTROLS) > 3:
        return "a file that is not text", "a scenario is text in UTF-8"
    return None
