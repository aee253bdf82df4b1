"""Segments of a customer file, and the files that they are written to."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from simengine.portfolio.new_file import FileRefused, require_new
from simengine.portfolio.progress import Progress, unseen
from simengine.portfolio.workshop import put, workshop
from simengine.portfolio.write_with import CSV
from simengine.scenario.customers import PARQUET
from simengine.scenario.option_number import number_of_option
from simengine.scenario.problems import Problem, ScenarioError, listed, of_option
from simengine.segmentation.scenario import drafted
from simengine.segmentation.segment import Segmentation, segment_table
from simengine.segmentation.settings import Settings
from simengine.segmentation.table import write_table
from simengine.survey.survey import open_table
from simengine.unfinished import temporary_folder

SCENARIOS = (".yaml", ".yml")


def share_of(option: str, text: str) -> float:
    """A share that an option gives, as a fraction. Raises ScenarioError."""
    expected = "a share of customers from 0% to 50%, such as 2%"
    return number_of_option(option, text, expected, 0.5, "write % for hundredths")


def require_usable(customers: Path, table_out: Path | None, scenario_out: Path | None) -> None:
    """Both files can be written, and neither over the customers. Raises ScenarioError; writes nothing."""
    problems: list[Problem] = []
    for option, path, suffixes in (("--table", table_out, PARQUET + CSV), ("--out", scenario_out, SCENARIOS)):
        if path is None:
            continue
        if path.suffix.lower() not in suffixes:
            problems.append(of_option(option, path, str(path), f"the name of a file ending in {listed(suffixes)}"))
        elif path.absolute() == customers.absolute():
            problems.append(of_option(option, path, "the customer file itself", "the name of a new file"))
        else:
            try:
                require_new(path, or_ours=path.suffix.lower() in PARQUET)
            except FileRefused as refused:
                problems.append(of_option(option, path, str(refused), "the name of a new file"))
    if problems:
        raise ScenarioError(problems)


def segment(
    customers: Path | str,
    settings: Settings = Settings(),  # noqa: B008  # frozen
    stated: Mapping[str, str] | None = None,
    features: Sequence[str] = (),
    table_out: Path | None = None,
    scenario_out: Path | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
) -> Segmentation:
    """Segment the customers of a file; write them to `table_out` and a draft scenario to `scenario_out`.

    `stated` {role: column} and `features` say what columns hold, where their names do not tell. `reading(done, total)`
    is called as columns are read, `progress(done, total)` as numbers of segments are tried. Raises ScenarioError for a
    file that cannot be segmented, with every problem located; nothing is written then.
    """
    customers = Path(customers)
    with open_table(customers) as table, ExitStack() as stack:
        found = segment_table(table, customers, settings, stated or {}, features, reading, progress)
        if table_out is None and scenario_out is None:
            return found
        folder = stack.enter_context(
            temporary_folder("simengine-segment-") if table_out is None else workshop(table_out)
        )
        suffix = ".parquet" if table_out is None else table_out.suffix
        made = folder / f"customers{suffix}"
        write_table(table, found, made, suffix)
        if scenario_out is not None:
            beside = stack.enter_context(workshop(scenario_out)) / "scenario"
            shown = None
            if table_out is not None:
                shown = Path(os.path.relpath(table_out.absolute(), scenario_out.absolute().parent))
            beside.write_text(drafted(found, made, shown), encoding="utf-8")
        if table_out is not None:
            put(made, table_out)
        if scenario_out is not None:
            put(beside, scenario_out)
    return found
