"""Why two cells differ in value: by what was changed between their allocations, and by what drives profit and loss."""
