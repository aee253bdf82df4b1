"""How long units of time are, wherever what is counted in them meets years: in scenarios, estimates and drafts."""

DAYS_PER_YEAR = 365.25
UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": DAYS_PER_YEAR / 12, "quarter": DAYS_PER_YEAR / 4, "year": DAYS_PER_YEAR}
# Of a unit of time.
YEARS = {
    "day": 1 / DAYS_PER_YEAR,
    "week": 7 / DAYS_PER_YEAR,
    "month": 1 / 12,
    "quarter": 1 / 4,
    "year": 1.0,
}
