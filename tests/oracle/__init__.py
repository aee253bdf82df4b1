"""A slow, obvious twin of the product, for comparison draw by draw: `oracle.run(scenario, portfolio)`."""

from .simulate import OracleRun, run

__all__ = ["OracleRun", "run"]
