"""What is to be expected of customers who buy till they are gone, from what they have bought so far."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.elementwise import power
from simengine.portfolio import bg_nbd, gamma_gamma
from simengine.portfolio.customers import Bought, Floats
from simengine.scenario.buying import BgNbd, GammaGamma
from simengine.scenario.segment import BuyingSegment


def probability_alive(law: BgNbd, bought: Bought) -> Floats:
    """[row] probability that each is a customer still."""
    shape, scale = law.r + bought.purchases, law.alpha_years
    again = np.where(bought.purchases > 0.0, shape, 0.0)
    longer = power((scale + bought.observed) / (scale + bought.last), again)
    return np.asarray(bg_nbd.probability_alive(law.a, law.b, bought.purchases, longer))


def revenue_per_year(segment: BuyingSegment, bought: Bought) -> Floats:
    """[row] currency a year of each if it is a customer still: purchases a year times money a purchase."""
    law = segment.purchases.bg_nbd
    rate = bg_nbd.mean_rate(law.r, law.alpha_years, bought.purchases, bought.observed)
    return np.asarray(rate * _spend(segment, bought.purchases, bought.spend))


def mean_revenue_per_year(segment: BuyingSegment) -> float:
    """The same of a customer who has just made its first purchase."""
    nothing = np.zeros(1)
    return float(revenue_per_year(segment, Bought(nothing, nothing, nothing, np.full(1, np.nan)))[0])


def mean_spend(spend: GammaGamma | float) -> float:
    """Money a purchase, the mean over all customers."""
    if not isinstance(spend, GammaGamma):
        return spend
    law = spend.gamma_gamma
    return float(gamma_gamma.mean_spend(law.p, law.q, law.gamma, 0.0, 0.0))


def _spend(segment: BuyingSegment, purchases: Floats, mean: Floats) -> Floats:
    """[row] money a purchase; where a customer's own mean is not known, that of all."""
    if not isinstance(segment.spend, GammaGamma):
        return np.full(len(purchases), segment.spend)
    law, known = segment.spend.gamma_gamma, ~np.isnan(mean)
    return np.asarray(gamma_gamma.mean_spend(law.p, law.q, law.gamma, purchases * known, np.where(known, mean, 0.0)))
