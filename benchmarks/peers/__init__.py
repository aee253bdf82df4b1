"""The same market in other tools, each as its users write it.

Every module has `simulate(segments, seed)`: one path of every customer in one cell, returned as customers and their
yearly revenue by state at the opening and at the end of every period, [2, T + 1, S, states]. `segments` are the plain
arrays of `simengine.bench.segment`.
"""
