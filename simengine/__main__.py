"""`simengine` and `python -m simengine`."""

from __future__ import annotations

from simengine.cli.application import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
