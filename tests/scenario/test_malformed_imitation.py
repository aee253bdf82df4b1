"""Imitation of what is not offered, or at speeds that are none. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

RIVALS = "rivals:\n  atlas: {knowledge: 0.2}"


def imitating(everybody: str, atlas: str = "") -> list[tuple[str, str]]:
    return [(RIVALS, f"imitation: {everybody}\nrivals:\n  atlas: {{knowledge: 0.2, imitation: {{{atlas}}}}}")]


CASES: dict[str, Case] = {
    "an unknown need": (
        imitating("{§servce: 60%}", "§pirce: 40%"),
        [
            ("imitation of the unknown need `servce`", "rate, service, price or knowledge", "did you mean 'service'?"),
            ("imitation of the unknown need `pirce`", "rate, service, price or knowledge", "did you mean 'price'?"),
        ],
    ),
    "a need that is not listed": (
        imitating("{§warmth: 60%}"),
        [("imitation of the unknown need `warmth`", "", "list it under needs")],
    ),
    "a rival among the needs": (
        imitating("{price: 200%, §atlas: 60%}"),
        [
            (
                "`atlas`",
                "rate, service, price or knowledge",
                "state it under rivals: {atlas: {imitation: {price: 200%}}}",
            )
        ],
    ),
    "a rival that is not there": (
        [(RIVALS, "rivals:\n  atlas: {knowledge: 0.2}\n  §atlsa: {imitation: {price: 100%}}")],
        [("`atlsa`", "a share in some segment", "did you mean 'atlas'?")],
    ),
    "speeds and names at once": (
        imitating("{§servce: 60%, service: §-5%, price: §200}", "§pirce: 40%, price: §fast, rate: §13"),
        [
            ("`servce`", "", "did you mean 'service'?"),
            ("-5%", "a speed a year, at least 0 and at most 12", ""),
            ("200", "a speed a year", "did you mean 200%?"),
            ("`pirce`", "", "did you mean 'price'?"),
            ("fast", "a speed a year", ""),
            ("13", "a speed a year, at least 0 and at most 12", "did you mean 13%?"),
        ],
    ),
    "a speed in place of speeds": ([(RIVALS, f"imitation: §60%\n{RIVALS}")], [("60%", "a mapping", "")]),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
