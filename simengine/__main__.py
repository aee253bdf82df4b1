"""`simengine` and `python -m simengine`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command that the arguments name, and exit."""
    # Loading modules makes many objects and no garbage: looking for it takes a tenth of the time.
    gc.set_threshold(100_000)
    # Nor does what else is installed here change how a scenario is read; searching for it takes as long.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from simengine.cli.application import main as command_line
    except KeyboardInterrupt:  # Ctrl-C before the first line of the command
        sys.exit(130)
    try:
        command_line()
    finally:
        # A last search for garbage takes a sixth of a light command's time, and the system takes back what is left. Who
        # read files is to be taken down in order.
        if "duckdb" not in sys.modules:
            gc.freeze()


if __name__ == "__main__":
    main()
