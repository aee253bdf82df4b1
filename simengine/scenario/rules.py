def problems_of(sound): return []
