"""A small OpenAI-compatible server on the loopback, which answers as a test's script says."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789"
Script = Callable[[int, dict[str, Any]], "Answer"]  # number of the request from 0 on, its body


class Answer:
    """What the server sends back."""

    def __init__(
        self,
        body: Any = None,
        status: int = 200,
        *,
        headers: dict[str, str] | None = None,
        cut: int = 0,
        delay: float = 0.0,
        drip: float = 0.0,
        drop: bool = False,
        reset: bool = False,
        reason: str | None = None,
        endless_head: bool = False,
    ) -> None:
        """`cut`: bytes missing at the end; `delay`: seconds before; `drip`: between bytes; `drop`: no answer at all;
        `reset`: the same, the rude way; `endless_head`: drips header lines until the client has enough."""
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.headers, self.cut, self.delay, self.drip = status, headers or {}, cut, delay, drip
        self.drop, self.reset, self.reason, self.endless_head = drop, reset, reason, endless_head


def text(written: str, finish: str | None = "stop", **more: Any) -> Answer:
    choice = {"index": 0, "text": written, "finish_reason": finish}
    return Answer({"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 7}}, **more)


def reply(written: str | None, finish: str | None = "stop", **message: Any) -> Answer:
    choice = {"message": {"role": "assistant", "content": written, **message}, "finish_reason": finish}
    return Answer({"choices": [choice], "usage": None})


class Server:
    """Answers by the script; keeps what it was asked."""

    def __init__(self, script: Script) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []  # path, headers, body
        self.busiest = 0
        self.busy = 0
        self.connections = 0
        lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes: the second would wait for 40 ms

            def setup(self) -> None:
                super().setup()
                with lock:
                    outer.connections += 1

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    number = len(outer.asked)
                    outer.asked.append((self.path, dict(self.headers), body))
                    outer.busy += 1
                    outer.busiest = max(outer.busiest, outer.busy)
                try:
                    self._send(script(number, body))
                finally:
                    with lock:
                        outer.busy -= 1

            def _send(self, answer: Answer) -> None:
                time.sleep(answer.delay)
                if answer.drop or answer.reset:
                    self.close_connection = True
                    if answer.reset:
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        self.connection.close()
                    return
                self.send_response(answer.status, answer.reason)
                while answer.endless_head:
                    try:
                        self.wfile.write(b"X-More: x\r\n")
                    except OSError:
                        return
                    time.sleep(0.02)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for place in range(len(answer.body) - answer.cut) if answer.drip else ():
                        self.wfile.write(answer.body[place : place + 1])
                        self.wfile.flush()
                        time.sleep(answer.drip)
                    if not answer.drip:
                        self.wfile.write(answer.body[: len(answer.body) - answer.cut])
                except OSError:  # the client had enough
                    pass
                self.close_connection = bool(answer.cut)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
