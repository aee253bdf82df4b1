"""The README's table of published figures is what the product obtains today."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reproduced import HEADER, Figure, figures

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def obtained() -> list[Figure]:
    return list(figures())


def test_every_figure_is_within_its_tolerance(obtained: list[Figure]) -> None:
    missed = [each for each in obtained if not abs(each.obtained - float(each.published)) <= each.tolerance]
    assert not missed


def test_the_readme_shows_them(obtained: list[Figure]) -> None:
    """Should this fail: `python -m tests.published.reproduced` prints the table."""
    shown = README.partition("## Reproduces")[2].partition(HEADER)[2].partition("\n\n")[0].strip().splitlines()
    assert shown == [each.line for each in obtained]
