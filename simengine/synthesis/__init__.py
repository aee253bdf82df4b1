"""Synthetic customer files: customers drawn from what a scenario says of its market."""
