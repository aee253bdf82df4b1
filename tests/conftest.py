"""Settings of all tests."""

from hypothesis import settings

# The first example of a property may compile a formula; how long that takes is not what is tested.
settings.register_profile("simengine", deadline=None)
settings.load_profile("simengine")
