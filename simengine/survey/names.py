"""What the name of a column says: its words, and which of them speak of what."""

from __future__ import annotations

import re
from collections.abc import Mapping

ID = {"id": 3, "uuid": 3, "guid": 3, "key": 2, "number": 1, "no": 1, "nr": 1, "code": 1, "ref": 2, "customer": 1,
      "client": 1, "account": 1, "subscriber": 1, "member": 1, "policy": 1}  # fmt: skip
SEGMENT = {"segment": 6, "cluster": 5, "tier": 4, "contract": 4, "plan": 3, "tariff": 3, "package": 3, "class": 2,
           "type": 1, "group": 2, "category": 2, "band": 2}  # fmt: skip
SUPPLIER = {"supplier": 5, "provider": 4, "brand": 3, "bank": 3, "operator": 3, "carrier": 3, "vendor": 3,
            "insurer": 3, "choice": 2}  # fmt: skip
REVENUE = {"revenue": 6, "turnover": 5, "arpu": 5, "mrr": 5, "arr": 5, "sales": 4, "spend": 4, "spending": 4,
           "charges": 4, "charge": 4, "premium": 4, "fee": 3, "fees": 3, "billing": 3, "bill": 3, "amount": 2,
           "value": 2}  # fmt: skip
REVENUE_UNIT = {"month": "a month", "monthly": "a month", "mrr": "a month", "arpu": "a month", "quarter": "a quarter",
                "quarterly": "a quarter", "year": "a year", "yearly": "a year", "annual": "a year",
                "annually": "a year", "arr": "a year"}  # fmt: skip
TENURE = {"tenure": 6, "seniority": 5, "relationship": 4, "loyalty": 2, "months": 2, "years": 2, "age": 1}
TENURE_UNIT = {"month": "months", "months": "months", "mths": "months", "quarter": "quarters", "quarters": "quarters",
               "year": "years", "years": "years", "yrs": "years"}  # fmt: skip
CHURNED = {"churn": 6, "churned": 6, "attrition": 5, "attrited": 5, "cancelled": 5, "canceled": 5, "lapsed": 5,
           "exited": 5, "left": 5, "closed": 3, "lost": 3}  # fmt: skip
SENSITIVITY = {"sensitivity": 5}
WEIGHT = {"weight": 4, "expansion": 3, "weighting": 4}
RUNNING_TOTAL = {"total", "cumulative", "lifetime", "cum", "ltv", "clv", "sum"}  # over the years, not of one


def words(name: str) -> frozenset[str]:
    """The words of a name in small letters: `MonthlyCharges`, `monthly_charges` and `Monthly charges` have two."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return frozenset(word.lower() for word in re.split(r"[\W_\d]+", apart) if word)


def score(name: str, vocabulary: Mapping[str, int]) -> int:
    """How clearly a name speaks of something: 0 where no word of it does."""
    return sum(vocabulary.get(word, 0) for word in words(name))


def means_id(name: str) -> bool:
    """Whether a name is one of a column that tells customers apart."""
    return bool(words(name) & {"id", "uuid", "guid"}) or score(name, ID) >= 2


def unit(name: str, vocabulary: Mapping[str, str]) -> str | None:
    """The unit that a name tells, None where it tells none."""
    return next((vocabulary[word] for word in sorted(words(name)) if word in vocabulary), None)
