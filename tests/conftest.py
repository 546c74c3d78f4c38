"""What every test shares: none fails because the machine is busy, and every run draws the same examples.

`make fuzz` is what draws new ones.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
