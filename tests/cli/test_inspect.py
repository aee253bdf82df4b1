"""`simengine inspect` as a user meets it: a report to read, and a draft to save and run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ended

TELCO = Path(__file__).parents[2] / "scenarios" / "data" / "telco.csv"


def test_the_draft_of_telco_can_be_saved_validated_and_run(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(TELCO, tmp_path / "data")
    ended = simengine("inspect", "data/telco.csv")
    assert ended.code == 0, ended.err
    assert "data/telco.csv: 7,043 rows, 21 columns" in ended.err
    assert "monthly_charges" in ended.err
    assert "18.25 [35.5 70.35 89.85] 118.75" in ended.err
    (tmp_path / "draft.yaml").write_text(ended.out, encoding="utf-8")
    assert simengine("validate", "draft.yaml").code == 0
    ran = simengine("run", "draft.yaml", "--mode", "expected", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["customers"] == 5174


def test_json_is_one_document_with_the_draft_in_it(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    (tmp_path / "customers.csv").write_text("id,revenue\n1,10\n2,20\n")
    ended = simengine("inspect", "customers.csv", "--json")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert [column["name"] for column in document["columns"]] == ["id", "revenue"]
    assert document["columns"][1]["numbers"]["mean"] == 15
    assert document["suggestions"][0]["role"] == "id"
    quiet = simengine("inspect", "customers.csv", "--quiet")
    assert (quiet.out, quiet.err) == (document["draft"], "")


def test_a_file_that_is_none_is_bad_input(simengine: Callable[..., Ended]) -> None:
    ended = simengine("inspect", "customers.csv")
    assert (ended.code, ended.out) == (2, "")
    assert "customers.csv" in ended.err
    assert "no such file" in ended.err
