"""Customer files at the command line: what is told of them, and where refused rows go."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

SCENARIO = """\
calendar: {start: 2027-Q1, step: quarter, periods: 2}
company: {name: Us, discount_rate: 9%, shares: 1M}
simulation: {mode: expected}
portfolio: {customers: c.csv, columns: {id: id, revenue: pays}, missing: segment mean}
segments: {all: {dynamics: contract, hazard: {constant: 10%}, margin: 50%}}
allocations: {baseline: {}}
"""


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A scenario with a customer file: decimal commas, and one customer without revenue."""
    (tmp_path / "c.csv").write_text("id;pays\n1;10,5\n2;\n3;11,5\n")
    (tmp_path / "s.yaml").write_text(SCENARIO)
    return tmp_path / "s.yaml"


def test_validate_reads_customers_where_asked(contracts: Path, simengine: Callable[..., Ended]) -> None:
    (contracts.parent / "c.csv").write_text("id;pays\n1;x\n")
    assert simengine("validate", contracts).code == 0
    ended = simengine("validate", contracts, "--customers")
    assert ended.code == 2
    assert "c.csv:2:3: column pays" in ended.err
    document = json.loads(simengine("validate", contracts, "--customers", "--json").out)
    assert document["problems"][0]["found"] == "'x'"
    assert document["notices"] == []


def test_json_says_all_that_the_text_says(contracts: Path, simengine: Callable[..., Ended]) -> None:
    said = simengine("validate", contracts, "--customers").err.splitlines()
    document = json.loads(simengine("validate", contracts, "--customers", "--json").out)
    assert (document["valid"], document["notices"]) == (True, said)
    assert len(said) == 2
    (contracts.parent / "c.csv").write_text("id;pays\n1;ä\n")
    ended = simengine("validate", contracts, "--rejects", "bad.csv", "--json")
    assert (ended.code, ended.err) == (2, "")
    assert "'ä'" in ended.out
    assert json.loads(ended.out)["notices"] == ["1 row that cannot be used, with the reasons: bad.csv"]


@pytest.mark.parametrize("command", ["validate", "check", "run"])
def test_refused_rows_are_written(command: str, contracts: Path, simengine: Callable[..., Ended]) -> None:
    (contracts.parent / "c.csv").write_text("id;pays\n1;-1\n2;3\n2;4\n")
    ended = simengine(command, contracts, "--rejects", contracts.parent / "bad.csv")
    assert ended.code == 2
    assert "2 rows that cannot be used, with the reasons: " in ended.err
    assert (contracts.parent / "bad.csv").read_text().count("\n") == 3
    assert sorted(each.name for each in contracts.parent.iterdir()) == ["bad.csv", "c.csv", "s.yaml"]


def test_what_was_filled_is_told(contracts: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", contracts, "--out", contracts.parent / "run")
    assert ended.code == 0
    assert "column pays: 1 customer without a value got the mean of their segment" in ended.err
    assert "read with decimal commas" in ended.err
    assert json.loads((contracts.parent / "run" / "manifest.json").read_text())["filled"] == {"pays": 1}
