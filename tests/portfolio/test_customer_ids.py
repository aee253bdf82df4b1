"""Ids of customer files: addresses, texts where they are not plain numbers, and those that another row has."""

from __future__ import annotations

from pathlib import Path

from simengine import luck
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_ids import read_ids
from simengine.portfolio.customer_table import CustomerTable


def read(tmp_path: Path, *ids: str) -> tuple[list[int], list[str] | None, list[str]]:
    """Addresses, texts and what is wrong: (line, expected, suggestion) of each problem."""
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(["customer,segment", *(f"{each},mass" for each in ids)]) + "\n")
    with CustomerTable([file], ["customers.csv"]) as table:
        bad = BadCells(table)
        found, texts = read_ids(table, "customer", bad)
        told = [f"{each.line}: {each.expected}; {each.suggestion}" for each in bad.problems()]
    return found.tolist(), None if texts is None else texts.tolist(), told


def test_whole_numbers_are_their_own_addresses(tmp_path: Path) -> None:
    assert read(tmp_path, "7", "12", "3") == ([7, 12, 3], None, [])


def test_other_ids_have_the_address_of_their_text(tmp_path: Path) -> None:
    ids, texts, told = read(tmp_path, "7", "anna", "b-2")
    assert ids == [7, luck.file_id("anna"), luck.file_id("b-2")]
    assert texts == ["7", "anna", "b-2"]
    assert told == []


def test_every_id_occurs_once(tmp_path: Path) -> None:
    _, _, told = read(tmp_path, "anna", "7", "anna", "7", "")
    again = "an id that no other row has; line {} has it"
    assert told == [f"4: {again.format(2)}", f"5: {again.format(3)}", "6: an id; "]
