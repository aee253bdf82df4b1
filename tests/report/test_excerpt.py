"""What is marked in a line as shown: whatever the line, the mark stands under the right characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.report.excerpt import excerpt, visible

LINES = st.text(
    st.one_of(st.sampled_from("ab: {}[]\t,日本語한é\u0301\x1b\u200b…🙂"), st.characters(codec="utf-8")), max_size=400
).map(lambda text: text.replace("\n", " ").replace("\r", " "))


def columns_of(character: str) -> int:
    """Columns of the screen, by the Unicode standard's own table of widths."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def at(text: str, column: int) -> str:
    """The character at a column of the screen, from 0; zero-width ones stand at the column before."""
    reached = 0
    for character in text:
        if reached <= column < reached + columns_of(character):
            return character
        reached += columns_of(character)
    return ""


@given(line=LINES, data=st.data(), room=st.integers(20, 150))
def test_the_mark_stands_under_its_characters(line: str, data: st.DataObject, room: int) -> None:
    # beside the widths that everybody agrees on, those of rare signs differ between tables
    line = "".join(c for c in line if c in "\t\x1b\u200b\u0301" or ord(c) < 0x250 or 0x4E00 <= ord(c) < 0x9FF0)
    column = data.draw(st.integers(1, len(line) + 1))
    length = data.draw(st.integers(1, 30))
    shown = excerpt(line, column, length, room)
    assert shown is not None
    assert sum(map(columns_of, shown.text)) <= max(room, 0)
    marked = line[column - 1 : column - 1 + length]
    first = marked[:1]
    if first and columns_of(first) and unicodedata.category(first)[0] not in "CM" and first != "\t":
        assert at(shown.text, shown.indent) == first
    if not first:
        assert shown.indent == sum(map(columns_of, shown.text))
    if shown.width > 1:
        within = "".join(visible_of(c) for c in marked)
        start = shown.indent
        seen = [at(shown.text, k) for k in range(start, start + shown.width)]
        wanted = [c for c in within for _ in range(columns_of(c))]
        assert seen == wanted[: len(seen)]


def visible_of(character: str) -> str:
    if character == "\t":
        return "    "
    return "�" if unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") else character


@given(line=LINES, column=st.integers(-5, 600), length=st.integers(0, 500), room=st.integers(20, 150))
def test_no_text_and_no_position_breaks_it(line: str, column: int, length: int, room: int) -> None:
    shown = excerpt(line, column, length, room)
    assert (shown is None) == (not 1 <= column <= len(line) + 1)
    if shown:
        assert shown.width >= 1
        assert all(c.isprintable() or unicodedata.category(c) == "Zs" for c in shown.text)


def under(line: str, column: int, length: int = 0, room: int = 60) -> str:
    shown = excerpt(line, column, length, room)
    assert shown
    return f"{shown.text}\n{' ' * shown.indent}{'^' * shown.width}"


@pytest.mark.parametrize(
    ("line", "column", "length", "shown"),
    [
        ("needs: {rate: 0.4}", 9, 4, "needs: {rate: 0.4}\n        ^^^^"),
        ("a:\t15%, b", 4, 3, "a:    15%, b\n      ^^^"),
        ("name: 日本銀行 x", 7, 4, "name: 日本銀行 x\n      ^^^^^^^^"),
        ("日本: 5 x", 5, 1, "日本: 5 x\n      ^"),
        ("e\u0301te\u0301: 5", 8, 1, "e\u0301te\u0301: 5\n     ^"),
        ("a\x1b[31mb: 5", 9, 1, "a�[31mb: 5\n        ^"),
        ("size:", 6, 0, "size:\n     ^"),
    ],
    ids=["plain", "tab", "wide", "after wide", "combining", "escape", "end of line"],
)
def test_known_lines(line: str, column: int, length: int, shown: str) -> None:
    assert under(line, column, length) == shown


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("size: -400", 7, "-400"),
        ("{us: 34%, atlas: 43%}", 11, "atlas"),
        ("a,'two, words',c", 3, "'two, words'"),
        ("a;12,5;c", 3, "12"),
        ("one word  # comment", 1, "one"),
        ("'never closed", 1, "'never"),
        ("x: ", 4, " "),
    ],
)
def test_without_a_length_a_word_is_marked(line: str, column: int, word: str) -> None:
    shown = excerpt(line, column, 0, 60)
    assert shown
    assert shown.width == len(word)


def test_a_long_line_is_cut_around_the_mark() -> None:
    line = "".join(f"{i:03d}," for i in range(1000))
    for i in (0, 1, 4, 500, 995, 999):
        shown = excerpt(line, 4 * i + 1, 3, 60)
        assert shown
        assert shown.text[shown.indent : shown.indent + shown.width] == f"{i:03d}"
        assert len(shown.text) <= 60
        assert shown.text.startswith("…") == (i > 4)
        assert shown.text.endswith("…") == (i < 995)


def test_a_line_of_many_millions_is_no_burden() -> None:
    shown = excerpt("x" * 20_000_000, 10_000_000, 5, 80)
    assert shown
    assert len(shown.text) == 80
    assert (shown.text[0], shown.text[-1], shown.width) == ("…", "…", 5)


def test_messages_are_one_line_without_signs_that_move_the_screen() -> None:
    assert visible("a\n  b\x1b[2Jc\t\u202ed") == "a b�[2Jc    �d"
    assert len(visible("x" * 10_000)) == 1_000
