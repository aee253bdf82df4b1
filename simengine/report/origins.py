"""Where every value of a scenario comes from, a line each on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from simengine.report.excerpt import visible
from simengine.scenario.origins import Origin
from simengine.scenario.yaml_source import spoken

_WIDEST = 50  # columns that are kept for paths, and for values; longer ones stand out


def print_origins(origins: Sequence[Origin], screen: Console) -> None:
    """Print a line for each value: its path as `--set` takes it, the value as it is written, where it is from."""
    rows = [(visible(spoken(origin.path)), visible(origin.text), visible(origin.words)) for origin in origins]
    widths = [min(_WIDEST, max((cell_len(row[i]) for row in rows), default=0)) for i in range(2)]
    for origin, (path, text, words) in zip(origins, rows, strict=True):
        line = f"{_padded(path, widths[0])}  {_padded(text, widths[1])}  {words}"
        screen.print(Text(line, "dim" if origin.default else ""), soft_wrap=True)


def _padded(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) < width else text
