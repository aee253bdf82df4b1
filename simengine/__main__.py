"""`simengine` and `python -m simengine`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the arguments name, and exit."""
    try:
        from simengine.cli.application import main as command_line
    except KeyboardInterrupt:  # Ctrl-C before the first line of the command
        sys.exit(130)
    command_line()


if __name__ == "__main__":
    main()
