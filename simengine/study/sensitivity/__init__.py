"""What a decision depends on: which uncertain inputs move value, and which would change what is best."""
