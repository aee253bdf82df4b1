"""What a run prints of its rivals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.test_terminal import printed, summary


def with_rivals(value: float | None = 1234567.4) -> dict[str, Any]:
    document = summary()
    for i, each in enumerate(document["cells"]):
        each["rivals"] = {
            "atlas [old]": {"share_end": 0.31 + i / 1000, "customers_end": 310.0, "value": value},
            "neo": {"share_end": 0.12, "customers_end": 120.0, "value": None if value is None else -21.6 - i},
        }
    everything = ["margin", "overhead", "cost_to_serve", "capital", "acquisition_cost"]
    document["assumed_of_rivals"] = {"atlas [old]": everything, "neo": everything}
    return document


def test_every_cell_says_what_rivals_are_worth() -> None:
    text = printed(with_rivals())
    rows = [line.split() for line in text.splitlines()]
    assert ["advice", "1,235,000", "31.1%", "-23", "12.0%"] in rows
    assert ["advice", "1,235,000", "31.3%", "-25", "12.0%"] in rows
    assert "Assumed of atlas [old] and neo: our margin, overhead, cost to serve, capital and acquisition cost." in text


def test_what_is_assumed_is_said_of_each_rival() -> None:
    document = with_rivals()
    document["assumed_of_rivals"] = {"atlas [old]": [], "neo": ["overhead"]}
    assert printed(document).splitlines()[-1] == "Assumed of neo: our overhead."
    document["assumed_of_rivals"] = {"atlas [old]": [], "neo": []}
    assert "Assumed" not in printed(document)


def test_rivals_without_a_value_are_explained() -> None:
    text = printed(with_rivals(None))
    assert text.splitlines()[-1].startswith("Rivals are not valued: how long their customers stay")
    assert "rivals are worth" not in text
    assert "Rivals" not in printed(summary())


@pytest.mark.parametrize("width", [20, 80])
def test_no_figure_is_cut_whatever_the_width(width: int) -> None:
    assert printed(with_rivals(), width).split() == printed(with_rivals()).split()
