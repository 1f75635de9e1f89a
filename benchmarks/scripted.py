"""A scripted OpenAI-compatible chat server on the loopback, for benchmarks: one process of its own, on several ports.

    with Scripted(make, *arguments, ports=2) as server:
        ...  # server.urls
        server.asked()  # how often each body came

`make(*arguments)` is called in the server's process and gives the script: (body, attempt) -> Reply, where `attempt`
counts from 0 how often this very body came before, at whichever port. What the script keeps in its attribute `log` can
be had at the end. A script is a function of these two alone, so that a run can be repeated.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import os
import socket
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

__all__ = ["PROXIES", "Reply", "Script", "Scripted", "digest"]

PROXIES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")  # what would come between
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a closed connection is a reset one


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back. Where `text` is None the `status` says why."""

    text: str | None
    status: int = 200
    retry_after: str = ""
    cut: bool = False  # half of the body's JSON, under a length that agrees with it
    hang: bool = False  # nothing, until the client goes away
    reset: bool = False  # the connection breaks


Script = Callable[[bytes, int], Reply]


def digest(body: bytes) -> bytes:
    """What tells requests apart."""
    return hashlib.blake2b(body, digest_size=16).digest()


class Scripted:
    """The server, from a process that asks it."""

    def __init__(
        self, make: Callable[..., Script], *arguments: Any, ports: int = 1, latency: float = 0.0, last: int = 0
    ) -> None:
        """`latency`: seconds before each answer. From `last` requests on, the first port is dead; 0: it never is."""
        context = multiprocessing.get_context("spawn")
        self._seen = context.Value("L", 0, lock=False)
        self._ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._seen, make, arguments, ports, latency, last), daemon=True
        )

    def __enter__(self) -> Self:
        for name in PROXIES:
            os.environ.pop(name, None)
        self._process.start()
        self.urls = [f"http://127.0.0.1:{port}" for port in self._ours.recv()]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()

    def seen(self) -> int:
        """Requests so far, without asking the server."""
        return int(self._seen.value)

    def asked(self) -> Counter[bytes]:
        """How often each body came, by its digest."""
        return Counter(self._told("asked"))

    def replied(self) -> Counter[str]:
        """How often which kind of reply was given."""
        return Counter(self._told("replied"))

    def log(self) -> list[Any]:
        """What the script kept."""
        return list(self._told("log"))

    def _told(self, what: str) -> Any:
        self._ours.send(what)
        return self._ours.recv()


class _Port(asyncio.Protocol):
    """One connection. Requests on it come one after the other."""

    def __init__(self, server: _Server, number: int) -> None:
        self._server, self._number, self._received = server, number, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections[self._number].add(transport)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._server.connections[self._number].discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(rest) >= length:
            self._received = bytearray(rest[length:])
            self._server.answer(self._transport, bytes(rest[:length]))


class _Server:
    """What all connections share."""

    def __init__(self, script: Script, seen: Any, latency: float, last: int, ports: int) -> None:
        self._script, self._seen, self._latency, self._last = script, seen, latency, last
        self.asked, self.replied = Counter[bytes](), Counter[str]()
        self.connections: list[set[asyncio.Transport]] = [set() for _ in range(ports)]
        self.listening: list[asyncio.Server] = []

    def answer(self, transport: asyncio.Transport, body: bytes) -> None:
        name = digest(body)
        reply = self._script(body, self.asked[name])
        self.asked[name] += 1
        self._seen.value += 1
        self.replied[_kind(reply)] += 1
        if self._last and self._seen.value == self._last:
            self._die()
        if not reply.hang:
            asyncio.get_running_loop().call_later(self._latency, self._send, transport, reply)

    def _send(self, transport: asyncio.Transport, reply: Reply) -> None:
        if transport.is_closing():
            return
        if reply.reset:
            _break(transport)
            return
        content = _content(reply)
        head = [f"HTTP/1.1 {reply.status} Said", "Content-Type: application/json", f"Content-Length: {len(content)}"]
        if reply.retry_after:
            head.append(f"Retry-After: {reply.retry_after}")
        transport.write("\r\n".join([*head, "", ""]).encode() + content)

    def _die(self) -> None:
        self.listening[0].close()
        for transport in list(self.connections[0]):
            _break(transport)


def _break(transport: asyncio.Transport) -> None:
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    transport.abort()


def _kind(reply: Reply) -> str:
    for name in ("hang", "reset", "cut"):
        if getattr(reply, name):
            return name
    return str(reply.status)


def _content(reply: Reply) -> bytes:
    if reply.text is None:
        return json.dumps({"error": {"message": "not now"}}).encode()
    choice = {"index": 0, "message": {"role": "assistant", "content": reply.text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": len(reply.text) // 4 + 1}
    content = json.dumps({"choices": [choice], "usage": usage}).encode()
    return content[: len(content) // 2] if reply.cut else content


def _serve(
    pipe: Connection,
    seen: Any,
    make: Callable[..., Script],
    arguments: Sequence[Any],
    ports: int,
    latency: float,
    last: int,
) -> None:
    script = make(*arguments)
    server = _Server(script, seen, latency, last, ports)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for number in range(ports):
            listening = await loop.create_server(
                lambda number=number: _Port(server, number), "127.0.0.1", 0, backlog=1024
            )
            server.listening.append(listening)
        pipe.send([listening.sockets[0].getsockname()[1] for listening in server.listening])
        told = {
            "asked": lambda: dict(server.asked), "replied": lambda: dict(server.replied),
            "log": lambda: getattr(script, "log", []),
        }  # fmt: skip
        loop.add_reader(pipe.fileno(), lambda: pipe.send(told[pipe.recv()]()))
        await loop.create_future()

    asyncio.run(main())
