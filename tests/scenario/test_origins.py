"""Every value of a scenario says where it is from, in the words that its reader would use."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.origins import Origin, origins_of
from simengine.scenario.yaml_source import spoken
from tests.scenario.test_settings import leaves
from tests.scenario.worlds import BANK, write

OVER = """\
extends: base.yaml
segments:
  affluent:
    churn: 8%
    needs_spread: null
levers:
  care: null
allocations:
  phased: null
needs: [service, rate]
"""


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Origin]:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, BANK, "base.yaml")
    write(tmp_path, OVER, "attack.yaml")
    settings = ["segments.affluent.churn=8.5%", "company.residual={method: fade, years: 5}"]
    scenario = load_scenario("attack.yaml", settings=settings, simulation={"seed": 3})
    return {spoken(origin.path): origin for origin in origins_of(scenario)}


def line(text: str) -> int:
    return next(i for i, each in enumerate(BANK.splitlines(), 1) if text in each)


def test_in_words(found: dict[str, Origin]) -> None:
    said = {place: (origin.text, origin.words) for place, origin in found.items()}
    assert said["segments.affluent.margin"] == ("58%", f"base.yaml:{line('margin: 58%')}")
    churn = f"base.yaml:{line('churn: 7%')}, replaced at attack.yaml:4, replaced by --set"
    assert said["segments.affluent.churn"] == ("8.5%", churn)
    assert said["simulation.seed"] == ("3", "base.yaml:4, replaced by --seed")
    assert said["needs"] == ("[service, rate]", f"base.yaml:{line('needs: [')}, replaced at attack.yaml:10")
    assert said["company.residual.years"] == ("5", "--set")
    assert said["company.overhead"] == ("0", "default")
    assert said["segments.affluent.stages.inertia"] == ("[0.7, 1, 1.3]", "default")
    assert said["segments.mass.capital"] == ("0", "default")
    removed = f"base.yaml:{line('needs_spread')}, removed at attack.yaml:5"
    assert said["segments.affluent.needs_spread"] == ("0", f"default; {removed}")
    assert said["levers.care"] == ("null", f"base.yaml:{line('  care:')}, removed at attack.yaml:7")
    assert said["moves.price_cut.1.change.price"] == ("-8%", f"base.yaml:{line('price_cut')}")
    assert said["allocations.baseline"] == ("{}", f"base.yaml:{line('baseline')}")


def test_nothing_is_left_out_or_told_twice(found: dict[str, Origin], tmp_path: Path) -> None:
    source = load_scenario(tmp_path / "attack.yaml").source
    scalars = {spoken(path) for path in leaves(source.data)}
    lists = {"needs", "moves.price_cut.1.segments", "moves.storm.change.segments"}
    stated = {path for path in scalars if path.rpartition(".")[0] not in lists} | lists
    given = {"company.residual.method", "company.residual.years"}
    assert {path for path, origin in found.items() if not origin.default and origin.text != "null"} == stated | given


def test_as_json(found: dict[str, Origin]) -> None:
    assert found["segments.affluent.churn"].document == {
        "path": ["segments", "affluent", "churn"],
        "place": "segments.affluent.churn",
        "value": "8.5%",
        "text": "8.5%",
        "origin": f"base.yaml:{line('churn: 7%')}, replaced at attack.yaml:4, replaced by --set",
        "default": False,
        "history": [
            {"file": "base.yaml", "line": line("churn: 7%"), "change": "stated"},
            {"file": "attack.yaml", "line": 4, "change": "replaced"},
            {"file": "--set segments.affluent.churn=8.5%", "line": 0, "change": "replaced"},
        ],
    }
    assert found["company.overhead"].document["value"] == 0
    assert found["company.overhead"].document["default"] is True
