"""What runs that ask a model share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backends.served import Script, Server


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Script], Server]]:
    """Servers that answer by a script, asked without a proxy."""
    made = []

    def call(script: Script) -> Server:
        made.append(Server(script))
        return made[-1]

    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield call
    for server in made:
        server.close()
