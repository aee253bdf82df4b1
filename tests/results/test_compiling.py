"""What a run says before a wait for compiled code: every kernel that it calls is asked for, and none besides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simengine.results import compiling
from simengine.results.compiling import say_if_compiling
from simengine.results.warming import LIVING, PASSING
from simengine.scenario import load_scenario
from tests.cli.conftest import SMALL

CALLED = """
import sys
from simengine.results.check import check
from simengine.results.compiling import kernels_of_simulation, kernels_of_today
from simengine.results.run import run
from simengine.scenario import load_scenario

scenario = load_scenario(sys.argv[1], simulation={"mode": sys.argv[2]})
run(scenario)
asked = [*kernels_of_today(scenario), *kernels_of_simulation(scenario, sys.argv[2])]
kernels = {
    id(each): each
    for module in list(sys.modules.values()) if getattr(module, "__name__", "").startswith("simengine.")
    for each in vars(module).values()
    if hasattr(each, "signatures") and not each.targetoptions.get("forceinline")
    and not each.py_func.__name__.startswith("_")  # a part of one in the same file
    and each.py_func.__name__ not in ("review_lanes", "end_lanes", "solve_in_place", "drawn_need_state")  # of others
}
print(sorted({k.py_func.__name__ for k in kernels.values() if k.signatures}))
print(sorted({k.py_func.__name__ for k in asked}))
"""
CONTRACT = """\
  leaving:
    dynamics: contract
    hazard: {constant: 10%}
    size: 150
    revenue: 900
    margin: 50%
    capital: 100
"""
GROWING = (
    SMALL.replace("    review: 20%", "    growth: 5%\n    tailoring: 1\n    review: 20%")
    .replace("shares: 1 million,", "shares: 1 million, residual: {method: run_off},")
    .replace("more_advice: {", "more_advice: {design: {affluent: {groups: 2, cost_per_group: 1k}}, ")
    .replace("offers:", CONTRACT + "offers:")
) + "uncertain: {segments.leaving.margin: {normal: [50%, 2%]}}\n"

SHOCKED = SMALL.replace("moves:\n", "market: {volatility: 0.1}\nmoves:\n").replace(
    "  baseline: {}\n", "  baseline: {}\n  habit: {spread: {budget: 15k, lever: advisers, by: value}}\n"
)
BUILT = SMALL.replace(
    "  baseline: {}\n", "  baseline: {}\n  built: {initiatives: {desk: {duration: 1.5, effect: {service: 1}}}}\n"
).replace("shares: {us: 34%, atlas: 43%, none: 23%}", "constants: {us: 0, atlas: 0.3, none: -0.5}")
BUILT = BUILT.replace("churn: 7%", "inertia: 2")
MARKETS = {"small": SMALL, "growing": GROWING, "living": LIVING, "shocked": SHOCKED, "built": BUILT, "passing": PASSING}


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("text", MARKETS.values(), ids=MARKETS)
def test_a_run_calls_what_is_asked_for(text: str, mode: str, tmp_path: Path) -> None:
    (tmp_path / "market.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", CALLED, str(tmp_path / "market.yaml"), mode],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    called, asked = done.stdout.splitlines()
    assert called == asked


def test_only_what_is_not_compiled_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The states of more than 62 periods take four bytes, and kernels of their own."""
    (tmp_path / "market.yaml").write_text(SMALL)
    short = load_scenario(tmp_path / "market.yaml", simulation={"mode": "sampled"})
    long = load_scenario(tmp_path / "market.yaml", settings=["calendar.periods=63"], simulation={"mode": "sampled"})
    monkeypatch.setattr(compiling, "is_compiled", lambda kernel, *types: "uint32" not in types)
    told: list[str] = []
    assert not say_if_compiling(told.append, short, "sampled")
    assert not say_if_compiling(told.append, long, "expected")
    assert told == []
    monkeypatch.setattr(compiling, "has_room", lambda: True)
    assert say_if_compiling(told.append, long, "sampled")
    assert told == ["compiling what no earlier run on this computer has needed; later runs need not"]
    monkeypatch.setattr(compiling, "has_room", lambda: False)
    assert say_if_compiling(told.append, long, "sampled")
    assert told[1].startswith("compiling the simulation; so will later runs")


def test_customers_who_move_between_need_states_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none does, that is not compiled; where all do, nothing else."""
    for name, text in {"still": SMALL, "moving": LIVING}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    still, moving = (load_scenario(tmp_path / f"{n}.yaml", simulation={"mode": "sampled"}) for n in ("still", "moving"))
    monkeypatch.setattr(compiling, "is_compiled", lambda kernel, *types: "Moving" not in types)
    assert not say_if_compiling(None, still, "sampled")
    assert say_if_compiling(None, moving, "sampled")
    monkeypatch.setattr(compiling, "is_compiled", lambda kernel, *types: "none" not in types)
    assert say_if_compiling(None, still, "sampled")
    assert not say_if_compiling(None, moving, "sampled")
