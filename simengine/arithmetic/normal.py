"""The normal distribution: probabilities and quantiles."""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp_of_sum, log, polynomial, product
from simengine.jit import formula

_DENSITY_AT_0 = 0.3989422804014327  # 1 / sqrt(2 pi)

# Rational approximations of Wichura (1988), highest power first: centre, shoulder, tail.
_CENTRE_ABOVE = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
)  # fmt: skip
_CENTRE_BELOW = (
    5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
    5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0,
)  # fmt: skip
_SHOULDER_ABOVE = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258,
    3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
)  # fmt: skip
_SHOULDER_BELOW = (
    1.05075007164441684324e-9, 5.4759380849953449460e-4, 0.0151986665636164571966, 0.148103976427480074590,
    0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1.0,
)  # fmt: skip
_TAIL_ABOVE = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 0.0265321895265761230930,
    0.296560571828504891230, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
)  # fmt: skip
_TAIL_BELOW = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 0.0148753612908506148525, 0.136929880922735805310,
    0.599832206555887937690, 1.0,
)  # fmt: skip


@formula
def normal_quantile(u: Any) -> Any:
    """The x below which a standard normal variable lies with probability u; -inf at 0, inf at 1, NaN outside.

    Relative error below 1e-15. Wichura 1988, algorithm AS 241, doi:10.2307/2347330.
    """
    u = float(u)
    if not 0.0 < u < 1.0:
        return -math.inf if u == 0.0 else (math.inf if u == 1.0 else math.nan)
    centred = u - 0.5
    if -0.425 <= centred <= 0.425:
        r = 0.180625 - centred * centred
        return centred * polynomial(r, _CENTRE_ABOVE) / polynomial(r, _CENTRE_BELOW)
    r = math.sqrt(-log(u if centred < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        x = polynomial(r, _SHOULDER_ABOVE) / polynomial(r, _SHOULDER_BELOW)
    else:
        r -= 5.0
        x = polynomial(r, _TAIL_ABOVE) / polynomial(r, _TAIL_BELOW)
    return -x if centred < 0.0 else x


@formula
def normal_cdf(x: Any) -> Any:
    """The probability that a standard normal variable lies below x; relative error below 4e-15.

    Near 0 a series (Marsaglia 2004, doi:10.18637/jss.v011.i04), beyond it Laplace's continued fraction.
    """
    x = float(x)
    if x != x:
        return x
    if x < -38.6:
        return 0.0
    if x > 8.3:
        return 1.0
    square, rest = product(x, x)
    density = _DENSITY_AT_0 * exp_of_sum(-0.5 * square, -0.5 * rest)
    if -1.5 <= x <= 1.5:
        term, total, odd = x, x, 1.0
        while abs(term) > 1e-18 * abs(total):
            odd += 2.0
            term *= square / odd
            total += term
        return 0.5 + density * total
    distance = abs(x)
    fraction = distance
    for k in range(int(20.0 + 420.0 / square), 0, -1):
        fraction = distance + k / fraction
    tail = density / fraction
    return tail if x < 0.0 else 1.0 - tail
