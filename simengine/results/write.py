"""The files of a run's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from simengine.results.customers import write_customers
from simengine.results.dataset import write_dataset
from simengine.results.folder import MANIFEST, replaced
from simengine.results.manifest import manifest
from simengine.results.summary import as_json

if TYPE_CHECKING:
    from simengine.results.run import Run


def write_run(run: Run, folder: Path) -> None:
    """Write `scenario.yaml`, `results.nc`, `customers.parquet`, `summary.json` and, last, `manifest.json`."""
    with replaced(folder) as partial:
        (partial / "scenario.yaml").write_text(run.scenario.resolved_yaml(), encoding="utf-8")
        write_dataset(run.dataset, partial / "results.nc")
        write_customers(run, partial / "customers.parquet")
        (partial / "summary.json").write_text(as_json(run.summary) + "\n", encoding="utf-8")
        files = sorted(partial.iterdir())
        text = json.dumps(manifest(run, files), indent=2, ensure_ascii=False)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
