"""A slow, obvious twin of the product, for comparison draw by draw: `oracle.run(scenario, portfolio)`."""

from .simulate import OracleRun, run, run_world

__all__ = ["OracleRun", "run", "run_world"]
