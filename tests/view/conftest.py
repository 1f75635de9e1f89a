"""A synthetic run that the tests of this folder only read."""

from __future__ import annotations

import pytest

from view.synthetic import Made, build


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> Made:
    """60 pairs in four shards per stage, complete."""
    return build(tmp_path_factory.mktemp("view") / "run", 60)
