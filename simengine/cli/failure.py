"""How a command ends when it cannot finish: its exit code, and what is read instead of a traceback."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress

from simengine.scenario.problems import Problem, ScenarioError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
_CLOSED_PIPE = 141  # whoever read the output stopped reading: what a shell says of such a command
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_stopped_by: list[int] = []  # signals that came


def catch_signals() -> None:
    """Let the signals that ask a process to end be answered as Ctrl-C is, so that nothing half done is left."""

    def stop(number: int, _: object) -> None:
        _stopped_by.append(number)
        raise KeyboardInterrupt

    for number in _known_signals():
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup and the background of a shell leave them
            signal.signal(number, stop)


def ignore_signals() -> None:
    """All is done: a signal would only spoil the exit code."""
    for number in _known_signals():
        signal.signal(number, signal.SIG_IGN)


def _known_signals() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]


def interrupted() -> int:
    """Exit code of a command that was stopped by the last signal, 130 for Ctrl-C."""
    return 128 + _stopped_by[-1] if _stopped_by else INTERRUPTED


def flushed(code: int) -> int:
    """The exit code, all output written; another if nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return _CLOSED_PIPE
    return code


def _discard_output() -> None:
    """Let the rest of the output go nowhere, so that leaving Python is silent."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def guarded(command: Callable[[], object]) -> int:
    """Exit code of `command`; what went wrong is on standard error, never as a traceback."""
    try:
        command()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # the libraries that print leave with 1
            _discard_output()
            return _CLOSED_PIPE
        return interrupted() if _stopped_by else _code(end)
    except BrokenPipeError:
        _discard_output()
        return _CLOSED_PIPE
    except ScenarioError as error:
        from simengine.report.problems import print_problems

        print_problems(error.problems)
        for note in getattr(error, "__notes__", ()):
            print(note, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return interrupted()
    except MemoryError:
        _say("there is not enough memory for this run; fewer --replications need less")
        return FAILED
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            from simengine.report.problems import print_problems

            expected = "a name that can be written to the disk"
            print_problems([Problem(str(error.filename), 0, 0, "a file name that is too long", expected, "shorten it")])
            return BAD_INPUT
        _say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return FAILED
    except Exception as error:  # whatever it is, a strategist reads one line
        if _stopped_by:  # a library answers a signal with an error of its own
            return interrupted()
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
