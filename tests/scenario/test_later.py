"""What later versions will have is refused by name, with what to use instead, and is not in the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import json_schema
from tests.scenario.worlds import problems, replaced

NOT_YET = "not available in this version"
LATER = {
    "growth of a contract segment": ("hazard: {constant: 2%}", "hazard: {constant: 2%}\n    §growth: 1%"),
    "newcomers": ("    capital: 12% of revenue", "    §newcomers: {per_year: 100}"),
    "size": ("change: {hazard: 20%", "change: {§size: 20%"),
}


@pytest.mark.parametrize("what", LATER)
def test_it_is_refused_with_what_to_use_instead(what: str, tmp_path: Path) -> None:
    text, places = replaced(LATER[what])
    found = problems(tmp_path, text)
    told = [p for p in found if NOT_YET in p.expected]
    assert [(p.line, p.column) for p in told] == places, "\n".join(map(str, found))
    assert told[0].suggestion


def test_it_is_not_in_the_schema() -> None:
    keys: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            keys.update(node.get("properties", {}))
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(json_schema())
    later = {"threads"}
    assert not keys & later
