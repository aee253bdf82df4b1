"""How runs are carried out. Nothing of it changes what they say."""

from __future__ import annotations

from dataclasses import dataclass

from simengine.engine.options import Options
from simengine.results.memory import Budget
from simengine.results.prepare import Notice, options_of
from simengine.scenario.model import Scenario


@dataclass(frozen=True)
class How:
    """What `run` is told of it; None where it is left to the run."""

    threads: int | None = None
    block: int | None = None
    batch: int | None = None
    budget: Budget | None = None
    standard_errors: bool = False  # of the values of single customers
    notice: Notice | None = None

    def options_of(self, scenario: Scenario, first: int = 0) -> Options:
        """The engine's options, for the replications from `first` on."""
        options = options_of(scenario, self.threads, self.block, self.batch)
        return options._replace(first=first, squares=self.standard_errors and options.mode == "sampled")

    def batch_of(self, options: Options) -> int | None:
        """Replications at once, where that is not for the memory to say."""
        return 1 if options.squares else self.batch
