"""How a command ends when it cannot finish: its exit code, and what is read instead of a traceback."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable

from simengine.scenario.problems import ScenarioError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def guarded(command: Callable[[], object]) -> int:
    """Exit code of `command`; what went wrong is on standard error, never as a traceback."""
    try:
        command()
    except SystemExit as end:
        return _code(end)
    except ScenarioError as error:
        from simengine.report.problems import print_problems

        print_problems(error.problems)
        for note in getattr(error, "__notes__", ()):
            print(note, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except MemoryError:
        _say("there is not enough memory for this run; fewer --replications need less")
        return FAILED
    except OSError as error:
        _say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return FAILED
    except Exception as error:  # whatever it is, a strategist reads one line
        _say(f"{type(error).__name__}: {_first_line(error)}. Details are in {_written_details(error)}")
        return FAILED
    return 0


def _code(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else FAILED if end.code else 0


def _say(text: str) -> None:
    print(f"simengine failed: {text}", file=sys.stderr)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else "no message"


def _written_details(error: Exception) -> str:
    """Path of a new file with the traceback."""
    handle, path = tempfile.mkstemp(prefix="simengine-failure-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return path
