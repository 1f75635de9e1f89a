"""What every test folder shares."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("cotmill", deadline=None)  # a busy machine fails no test
settings.load_profile("cotmill")
