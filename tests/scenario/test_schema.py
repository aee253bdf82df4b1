"""The JSON Schema: allows what loads, refuses what does not, and says of every field what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from simengine.scenario import json_schema
from simengine.scenario.fields import Fraction, Hazard, Model, Money, Number, Positive, Price, Probability, Utility
from simengine.scenario.schema import ScenarioFile
from simengine.scenario.yaml_file import read_yaml
from tests.scenario.fields import ROOT, Field, fields, lacks, models
from tests.scenario.test_customers import TELCO
from tests.scenario.test_load import SMALLEST
from tests.scenario.test_resolved import SHIPPED
from tests.scenario.worlds import BANK, replaced, write

SCHEMA = json_schema()
PART = json_schema(part=True)
FIELDS = fields(ScenarioFile, SCHEMA)


def faults(path: Path, schema: dict[str, Any] = SCHEMA) -> list[str]:
    return [error.message for error in Draft7Validator(schema).iter_errors(read_yaml(path).data)]


def nodes(shape: Any) -> list[dict[str, Any]]:
    """Every part of a schema that is itself a mapping."""
    inside = shape.values() if isinstance(shape, dict) else shape if isinstance(shape, list) else ()
    return [*([shape] if isinstance(shape, dict) else []), *(node for each in inside for node in nodes(each))]


def test_it_is_a_schema_of_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["$id"]
    assert SCHEMA["title"]
    text = json.dumps(SCHEMA)
    for newer in ("$defs", "prefixItems", "unevaluated", "dependentRequired", "$dynamicRef"):
        assert newer not in text
    assert all(len(node) == 1 for node in nodes(SCHEMA) if isinstance(node.get("$ref"), str))  # others are ignored


@pytest.mark.parametrize(("name", "option", "schema"), [("schema", "", SCHEMA), ("part.schema", " --part", PART)])
def test_the_shipped_file_is_what_the_command_prints(name: str, option: str, schema: dict[str, Any]) -> None:
    shipped = (ROOT / "scenarios" / f"simengine.{name}.json").read_text(encoding="utf-8")
    anew = f"write it anew: simengine schema{option} > scenarios/simengine.{name}.json"
    assert json.loads(shipped) == schema, anew


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_name_it_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).is_file()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_fit(path: Path) -> None:
    named = path.read_text(encoding="utf-8").splitlines()[0].partition("=")[2]
    assert faults(path, json.loads((path.parent / named).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: base.yaml\n",
        "extends: base.yaml\nsegments: {affluent: {churn: 8%, shares: {us: 33%, neo: null}}, mass: null}\n",
        "extends: base.yaml\nlevers: {advisers: {response: {adbudg: null, hill: {max: 3}}}}\nportfolio: null\n",
        "company: {tax_rate: 25%}\n",
        BANK,
    ],
)
def test_parts_of_a_scenario_fit(text: str, tmp_path: Path) -> None:
    Draft7Validator.check_schema(PART)
    assert faults(write(tmp_path, text), PART) == []


@pytest.mark.parametrize("text", ["segments: {affluent: {chrun: 8%}}\n", "company: {tax_rate: 1.25}\n", "neds: []\n"])
def test_slips_in_parts_do_not_fit(text: str, tmp_path: Path) -> None:
    assert faults(write(tmp_path, text), PART)


@pytest.mark.parametrize("text", [BANK, SMALLEST, TELCO], ids=["bank", "smallest", "telco"])
def test_what_loads_fits(text: str, tmp_path: Path) -> None:
    assert faults(write(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tax_rate: 25%", "tax_rat: 25%"),
        ("  shares: 1 million\n", ""),
        ("size: 400", "size: many"),
        ("size: 400", "size: -400"),
        ("size: 400", 'size: "-400"'),
        ("mode: sampled", "mode: sample"),
        ("needs: [rate, service]", "needs: 5"),
        ("at: 2027-Q3", "at: 2027-07-01"),
        ("rate: 5, service: 7", "rate: 15, service: 7"),
        ("12% of revenue", "much of revenue"),
        ("12% of revenue", "12%"),
        ("simengine: 1", "simengine: 2"),
        ("{constant: 2%}", "{shifted_beta_geometric: {gamma: 1}}"),
        ("replications: 4}", "customer_values: yes}"),
    ],
)
def test_what_is_malformed_does_not_fit(old: str, new: str, tmp_path: Path) -> None:
    assert faults(write(tmp_path, replaced((old, new))[0]))


@given(st.one_of(st.floats(allow_nan=False), st.integers(-(10**20), 10**20)), st.sampled_from([0, 1, 12, 200, 1e18]))
@pytest.mark.parametrize("kind", [Fraction, Hazard, Money, Positive, Price, Probability, Utility])
def test_numbers_fit_where_they_load(kind: Any, number: float, near: float) -> None:
    class Holder(Model):
        number: kind

    validator = Draft7Validator(Holder.model_json_schema())
    for each in (number, near, -near, near + 1e-12, near - 1e-13):
        try:
            TypeAdapter(kind).validate_python(each)
        except ValidationError:
            assert not validator.is_valid({"number": each}), each
        else:
            assert validator.is_valid({"number": each}), each


def test_every_model_is_walked() -> None:
    assert {model.__name__ for model in models(ScenarioFile)} == {"ScenarioFile", *SCHEMA["definitions"]} - {
        "NoChange"
    }  # {}
    assert len(FIELDS) > 110


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_every_field_has_a_description_an_example_and_a_use(field: Field) -> None:
    assert lacks(field, SCHEMA) == []


def test_a_field_without_them_is_noticed() -> None:
    class Undocumented(BaseModel):
        never_written_anywhere_else: Annotated[float, Number("a number", minimum=1)] = 1

    bare = {**Undocumented.model_json_schema(), "definitions": {}}
    (field,) = fields(Undocumented, bare)
    field.shape.pop("description")
    assert [what.split()[-1] for what in lacks(field, bare)][:2] == ["description", "example"]


def test_every_model_is_described() -> None:
    for name, shape in SCHEMA["definitions"].items():
        assert shape.get("description"), name
        assert shape.get("title"), name


def test_numbers_say_their_unit_and_range() -> None:
    numbers = [node for node in nodes(SCHEMA) if {"number", "integer"} & {b.get("type") for b in node.get("anyOf", ())}]
    assert len(numbers) > 60
    for node in numbers:
        assert node["x-unit"]
        assert node["description"]
        plain = next(branch for branch in node["anyOf"] if branch.get("type") in ("number", "integer"))
        assert {"minimum", "exclusiveMinimum"} & set(plain), node
        assert {"maximum", "exclusiveMaximum"} & set(plain), node
        assert any("pattern" in branch for branch in node["anyOf"]), node


def test_words_say_what_they_mean() -> None:
    choices = [node for node in nodes(SCHEMA) if "enum" in node]
    assert len(choices) >= 7
    for node in choices:
        assert len(node["enumDescriptions"]) == len(node["enum"])
        assert all(
            f"{word}: {what}" in node["description"]
            for word, what in zip(node["enum"], node["enumDescriptions"], strict=True)
        )


def test_names_in_maps_are_described() -> None:
    maps = [
        node
        for node in nodes(SCHEMA)
        if isinstance(node.get("additionalProperties"), dict) and "properties" not in node
    ]
    assert len(maps) > 10
    for node in maps:
        assert node["propertyNames"]["description"], node
