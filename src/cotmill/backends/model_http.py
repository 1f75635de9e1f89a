"""A model behind OpenAI-compatible servers (vLLM, SGLang, llama.cpp, hosted ones): `/v1/completions` and chat.

Several base URLs are one pool: each request goes to the server with the fewest requests in flight. What may pass by
itself (429, 5xx, lost connections, timeouts, answers that are empty, cut off or no JSON) is asked again, after a pause
that doubles or that the server names, and of another server where there is one; a server that fails again and again
is left alone for a while. What will not pass by itself (401, 404, 400, ...) ends all work with one message.

The key comes from the environment alone and stands in no message, file or log.
"""

from __future__ import annotations

import email.utils
import json
import os
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import httpx

from cotmill.backends.model import Completion, Finished, ModelRefused, ModelUnreachable, Request, Usage, unheard
from cotmill.base.stage import CotmillError

__all__ = ["KEY", "HttpModel", "Patience"]

KEY = "COTMILL_API_KEY"  # environment variable; unset or empty: no key is sent
PASSING = frozenset({408, 409, 425, 429})  # 5xx pass too
MOST_BYTES = 64 << 20  # of an answer
LOOK_S = 0.02  # between two looks for a server, at least
TOLERATED = 3  # failures of a server in a row, before it is left alone
QUOTED = 300  # characters of what a server says that go into a message


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how often."""

    call_s: float = 300.0  # for one answer, from its first byte sent to its last received
    connect_s: float = 10.0
    attempts: int = 8  # per request
    pause_s: float = 0.5  # after the first failure; it doubles with each
    longest_pause_s: float = 60.0  # also where the server names a longer one


class HttpModel:
    """`in_flight` is how many requests are under way at a time, over all servers."""

    def __init__(
        self,
        endpoints: Sequence[str],
        model: str,
        *,
        in_flight: int = 32,
        patience: Patience = Patience(),
        structured: bool = True,
    ) -> None:
        """`endpoints` are base URLs with or without `/v1`. Raises CotmillError for URLs and keys that cannot be."""
        key = os.environ.get(KEY, "")
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise CotmillError(f"the key in {KEY} holds characters that no key has")
        self._key, self._model, self._patience, self._structured = key, model, patience, structured
        self._pool = _Pool([_base(url) for url in endpoints])
        self._trust = httpx.create_ssl_context()  # takes 10 ms and more to make
        self._clients: list[httpx.Client] = []
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="model")

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        halt = threading.Event()

        def work(number: int, request: Request) -> Completion:
            completion = self._answer(request, halt)
            while (following := finished(number, completion)) is not None and not halt.is_set():
                completion = self._answer(following, halt)
            return completion

        futures = [self._threads.submit(work, number, request) for number, request in enumerate(requests)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
            for future in futures:
                if future.done() and (error := future.exception()) is not None:
                    raise error
            return [future.result() for future in futures]
        finally:
            halt.set()
            for future in futures:
                future.cancel()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for client in self._clients:
            client.close()

    def _answer(self, request: Request, halt: threading.Event) -> Completion:
        trouble, last = "", None
        for attempt in range(self._patience.attempts):
            if attempt and halt.wait(self._backoff(attempt - 1)):
                break
            last = self._pool.take(last, halt)
            try:
                found = self._ask(last.url, request)
            except _PassingError as error:
                trouble = str(error)
                self._pool.failed(last, min(error.pause, self._patience.longest_pause_s), self._backoff(last.failures))
            else:
                self._pool.worked(last)
                return found
            finally:
                self._pool.give_back(last)
        raise ModelUnreachable(f"no usable answer after {self._patience.attempts} attempts; the last: {trouble}")

    def _client(self) -> httpx.Client:
        """This thread's: each call looks through all connections of its client, so that one client for 64 threads takes
        three times the CPU of one for each."""
        if not hasattr(self._mine, "client"):
            self._mine.client = httpx.Client(
                verify=self._trust,
                headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
                timeout=httpx.Timeout(self._patience.call_s, connect=self._patience.connect_s, pool=None),
            )
            self._clients.append(self._mine.client)
        client: httpx.Client = self._mine.client
        return client

    def _backoff(self, failures: int) -> float:
        """Of many that wait, no two come back at once."""
        longest = min(self._patience.longest_pause_s, self._patience.pause_s * 2.0 ** min(failures, 30))
        return longest * random.uniform(0.5, 1.0)

    def _ask(self, base: str, request: Request) -> Completion:
        """One call. Raises _PassingError where another may succeed, ModelRefused where none will."""
        chat = not isinstance(request.prompt, str)
        url = f"{base}/chat/completions" if chat else f"{base}/completions"
        began = time.monotonic()
        deadline = began + self._patience.call_s
        body = bytearray()
        try:
            with self._client().stream("POST", url, json=_payload(self._model, request)) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if time.monotonic() > deadline or len(body) > MOST_BYTES:
                        raise _PassingError(f"{url}: the answer takes too long or has no end")
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL):
            raise ModelRefused(f"{url}: no such request can be made") from None
        except httpx.HTTPError as error:
            raise _PassingError(f"{url}: {self._clean(str(error)) or type(error).__name__}") from None
        status = response.status_code
        if status != 200:
            said = f"{url}: {status} {response.reason_phrase}: {self._clean(body.decode(errors='replace'))}"
            if status in PASSING or status >= 500:
                raise _PassingError(said, _retry_after(response.headers.get("retry-after", "")))
            raise ModelRefused(said + self._advice(status))
        try:
            return _read(json.loads(body), chat=chat, seconds=time.monotonic() - began)
        except (ValueError, TypeError, LookupError, RecursionError):
            raise _PassingError(f"{url}: not an answer: {self._clean(body.decode(errors='replace'))}") from None

    def _clean(self, text: str) -> str:
        """Shortened, and without the key, which some servers repeat."""
        text = " ".join(text.split())
        return (text.replace(self._key, "[key]") if self._key else text)[:QUOTED]

    def _advice(self, status: int) -> str:
        if status in (401, 403):
            return f"; is {KEY} set to the server's key?"
        return f"; does the server serve the model {self._model!r} under this URL?" if status == 404 else ""


class _PassingError(Exception):
    """What may go well the next time; `pause` is for how many seconds the server asks."""

    def __init__(self, message: str, pause: float = 0.0) -> None:
        super().__init__(message)
        self.pause = pause


@dataclass(slots=True, eq=False)
class _Server:
    url: str
    in_flight: int = 0
    failures: int = 0  # in a row
    rests_until: float = 0.0  # by the monotonic clock

    def able(self, now: float) -> bool:
        """One that failed too often gets one request at a time, until it has answered."""
        return self.rests_until <= now and (self.failures <= TOLERATED or not self.in_flight)


class _Pool:
    """Which server is asked next."""

    def __init__(self, urls: Sequence[str]) -> None:
        if not urls:
            raise CotmillError("no endpoint is given")
        self._servers = [_Server(url) for url in dict.fromkeys(urls)]
        self._lock = threading.Lock()

    def take(self, last: _Server | None, halt: threading.Event) -> _Server:
        """The least busy one, another than the `last` if possible; where all rest, the first that is back."""
        while True:
            with self._lock:
                now = time.monotonic()
                able = [server for server in self._servers if server.able(now)]
                if able or halt.is_set():
                    server = min(able or self._servers, key=lambda server: (server is last, server.in_flight))
                    server.in_flight += 1
                    return server
                back = min(server.rests_until for server in self._servers)
            halt.wait(max(LOOK_S, back - now))

    def give_back(self, server: _Server) -> None:
        with self._lock:
            server.in_flight -= 1

    def worked(self, server: _Server) -> None:
        with self._lock:
            server.failures = 0

    def failed(self, server: _Server, asked: float, usual: float) -> None:
        """It rests as long as it `asked`, or as `usual` where it failed too often."""
        with self._lock:
            server.failures += 1
            rest = max(asked, usual if server.failures > TOLERATED else 0.0)
            server.rests_until = max(server.rests_until, time.monotonic() + rest)


def _base(url: str) -> str:
    """Ends in /v1. Raises CotmillError for what is no base URL."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise CotmillError("an endpoint is no URL; write it as http://host:8000/v1") from None
    if parsed.userinfo:
        raise CotmillError(f"the endpoint at {parsed.host} names a user or a password; put the key into {KEY}")
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query or parsed.fragment:
        raise CotmillError(f"the endpoint at {parsed.host!r} is no base URL; write it as http://host:8000/v1")
    plain = str(parsed).rstrip("/")
    return plain if plain.endswith("/v1") else f"{plain}/v1"


def _payload(model: str, request: Request) -> dict[str, Any]:
    sampling = request.sampling
    payload: dict[str, Any] = {
        "model": model, "temperature": sampling.temperature, "top_p": sampling.top_p, "max_tokens": sampling.max_tokens,
    }  # fmt: skip
    if sampling.seed is not None:
        payload["seed"] = sampling.seed
    if isinstance(request.prompt, str):
        return payload | {"prompt": request.prompt}
    return payload | {"messages": [{"role": turn.role, "content": turn.content} for turn in request.prompt]}


def _read(answer: Any, *, chat: bool, seconds: float) -> Completion:
    """The first choice, however many there are. Raises ValueError, TypeError or LookupError where there is none."""
    choice = answer["choices"][0]
    text = choice["message"]["content"] if chat else choice["text"]
    finish = choice["finish_reason"]
    if not isinstance(text, str) or not isinstance(finish, str):
        raise TypeError
    usage = answer.get("usage")
    counted = Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"])) if usage else None
    return Completion(text, finish, counted, seconds=seconds)


def _retry_after(header: str) -> float:
    """Seconds, from a number or a date; 0 where there is neither."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
