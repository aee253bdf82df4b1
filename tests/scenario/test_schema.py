"""The JSON Schema: allows what loads, refuses what does not, and describes every field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.scenario import json_schema
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.json_schema import faults
from tests.scenario.test_customers import TELCO
from tests.scenario.test_load import SMALLEST
from tests.scenario.test_resolved import SHIPPED
from tests.scenario.worlds import BANK, replaced, write

SCHEMA = json_schema()


def refused(folder: Path, text: str) -> list[str]:
    return faults(read_yaml(write(folder, text)).data, SCHEMA, SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_fit(path: Path) -> None:
    assert faults(read_yaml(path).data, SCHEMA, SCHEMA) == []


@pytest.mark.parametrize("text", [BANK, SMALLEST, TELCO], ids=["bank", "smallest", "telco"])
def test_what_loads_fits(text: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tax_rate: 25%", "tax_rat: 25%"),
        ("  shares: 1 million\n", ""),
        ("size: 400", "size: many"),
        ("size: 400", "size: -400"),
        ("mode: sampled", "mode: sample"),
        ("needs: [rate, service]", "needs: 5"),
        ("at: 2027-Q3", "at: 2027-07-01"),
        ("rate: 5, service: 7", "rate: 15, service: 7"),
        ("12% of revenue", "much of revenue"),
        ("simengine: 1", "simengine: 2"),
        ("{constant: 2%}", "{shifted_beta_geometric: {gamma: 1}}"),
        ("replications: 4}", "customer_values: yes}"),
    ],
)
def test_what_is_malformed_does_not_fit(old: str, new: str, tmp_path: Path) -> None:
    assert refused(tmp_path, replaced((old, new))[0])


def fields(node: Any, at: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    if isinstance(node, dict):
        for name, field in node.get("properties", {}).items():
            found.append((f"{at}.{name}", field))
        for key, child in node.items():
            found += fields(child, f"{at}/{key}")
    return found


def test_every_field_is_described() -> None:
    assert len(fields(SCHEMA)) > 80
    for name, field in fields(SCHEMA):
        target = SCHEMA["$defs"][field["$ref"].rsplit("/", 1)[1]] if "$ref" in field else {}
        assert field.get("description") or target.get("description"), name


def test_numbers_say_their_unit() -> None:
    text = json.dumps(SCHEMA)
    for unit in ("money a year", "a hazard a year", "a fraction of revenue", "a number of customers"):
        assert f'"x-unit": "{unit}"' in text


def test_editors_of_draft_07_understand_it() -> None:
    text = json.dumps(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    for newer in ("prefixItems", "unevaluated", "dependentRequired", "$dynamicRef"):
        assert newer not in text
