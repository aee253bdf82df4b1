"""How fast this machine simulates: the reference in C, the engine in turns with it, and the ratios of the two."""
