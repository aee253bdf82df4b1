"""Formulas whose bits do not depend on the processor: nothing else is used between scenario and summary.

float64: exp, log, log1p, expm1, power, log_gamma with its derivatives; normal, beta, gamma and Student-t distributions.
float32, for loops over customers: fma32, exp32, log32, exponential32, gumbel32.
"""

from simengine.arithmetic.beta import beta_cdf, beta_quantile
from simengine.arithmetic.bits import fma32
from simengine.arithmetic.digamma import digamma, trigamma
from simengine.arithmetic.float32 import exp32, exponential32, gumbel32, log32
from simengine.arithmetic.float64 import exp, expm1, log, log1p, power
from simengine.arithmetic.gamma import gamma_cdf, gamma_quantile, log_gamma, log_gamma_step
from simengine.arithmetic.normal import normal_cdf, normal_quantile
from simengine.arithmetic.student import student_t_quantile

__all__ = [
    "beta_cdf",
    "beta_quantile",
    "digamma",
    "exp",
    "exp32",
    "expm1",
    "exponential32",
    "fma32",
    "gamma_cdf",
    "gamma_quantile",
    "gumbel32",
    "log",
    "log1p",
    "log32",
    "log_gamma",
    "log_gamma_step",
    "normal_cdf",
    "normal_quantile",
    "power",
    "student_t_quantile",
    "trigamma",
]
