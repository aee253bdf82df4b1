"""A market whose customers are in a file, by supplier, with needs, tenure, price sensitivity and weight."""

from __future__ import annotations

from copy import deepcopy
from random import Random

from tests.properties.worlds import Document, market

Row = dict[str, object]
COLUMNS = {
    "id": "id", "segment": "segment", "supplier": "supplier", "revenue": "revenue",
    "tenure": {"column": "months", "unit": "months"}, "needs": {"rate": "w_rate", "service": "w_service"},
    "price_sensitivity": "beta", "weight": "weight",
}  # fmt: skip


def file_market(**simulation: object) -> Document:
    """The market with customers from `rows_of`: two segments that choose, one under contract."""
    document = market(**simulation)
    document["portfolio"] = {"customers": "customers.csv", "columns": deepcopy(COLUMNS)}
    for name, segment in document["segments"].items():
        del segment["size"], segment["revenue"]
        for stated in ("needs", "needs_spread"):
            segment.pop(stated, None)
        if name != "signed":
            segment["shares"] = {"us": 0.4, "atlas": 0.3, "neo": 0.2, "none": 0.1}
    return document


def rows_of(seed: int = 1, count: int = 50, weight: int = 1) -> list[Row]:
    """`count` customers of each segment that chooses, in its stated shares, and 20 under contract."""
    draw = Random(seed)
    rows: list[Row] = []
    for name in ("affluent", "mass", "signed"):
        for i in range(count if name != "signed" else 20):
            place = i % 10  # four of ten are ours
            supplier = ["us", "us", "us", "us", "atlas", "atlas", "atlas", "neo", "neo", "none"][place]
            rate = draw.randrange(5, 95)
            rows.append(
                {
                    "id": f"{name}-{i}",
                    "segment": name,
                    "supplier": "us" if name == "signed" else supplier,
                    "revenue": draw.randrange(100, 3000),
                    "months": draw.randrange(0, 90),
                    "w_rate": f"0.{rate:02d}",
                    "w_service": f"0.{100 - rate:02d}",
                    "beta": draw.randrange(0, 50) / 10,
                    "weight": weight,
                }
            )
    return rows


def text_of(rows: list[Row]) -> str:
    """The rows as a CSV file."""
    return "\n".join([",".join(rows[0]), *(",".join(str(cell) for cell in row.values()) for row in rows)]) + "\n"
