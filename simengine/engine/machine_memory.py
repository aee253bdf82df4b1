"""What the machine says of memory: what this process uses, has used at most, and what is left for it. In bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUP, _STATUS, _MACHINE = Path("/proc/self/cgroup"), Path("/proc/self/status"), Path("/proc/meminfo")


def in_use() -> int:
    """What this process uses now; where the machine does not tell, what it has used at most."""
    return _kilobytes(_STATUS, "VmRSS") or most_used()


def most_used() -> int:
    """The most that this process has used so far; 0 where the machine does not tell. On Linux not `ru_maxrss`, which
    begins with what the process used that started this one."""
    if peak := _kilobytes(_STATUS, "VmHWM"):
        return peak
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def available() -> int | None:
    """What this process could use besides what it uses now: of the machine, and within the limits of its control
    groups. None where the machine does not tell."""
    left = [_of_machine(), *_left_by_groups()]
    known = [amount for amount in left if amount is not None]
    return max(min(known), 0) if known else None


def _of_machine() -> int | None:
    if told := _kilobytes(_MACHINE, "MemAvailable"):
        return told
    with suppress(AttributeError, ValueError, OSError):  # all there is: other systems give what they cache at need
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _left_by_groups() -> Iterator[int]:
    """What the limits of this process's control groups leave, of either version."""
    with suppress(OSError):
        for line in _OWN_CGROUP.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == "":
                root, names = _CGROUPS, ("memory.max", "memory.current")
            elif "memory" in controllers.split(","):
                root, names = _CGROUPS / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")
            else:
                continue
            own = root / path.lstrip("/")
            for folder in (own, *own.parents):
                with suppress(OSError, ValueError):  # the word `max`, or a group that sets no limit
                    limit, used = (int((folder / name).read_text()) for name in names)
                    yield limit - used + _reclaimable(folder)
                if folder == root:
                    break


def _reclaimable(group: Path) -> int:
    """The files that the kernel keeps in memory on behalf of a group, and gives up at need."""
    with suppress(OSError, ValueError):
        for line in (group / "memory.stat").read_text().splitlines():
            name, amount = line.split()
            if name in ("inactive_file", "total_inactive_file"):
                return int(amount)
    return 0


def _kilobytes(file: Path, name: str) -> int:
    """The bytes behind a name in a file of the kernel's such as `VmRSS:  1234 kB`; 0 where there is none."""
    with suppress(OSError):
        for line in file.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) << 10
    return 0
