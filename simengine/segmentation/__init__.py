"""Which customers are alike: segments by needs and by value, from a customer file."""
