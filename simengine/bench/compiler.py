"""The reference of speed as a C compiler on this machine builds it."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from simengine.unfinished import temporary_folder

SOURCE = Path(__file__).with_name("stepper.c")
COMPILERS = ("gcc", "cc")
FLAGS = (  # the first that the compiler knows
    ("-O3", "-march=native", "-ffast-math", "-mprefer-vector-width=512"),
    ("-O3", "-march=native", "-ffast-math"),
    ("-O3", "-mcpu=native", "-ffast-math"),
)
_SUFFIX = ".dll" if sys.platform == "win32" else ".so"


class Built(NamedTuple):
    """The library and how it came to be."""

    step_market: Any
    compiler: str  # as it describes itself
    flags: tuple[str, ...]


@cache
def build() -> Built | None:
    """Compile stepper.c with the first compiler and flags that work; None if there are none.

    Every process builds its own (a fraction of a second): code for one processor does not run on another.
    """
    for command in filter(shutil.which, COMPILERS):
        for flags in FLAGS:
            with temporary_folder("simengine-bench-") as folder:  # what is loaded stays; some systems keep the file
                library = folder / f"stepper{_SUFFIX}"
                compiled = folder / "stepper.o"
                # linked with -ffast-math, the library would set this whole process to round the smallest numbers to 0
                steps = ([*flags, "-c", "-fPIC", SOURCE, "-o", compiled], ["-shared", compiled, "-o", library, "-lm"])
                try:
                    for arguments in steps:
                        subprocess.run([command, *map(str, arguments)], check=True, capture_output=True)
                    step_market = ctypes.CDLL(str(library)).step_market
                except (OSError, subprocess.CalledProcessError):
                    continue
            return Built(_declared(step_market), _version(command), flags)
    return None


def _declared(step_market: Any) -> Any:
    step_market.argtypes = [ctypes.c_int32] * 6 + [ctypes.c_uint32] + [ctypes.c_void_p] * 9
    step_market.restype = None
    return step_market


def _version(command: str) -> str:
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    return (answer.stdout or command).splitlines()[0].strip()
