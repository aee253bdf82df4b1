"""What a notebook uses."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import simengine


def test_the_public_names_are_the_ones_of_the_rooms() -> None:
    from simengine.calibration.calibrate import calibrate
    from simengine.results.run import run
    from simengine.scenario import load_scenario
    from simengine.segmentation.command import segment
    from simengine.study.actual import actual_customers
    from simengine.study.bridge.bridge import bridge
    from simengine.study.compare.compare import compare
    from simengine.study.delay import delay
    from simengine.study.finer import finer
    from simengine.study.optimize.optimize import optimize
    from simengine.study.propositions import propositions
    from simengine.study.sensitivity.sensitivity import sensitivity
    from simengine.study.studied import customers
    from simengine.study.wargame.prices import price_equilibrium
    from simengine.study.wargame.wargame import wargame

    assert simengine.run is run
    assert simengine.load is load_scenario
    assert simengine.segment is segment
    assert simengine.calibrate is calibrate
    assert dir(simengine) == [
        "__version__",
        "actual_customers",
        "bridge",
        "calibrate",
        "compare",
        "customers",
        "delay",
        "finer",
        "load",
        "optimize",
        "price_equilibrium",
        "propositions",
        "run",
        "segment",
        "sensitivity",
        "wargame",
    ]
    assert simengine.actual_customers is actual_customers
    assert simengine.bridge is bridge
    assert simengine.compare is compare
    assert simengine.customers is customers
    assert simengine.propositions is propositions
    assert simengine.finer is finer
    assert simengine.delay is delay
    assert simengine.sensitivity is sensitivity
    assert simengine.wargame is wargame
    assert simengine.optimize is optimize
    assert simengine.price_equilibrium is price_equilibrium


def test_the_version_is_that_of_the_project() -> None:
    project = Path(__file__).parent.parent / "pyproject.toml"
    assert simengine.__version__ == tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]


def test_other_names_do_not_exist() -> None:
    with pytest.raises(AttributeError, match="no attribute 'ran'"):
        _ = simengine.ran


def test_the_readme_calls_all_of_them() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in dir(simengine) if name != "__version__" and f"simengine.{name}(" not in text] == []
