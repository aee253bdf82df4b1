"""The resolved scenario of a run: says everything, loads again, is equal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.rules.names import KEYWORDS
from tests.scenario.test_customers import TELCO
from tests.scenario.test_load import SMALLEST
from tests.scenario.worlds import BANK, write

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def round_trip(scenario: Scenario, folder: Path) -> None:
    text = scenario.resolved_yaml()
    assert text == scenario.resolved_yaml()
    again = load_scenario(write(folder, text, "scenario.yaml"))
    assert again == scenario
    assert again.resolved_yaml() == text


SHAPED = BANK.replace("{constant: 2%}", "{shifted_beta_geometric: {alpha: 0.668, beta: 3.806}}")


@pytest.mark.parametrize("text", [BANK, SMALLEST, SHAPED], ids=["bank", "smallest", "shaped"])
def test_it_loads_again_and_is_equal(text: str, tmp_path: Path) -> None:
    round_trip(load_scenario(write(tmp_path, text)), tmp_path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_again_and_are_equal(path: Path, tmp_path: Path) -> None:
    round_trip(load_scenario(path), tmp_path)


def test_it_finds_the_customer_file_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "data").mkdir(parents=True)
    (tmp_path / "run").mkdir()
    (tmp_path / "a" / "data" / "telco.csv").write_text("customer_id\n")
    round_trip(load_scenario(write(tmp_path / "a", TELCO)), tmp_path / "run")


def test_overrides_of_the_command_line_are_in_it(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, BANK), simulation={"seed": 12345})
    assert "seed: 12345" in scenario.resolved_yaml()
    round_trip(scenario, tmp_path)


def test_it_is_written_out(tmp_path: Path) -> None:
    text = load_scenario(write(tmp_path, BANK)).resolved_yaml()
    assert "like" not in text
    assert "from: 2027-Q2" in text
    assert "0.12 of revenue" in text
    assert "tax_rate: 0.25" in text


@settings(max_examples=50)
@given(
    name=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30),
    rate=st.just(0.0) | st.floats(1e-12, 0.99),
    shares=st.floats(1e-3, 1e15),
    fraction=st.just(0.0) | st.floats(1e-12, 3),
)
def test_any_text_and_number_survives(
    name: str, rate: float, shares: float, fraction: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(name not in KEYWORDS)
    folder = tmp_path_factory.mktemp("any")
    data = YAML(typ="safe").load(SMALLEST)
    data["name"] = name
    data["company"] |= {"name": name, "discount_rate": rate, "shares": shares}
    data["segments"] = {name: data["segments"]["all"] | {"capital": f"{fraction!r} of revenue"}}
    path = folder / "any.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(data, file)
    scenario = load_scenario(path)
    assert scenario.company.name == name
    assert (scenario.company.discount_rate, scenario.company.shares) == (rate, shares)
    round_trip(scenario, folder)
