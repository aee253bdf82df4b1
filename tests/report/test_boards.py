"""What a run prints of what boards decided."""

from __future__ import annotations

from typing import Any

from tests.report.test_terminal import printed, summary


def with_boards() -> dict[str, Any]:
    document = summary()
    for cell in document["cells"]:
        if cell["allocation"] == "advice":
            dearer = cell["move"] == "war"
            spend = {"mass [all]": [4_712_345.6, 1_169_000 if dearer else 4_712_345.7], "affluent": [10.2e6, 13.8e6]}
            cell["boards"] = {"advisers": {"budget": 15e6, "by": "profit", "every": 4, "spend": spend}}
    return document


def test_every_cell_with_a_board_says_what_was_decided_first_and_last() -> None:
    text = printed(with_boards())
    table = text[text.index("what boards spend, EUR a year") :]
    rows = [line.split() for line in table.splitlines()]
    assert [row for row in rows if row[:1] == ["advice"]] == [
        ["advice", "4.71M", "10.2M", "→", "13.8M"],
        ["advice", "4.71M", "→", "1.17M", "10.2M", "→", "13.8M"],
    ]
    assert "mass [all]" in table
    assert not any(row[:1] == ["baseline"] for row in rows)


def test_nothing_is_said_where_there_is_no_board() -> None:
    assert "boards" not in printed(summary())
