"""HTTP as a thread needs it that asks and waits: one connection to each server, and an end to every wait.

Built on httpcore, without the layer above it: no cookies, no redirects, no cost of either. Proxies are those that the
environment names (`HTTPS_PROXY`, `NO_PROXY`, ...), as for other tools.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpcore

from cotmill.base.stage import CotmillError

__all__ = ["Connections", "NoReply", "Reply"]

KEEP_S = 4.0  # how long an idle connection is kept: uvicorn, under vLLM and SGLang, closes it after 5 s

logging.getLogger("httpcore").setLevel(logging.INFO)  # at DEBUG it writes down what servers say, which may be the key


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent back, whatever it is: some repeat the key, so that no repr shows it."""

    status: int
    reason: str = field(repr=False)
    retry_after: str = field(repr=False)  # the header of this name, or empty
    body: bytes = field(repr=False)


class NoReply(Exception):
    """None came, or not all of it."""


class Connections:
    """Of many threads, each with its own: a call looks through all connections of its pool, so that one pool for 64
    threads takes three times the CPU of one for each."""

    def __init__(self, headers: Mapping[str, str], *, connect_s: float, call_s: float, most: int) -> None:
        """`call_s` is for a whole call, `most` bytes are the longest body."""
        self._headers: list[tuple[bytes | str, bytes | str]] = list(headers.items())
        self._connect_s, self._call_s, self._most = connect_s, call_s, most
        self._trust = httpcore.default_ssl_context()  # takes 10 ms and more to make
        self._mine = threading.local()
        self._lines: list[_Line] = []  # of all threads

    def post(self, url: str, body: bytes) -> Reply:
        """Raises NoReply, and CotmillError where the environment's proxy cannot be used."""
        try:
            with (
                self._line(url).open(self._call_s) as pool,
                pool.stream(
                    "POST", url, headers=self._headers, content=body,
                    extensions={"timeout": {"connect": self._connect_s}},
                ) as response,
            ):  # fmt: skip
                received = bytearray()
                for chunk in response.iter_stream():
                    received += chunk
                    if len(received) > self._most:
                        raise NoReply(f"the answer is longer than {self._most} bytes")
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise NoReply(str(error) or type(error).__name__) from None
        fields = {name.lower(): value for name, value in response.headers}
        return Reply(
            response.status,
            response.extensions.get("reason_phrase", b"").decode("latin-1"),
            fields.get(b"retry-after", b"").decode("latin-1"),
            bytes(received),
        )

    def close(self) -> None:
        """Ends what is under way too: its threads get NoReply."""
        for line in self._lines:
            line.close()

    def _line(self, url: str) -> _Line:
        parts = urllib.parse.urlsplit(url)
        known: dict[str, _Line] = self._mine.__dict__
        if parts.netloc not in known:
            known[parts.netloc] = _Line(self._trust, _proxy(parts))
            self._lines.append(known[parts.netloc])
        return known[parts.netloc]


class _Line(httpcore.NetworkBackend):
    """One thread's connection to one server, made anew where it was lost."""

    def __init__(self, trust: ssl.SSLContext, proxy: httpcore.Proxy | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust, proxy=proxy, max_connections=1, keepalive_expiry=KEEP_S, network_backend=self
        )
        self._plain, self._connected = httpcore.SyncBackend(), list[httpcore.NetworkStream]()
        self._until = 0.0  # by the monotonic clock: then all reads and writes end, however slowly bytes drip
        self._busy = self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def open(self, seconds: float) -> Iterator[httpcore.ConnectionPool]:
        """For one call. Raises NoReply after `close`."""
        with self._lock:
            if self._closed:
                raise NoReply("closed")
            self._busy, self._until = True, time.monotonic() + seconds
        try:
            yield self._pool
        finally:
            with self._lock:
                self._busy = False
                if self._closed:
                    self._pool.close()

    def close(self) -> None:
        """From any thread. A call under way ends and cleans up itself: to close its socket would not wake it."""
        with self._lock:
            self._closed, self._until = True, 0.0
            if not self._busy:
                self._pool.close()
                return
        for stream in self._connected[-1:]:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return self.watched(self._plain.connect_tcp(host, port, timeout, local_address, socket_options))

    def watched(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        self._connected = [stream]
        return _Watched(stream, self)

    def left(self) -> float:
        """Seconds. Raises httpcore.ReadTimeout where there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("timed out")
        return left


class _Watched(httpcore.NetworkStream):
    """What httpcore reads and writes."""

    def __init__(self, plain: httpcore.NetworkStream, line: _Line) -> None:
        self._plain, self._line = plain, line

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._plain.read(max_bytes, self._line.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._plain.write(buffer, self._line.left())

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._line.watched(self._plain.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._plain.get_extra_info(info)


def _proxy(url: urllib.parse.SplitResult) -> httpcore.Proxy | None:
    """The environment's for this URL. Raises CotmillError, without the proxy's own URL, which may hold a password."""
    found = urllib.request.getproxies()
    named = found.get(url.scheme) or found.get("all")
    if not named or urllib.request.proxy_bypass(url.netloc):
        return None
    parts = urllib.parse.urlsplit(named if "://" in named else f"http://{named}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CotmillError(f"the environment names a proxy for {url.netloc} that is no http:// URL")
    auth = (
        (urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")) if parts.username else None
    )
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return httpcore.Proxy(where, auth=auth)
