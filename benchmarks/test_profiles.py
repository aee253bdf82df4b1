"""From ten million customers in a file to a hundred futures of twelve cells, in expected mode on profiles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.bench.calibration import million_customer_quarters_per_second
from simengine.bench.market import Shape, scenario_text
from simengine.engine.machine_memory import most_used
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options, usable_processors
from simengine.engine.profiles import Profiles, near_profiles
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Population
from simengine.results.profiles import FIRST_STEP, Lived, Merging, live_on_profiles
from simengine.scenario.load import load_scenario
from simengine.tables.build import build
from simengine.tables.layout import Tables
from simengine.valuation.value import value

ROOT = Path(__file__).parents[1]
CUSTOMERS = int(os.environ.get("SIMENGINE_BENCHMARK_CUSTOMERS", 10_000_000))
SMOKE = 4_000  # customers where nothing is measured
ERROR = 0.001  # of value per share
DRAWS, CHECKED = 100, 5  # futures; those that are simulated on a finer grid, too
MOST_SECONDS, MOST_MEBIBYTES = 60, 4096  # of ten million customers: from when they are loaded; in all

Live = Callable[[Profiles], Lived]

ANSWER = """
import sys
from benchmarks.test_profiles import answer
answer(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
"""


def drawn(tables: Tables, draw: int) -> Tables:
    """A future: how often customers review and what they weigh wander from period to period, a segment at a time."""
    luck, choice = np.random.default_rng(draw), tables.choice
    _, periods, segments, suppliers, _ = choice.coefficient.shape
    path = luck.normal(size=(2, periods, segments, suppliers)).cumsum(axis=1) / np.sqrt(periods)
    review = np.clip(choice.review * (1.0 + 0.2 * np.clip(path[0], -3, 3)), 0.0, 1.0)
    coefficient = choice.coefficient * (1.0 + 0.05 * path[1])[..., None]
    return tables._replace(choice=choice._replace(review=review, coefficient=coefficient.astype(np.float32)))


def per_share(profiles: Profiles, opening: Opening, draw: int, options: Options) -> np.ndarray[Any, Any]:
    """[C] value per share in a future."""
    tables = drawn(profiles.tables, draw)
    worth = value(simulate(opening, tables, profiles.population, options), tables.economics, tables.axes)
    return worth.equity[:, 0] / (worth.money_scale * worth.shares)


def equity(lived: Lived) -> np.ndarray[Any, Any]:
    """[C] value of equity, currency."""
    worth = value(lived.ledger, lived.profiles.tables.economics, lived.profiles.tables.axes)
    return worth.equity[:, 0] / worth.money_scale


def coarsest(tables: Tables, population: Population, lived: Lived, merging: Merging, live: Live) -> tuple[Lived, Any]:
    """The fewest profiles, and their step, that are as near today's value as is asked for: what they are off the
    answer, and what that is off, are together no more. Whether futures are as near is checked apart."""
    best, step = lived, merging.step
    while merging.error is not None and step is not None and step < FIRST_STEP:
        coarser = live(near_profiles(tables, population, 2.0 * step, usable_processors()))
        if merging.error + np.abs(equity(coarser) / equity(lived) - 1.0).max() > ERROR:
            break
        best, step = coarser, 2.0 * step
    return best, step


def answer(path: str, draws: int, checked: int) -> None:
    """Print what it took, by phase, and the most by which value per share changes on a grid of half the answer's
    step."""
    seconds, start = {}, time.perf_counter()

    def lap(phase: str) -> None:
        nonlocal start
        seconds[phase], start = time.perf_counter() - start, time.perf_counter()

    options = Options(1, "expected", 1, threads=usable_processors(), customer_cells=())
    scenario = load_scenario(path)
    portfolio = load_portfolio(scenario)
    lap("load")
    tables = build(scenario, portfolio)
    lap("tables")

    def live(profiles: Profiles) -> Lived:
        opening = solve_opening(profiles.tables, profiles.population, options.workers)
        return Lived(profiles, opening, simulate(opening, profiles.tables, profiles.population, options))

    lived, merging = live_on_profiles(tables, portfolio.population, ERROR, options.workers, live)
    lap("profiles")
    few, step = coarsest(tables, portfolio.population, lived, merging, live)
    lap("fewer profiles")
    values = [per_share(few.profiles, few.opening, draw, options) for draw in range(draws)]
    lap("futures")
    finer = near_profiles(tables, portfolio.population, (merging.step or 1.0) / 2.0, options.workers)
    opening = solve_opening(finer.tables, finer.population, options.workers)
    errors = [np.abs(per_share(finer, opening, draw, options) / values[draw] - 1.0).max() for draw in range(checked)]
    shape = (len(tables.axes.cells), len(tables.axes.periods))
    print(
        json.dumps(
            {
                **merging._asdict(), "few": len(few.profiles.population.ids), "few_step": step,
                "seconds": seconds, "cells": shape[0], "periods": shape[1],
                "error_in_futures": max(errors), "mebibytes": most_used() / 2**20,
            }
        )
    )  # fmt: skip


def simengine(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "simengine", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def test_a_hundred_futures(request: pytest.FixtureRequest, benchmark: Any, capsys: Any, tmp_path: Path) -> None:
    enabled = request.config.getoption("benchmark_enable")
    count, draws = (CUSTOMERS, DRAWS) if enabled else (SMOKE, 2)
    shape = Shape(count, 12, 40 if enabled else 4, 20 if enabled else 2, stages=True)
    document = scenario_text(shape)
    document["simulation"] = {"mode": "expected", "customer_values": False}
    (tmp_path / "market.yaml").write_text(json.dumps(document), encoding="utf-8")
    options = ("--customers", str(count), "--out", "customers.parquet", "--scenario", "file.yaml", "--quiet")
    simengine("synth", "market.yaml", *options, folder=tmp_path)

    def answered() -> dict[str, Any]:
        command = [sys.executable, "-c", ANSWER, str(tmp_path / "file.yaml"), str(draws), str(min(draws, CHECKED))]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
        return dict(json.loads(done.stdout))

    told = benchmark.pedantic(answered, rounds=1)
    assert told["customers"] == count
    assert told["error"] is None or told["error"] <= ERROR
    assert told["error_in_futures"] <= ERROR
    benchmark.extra_info.update(told)
    if enabled:
        cores = usable_processors()
        reference = million_customer_quarters_per_second(threads=cores, rounds=2)
        seconds = sum(told["seconds"].values())
        answers = count * told["cells"] * told["periods"] * draws / 1e6
        benchmark.extra_info["times_stepper"] = round(answers / seconds / reference, 1)
        with capsys.disabled():
            phases = ", ".join(f"{phase} {own:.1f}" for phase, own in told["seconds"].items())
            print(
                f"\n| {count:,} customers | {told['profiles']:,} profiles, {told['few']:,} for futures | "
                f"{seconds:.1f} s: {phases} | "
                f"{told['mebibytes']:,.0f} MiB | within {100 * told['error_in_futures']:.3f} % | "
                f"{answers / seconds / reference:,.0f} × the stepper on {cores} cores |"
            )
        if count <= 10_000_000:
            assert seconds - told["seconds"]["load"] <= MOST_SECONDS
            assert told["mebibytes"] <= MOST_MEBIBYTES
