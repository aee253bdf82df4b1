"""What is in a customer file and what a scenario could make of it; and synthetic customer files."""
