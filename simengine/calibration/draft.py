"""The scenario that a calibration writes: what was estimated, and marked assumptions for what evidence cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simengine.calibration.uncertain_block import Inferences, uncertain_lines
from simengine.scenario.yaml_text import comment, figure, flow, quoted

DIGITS = 10  # of an estimate: what differs between processors is behind them


@dataclass(frozen=True)
class Draft:
    """The parts of a scenario, each as lines of YAML."""

    title: str
    source: str  # what it was calibrated from, in a sentence
    start: str  # the first period of the calendar
    blocks: tuple[str, ...]  # segments, allocations, and whatever else they need
    columns: tuple[tuple[str, str], ...] = ()  # of the customer table, {role: YAML}; none where there is none
    step: str = "quarter"
    periods: int = 20
    inferred: tuple[Inferences, ...] = ()  # how sure what was estimated is

    def text(self, customers: str = "customers.parquet") -> str:
        """YAML; `customers` is the table's name as the scenario writes it."""
        lines = [
            f"# {comment(self.source)}",
            "# What is marked `assumed` is not in the evidence: write what you know there.",
            "simengine: 1",
            f"name: {quoted(self.title)}",
            "currency: USD                # assumed",
            f"calendar: {{start: {self.start}, step: {self.step}, periods: {self.periods}}}    # assumed",
            "simulation: {seed: 1, mode: expected}",
            "",
            "company:",
            f"  name: {quoted(self.title)}",
            "  discount_rate: 9%          # assumed",
            "  tax_rate: 25%              # assumed",
            "  shares: 1 million          # assumed",
            "  overhead: 0                # assumed, a year: costs that belong to no segment",
            "",
        ]
        if self.columns:
            columns = "".join(f"\n    {role}: {column}" for role, column in self.columns)
            lines += ["portfolio:", f"  customers: {quoted(customers)}", f"  columns:{columns}", ""]
        return "\n".join([*lines, *self.blocks, *uncertain_lines(self.inferred)]) + "\n"


def title_of(path: Path) -> str:
    """What a scenario made of a file is called."""
    title = " ".join(path.name.partition(".")[0].replace("_", " ").replace("-", " ").split()) or "Customers"
    return title[:1].upper() + title[1:]


def estimates_flow(values: dict[str, float], **more: str) -> str:
    """`{r: 0.2426, alpha: 4.41}` and `more` behind them."""
    return flow({**{name: figure(value, DIGITS) for name, value in values.items()}, **more})
