"""The machine that figures are of."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from simengine import __version__
from simengine.bench import calibration
from simengine.engine.options import usable_processors

PROCESSORS = Path("/proc/cpuinfo")
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
LIBRARIES = ("numpy", "numba", "llvmlite")


def machine() -> dict[str, str | int]:
    """Processor, cores that may be used, caches where the system tells, system, versions, and the C compiler."""
    return {
        "processor": _processor(),
        "cores": usable_processors(),
        "caches": _caches(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "simengine": __version__,
        "reference": calibration.described(),
    }


def dated() -> str:
    """The line above a table of measurements: today's date and the machine."""
    own = machine()
    libraries = ", ".join(f"{name} {own[name]}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {own['processor']}; {own['caches']}; Python {own['python']}, {libraries}; "
        f"{own['reference']}."
    )


def _processor() -> str:
    """As the system names it, with what tells processors of one name apart."""
    try:
        lines = [line.partition(":") for line in PROCESSORS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return platform.processor() or platform.machine()
    told = {name.strip(): value.strip() for name, _, value in reversed(lines)}
    numbers = [f"{name} {told[name]}" for name in ("cpu family", "model", "stepping") if name in told]
    return ", ".join([told.get("model name", platform.machine()), *numbers])


def _caches() -> str:
    """Of the first core: "L1 data 48K, L2 unified 2048K"; empty where the system does not tell."""
    found = []
    for cache in sorted(CACHES.glob("index*")):
        try:
            level, kind, size = ((cache / name).read_text().strip() for name in ("level", "type", "size"))
        except OSError:
            continue
        found.append(f"L{level} {kind.lower()} {size}")
    return ", ".join(found)
