"""Text files of any usual encoding as UTF-8, which is what the rest of this room reads.

A byte order mark says the encoding. Without one the file is UTF-8, unless it has bytes that UTF-8 does not
allow: then it is Windows-1252 if more of its bytes beyond ASCII are wrong in UTF-8 than right, else damaged.
"""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import IO, NamedTuple

from simengine.scenario.problems import Problem, ScenarioError

_CHUNK = 1 << 20  # bytes
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ASCII = bytes(range(0x80))
WINDOWS = "cp1252"


class PlainText(NamedTuple):
    """A text file in UTF-8."""

    path: Path  # of the file itself, or of its translation
    notice: str  # how it was read, where that was found out and may surprise; "" otherwise


class _Bad(NamedTuple):
    line: int  # of the first byte that an encoding does not allow
    right: int  # characters beyond ASCII in the whole file that it does allow
    wrong: int  # bytes that it does not


def plain_text(path: Path, shown: str, encoding: str | None, work: Path) -> PlainText:
    """The file as UTF-8: itself if it is that already, else a translation written to `work`.

    Raises ScenarioError with the line where the text is not in the encoding; OSError, EOFError or zlib.error.
    """
    zipped = path.name.lower().endswith(".gz")
    found, notice = (encoding, "") if encoding else _encoding(path, zipped, shown)
    if found in ("utf-8", "utf-8-sig") and not zipped:
        if encoding:
            _refuse_if(_misread(path, zipped, "utf-8-sig"), shown, encoding)
        return PlainText(path, notice)
    with work.open("w", encoding="utf-8", newline="") as target, _opened(path, zipped) as source:
        _translate(source, target, "utf-8-sig" if found == "utf-8" else found, shown)
    return PlainText(work, notice)


def start_of(path: Path) -> bytes:
    """The first bytes of the text, decompressed. Raises OSError, EOFError or zlib.error."""
    with _opened(path, path.name.lower().endswith(".gz")) as file:
        return file.read(1 << 16)


def _opened(path: Path, zipped: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _encoding(path: Path, zipped: bool, shown: str) -> tuple[str, str]:
    """The encoding that a file has by the rule above, and what to say of it."""
    with _opened(path, zipped) as file:
        start = file.read(4)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            if encoding == "utf-8-sig":
                _refuse_if(_misread(path, zipped, encoding), shown, "utf-8")
            return encoding, ""
    bad = _misread(path, zipped, "utf-8")
    if bad is None:
        return "utf-8", ""
    if bad.right >= bad.wrong or (in_windows := _misread(path, zipped, WINDOWS)) is not None:
        if bad.right < bad.wrong and in_windows is not None:
            bad = in_windows
        _refuse_if(bad, shown, "utf-8")
    return WINDOWS, f"{shown} is not UTF-8 and is read as {WINDOWS} (Windows); state portfolio.format.encoding if not"


def _refuse_if(bad: _Bad | None, shown: str, encoding: str) -> None:
    if bad is not None:
        hint = "save it as UTF-8, or state portfolio.format.encoding"
        found = f"characters that are not {encoding.upper()}"
        raise ScenarioError([Problem(shown, bad.line, 1, found, f"a file saved as {encoding.upper()}", hint)])


def _misread(path: Path, zipped: bool, encoding: str) -> _Bad | None:
    """Where and how much of a file is not in an encoding that extends ASCII; None if all of it is."""
    line, first, right, beyond = 1, 0, 0, 0
    decoder = codecs.getincrementaldecoder(encoding)("ignore")
    strict = codecs.getincrementaldecoder(encoding)()
    with _opened(path, zipped) as file:
        more = True
        while more:
            chunk = file.read(_CHUNK)
            more = bool(chunk)
            if not first:
                try:
                    strict.decode(chunk, not more)
                except UnicodeDecodeError as error:
                    ends = line_ends(error.object[: error.start].decode("latin-1"))
                    first = line + ends
                line += line_ends(chunk.decode("latin-1"))
            if first or not chunk.isascii():
                text = decoder.decode(chunk, not more)
                beyond += len(chunk.translate(None, _ASCII))
                right += len(text.encode("utf-8").translate(None, _ASCII))
    if not first:
        return None
    return _Bad(first, right, max(1, beyond - right))


def line_ends(text: str) -> int:
    """How many lines end in a text; a lone carriage return ends one too."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _translate(source: IO[bytes], target: IO[str], encoding: str, shown: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, more = 1, True
    while more:
        chunk = source.read(_CHUNK)
        more = bool(chunk)
        try:
            text = decoder.decode(chunk, not more)
        except UnicodeError as error:
            before = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
            at = line + line_ends(before.decode(encoding, "ignore"))
            found, expected = f"characters that are not {encoding.upper()}", "text in the encoding that is stated"
            hint = "leave portfolio.format.encoding out"
            raise ScenarioError([Problem(shown, at, 1, found, expected, hint)]) from None
        line += line_ends(text)
        target.write(text)
