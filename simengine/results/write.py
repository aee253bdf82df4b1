"""The files of a run's folder."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from simengine.results.customers import write_customers
from simengine.results.dataset import write_dataset
from simengine.results.folder import MANIFEST, SCENARIO, replaced
from simengine.results.initiatives import EVENTS, write_events
from simengine.results.manifest import manifest
from simengine.results.summary import as_json

if TYPE_CHECKING:
    from simengine.results.run import Run


_MARGIN = 2**20  # bytes: HDF5's own, and the manifest


def write_run(run: Run, folder: Path) -> None:
    """Write `scenario.yaml`, `results.nc`, `customers.parquet`, `events.parquet` where there are initiatives,
    `summary.json` and, last, `manifest.json`."""
    with replaced(folder) as partial:
        (partial / SCENARIO).write_text(run.scenario.resolved_yaml(), encoding="utf-8")
        write_customers(run, partial / "customers.parquet")
        write_events(run, partial / EVENTS)
        (partial / "summary.json").write_text(as_json(run.summary) + "\n", encoding="utf-8")
        _require_room(partial, run.dataset.nbytes + _MARGIN)
        write_dataset(run.dataset, partial / "results.nc")
        files = sorted(partial.iterdir())
        text = json.dumps(manifest(run, files), indent=2, ensure_ascii=False)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _require_room(folder: Path, size: int) -> None:
    """HDF5 does not survive a full disk (it ends the process), so `size` bytes must be free before it begins."""
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
