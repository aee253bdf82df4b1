"""`simengine check`: whether the model starts as the company's own figures say."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simengine.cli.interruptible import interruptible
from simengine.cli.options import (
    Json,
    ModeChoice,
    Quiet,
    Rejects,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    stated_scenario,
)
from simengine.cli.result import show
from simengine.cli.warnings import tell_warnings

if TYPE_CHECKING:
    from simengine.results.check_report import CheckReport


def check(
    file: ScenarioFile,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    mode: ModeChoice = None,
    set: Settings = None,
    rejects: Rejects = None,
    threads: Threads = None,
) -> None:
    """Compare today as the scenario states it with today as the model has it.

    Shares, churn, revenue, survival by tenure; whether they stay put while nobody acts; how customers respond to price.
    """
    from simengine.cli.progress import Display

    scenario = stated_scenario(file, set, seed, replications, mode)
    with Display(quiet) as display:

        def work() -> CheckReport:
            from simengine.results.check import check as compare

            return compare(
                scenario, threads=threads, rejects=rejects, reading=display.reading, progress=display.progress,
                notice=display.notice,
            )  # fmt: skip

        report = interruptible(work)
    from simengine.report.check import print_check

    show(report.document, partial(print_check, report), json)
    tell_warnings(report.warnings)
