"""Allocations against each other: paired differences with intervals that hold together, regrets, who changed hands."""
