"""A company as a portfolio of customers: what each choice is worth to shareholders.

The public names are loaded when they are first used, so that `import simengine` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.calibration.calibrate import calibrate as calibrate
    from simengine.results.run import run as run
    from simengine.scenario import load_scenario as load
    from simengine.segmentation.command import segment as segment
    from simengine.study.actual import actual_customers as actual_customers
    from simengine.study.bridge.bridge import bridge as bridge
    from simengine.study.compare.compare import compare as compare
    from simengine.study.delay import delay as delay
    from simengine.study.finer import finer as finer
    from simengine.study.optimize.optimize import optimize as optimize
    from simengine.study.propositions import propositions as propositions
    from simengine.study.sensitivity.sensitivity import sensitivity as sensitivity
    from simengine.study.studied import customers as customers
    from simengine.study.wargame.prices import price_equilibrium as price_equilibrium
    from simengine.study.wargame.wargame import wargame as wargame

    __version__: str

__all__ = [
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

_HOMES = {
    "actual_customers": ("simengine.study.actual", "actual_customers"),
    "bridge": ("simengine.study.bridge.bridge", "bridge"),
    "calibrate": ("simengine.calibration.calibrate", "calibrate"),
    "compare": ("simengine.study.compare.compare", "compare"),
    "customers": ("simengine.study.studied", "customers"),
    "delay": ("simengine.study.delay", "delay"),
    "finer": ("simengine.study.finer", "finer"),
    "load": ("simengine.scenario", "load_scenario"),
    "optimize": ("simengine.study.optimize.optimize", "optimize"),
    "price_equilibrium": ("simengine.study.wargame.prices", "price_equilibrium"),
    "propositions": ("simengine.study.propositions", "propositions"),
    "run": ("simengine.results.run", "run"),
    "segment": ("simengine.segmentation.command", "segment"),
    "sensitivity": ("simengine.study.sensitivity.sensitivity", "sensitivity"),
    "wargame": ("simengine.study.wargame.wargame", "wargame"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("simengine")
    if name not in _HOMES:
        raise AttributeError(f"module 'simengine' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
