"""Formulas whose bits do not depend on the processor: between a scenario and its summary nothing else is used.

float64, scalar: exp, log, log1p, expm1, power; normal, gamma and Student-t distributions.
float32, for loops over customers: fma32, exp32, log32, exponential32, gumbel32.
"""

from simengine.arithmetic.bits import fma32
from simengine.arithmetic.float32 import exp32, exponential32, gumbel32, log32
from simengine.arithmetic.float64 import exp, expm1, log, log1p, power

__all__ = [
    "exp",
    "exp32",
    "expm1",
    "exponential32",
    "fma32",
    "gumbel32",
    "log",
    "log1p",
    "log32",
    "power",
]
