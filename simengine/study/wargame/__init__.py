"""War games: what everybody gains by answering everybody else."""
