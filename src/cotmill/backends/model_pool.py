"""Which of several servers is asked next, and how many requests each gets at a time.

A server's share follows from what becomes of its requests, as a sender's window does in TCP (additive increase,
multiplicative decrease; Jacobson, Congestion Avoidance and Control, 1988): it is halved when the server is strained,
once for all requests that were under way together, and grows by one for as many answers as it is wide. Strained is one
of whose last requests a quarter shows it: halved for each, one that loses an eighth for no reason of load comes down to
four at a time. A server that fails again and again is left alone for a while and then gets one request at a time, until
it has answered. Each has a share of its own, so that those that wait for a slow one take nothing from the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["TOLERATED", "Lease", "Pool", "Server"]

STRAINED = 0.25  # share of requests
REMEMBERED = 8  # requests, about, over which that share is told
TOLERATED = 3  # failures of a server in a row, before it is left alone


@dataclass(slots=True, eq=False)
class Server:
    """One base URL, and what is known of who answers there."""

    url: str
    widest: int  # requests at a time, where nothing is wrong
    width: float  # as many as it is given now, at least 1
    strain: float = 0.0  # share of the last requests, in this round, that showed it
    round: int = 0  # how often the width was halved
    in_flight: int = 0
    failures: int = 0  # in a row
    rests: int = 0  # in a row, for failing too often
    rests_until: float = 0.0  # by the monotonic clock
    structured: bool = True  # until it shows that it can hold no answer to a schema

    def room(self) -> int:
        """How many more requests it is given."""
        return (int(self.width) if self.failures <= TOLERATED else 1) - self.in_flight

    def learn(self, round: int, *, strained: bool) -> None:
        """From a request that was sent in a round."""
        if round != self.round:  # it may tell of what is mended since
            return
        self.strain += (strained - self.strain) / REMEMBERED
        if self.strain > STRAINED:
            self.width = max(1.0, min(self.width, self.in_flight) / 2)
            self.strain, self.round = 0.0, self.round + 1


@dataclass(frozen=True, slots=True)
class Lease:
    """A request's place at a server."""

    server: Server
    round: int  # the server's, when the request was sent


class Pool:
    """Used from many threads."""

    def __init__(self, urls: Sequence[str], in_flight: int) -> None:
        """`in_flight` requests at a time at each server, at most."""
        self._servers = [Server(url, in_flight, float(in_flight)) for url in urls]
        self._changed = threading.Condition()

    def take(self, last: Server | None, halt: threading.Event) -> Lease | None:
        """A place at the least busy server, another than the `last` if possible; waits until there is one. None where
        `halt` is set first, which `wake` makes known. What failed before tries no server that fails too often, as long
        as there is another: its attempts are numbered."""
        with self._changed:
            while not halt.is_set():
                now = time.monotonic()
                well = [server for server in self._servers if server.failures <= TOLERATED] if last else []
                able = [s for s in well or self._servers if s.rests_until <= now and s.room() > 0]
                if able:
                    server = min(able, key=lambda server: (server is last, server.in_flight))
                    server.in_flight += 1
                    return Lease(server, server.round)
                back = [server.rests_until - now for server in self._servers if server.rests_until > now]
                self._changed.wait(min(back, default=None))
            return None

    def give_back(self, lease: Lease) -> None:
        with self._changed:
            lease.server.in_flight -= 1
            self._changed.notify(max(0, lease.server.room()))

    def worked(self, lease: Lease) -> None:
        with self._changed:
            server = lease.server
            server.failures = server.rests = 0
            server.width = min(server.widest, server.width + 1 / server.width)
            server.learn(lease.round, strained=False)

    def failed(self, lease: Lease, *, strained: bool, asked: float, usual: float) -> None:
        """It rests as long as it `asked`, or as `usual` where it failed too often; seconds. What fails while it rests
        was sent before, and makes no rest longer."""
        server = lease.server
        with self._changed:
            now = time.monotonic()
            server.failures += 1
            server.learn(lease.round, strained=strained)
            if server.failures > TOLERATED and server.rests_until <= now:
                server.rests += 1
                server.rests_until = now + usual
            server.rests_until = max(server.rests_until, now + asked)

    def gone(self, rests: int) -> bool:
        """Whether every server has rested so often without an answer in between."""
        with self._changed:
            return all(server.rests >= rests for server in self._servers)

    def wake(self) -> None:
        """Whoever waits looks whether it still should."""
        with self._changed:
            self._changed.notify_all()
