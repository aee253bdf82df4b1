"""Settings of all tests."""

from hypothesis import settings

# The first example of a property may compile a formula; how long that takes is not what is tested. The examples are
# the same every time: whoever runs the tests anew without a change sees what was seen before.
settings.register_profile("simengine", deadline=None, derandomize=True)
settings.load_profile("simengine")
