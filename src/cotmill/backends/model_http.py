"""A model behind OpenAI-compatible servers (vLLM, SGLang, llama.cpp, hosted ones): `/v1/completions` and chat.

Several base URLs are one pool: each request goes to the server with the fewest requests in flight. What may pass by
itself (429, 5xx, lost connections, timeouts, answers that are empty, cut off or no JSON) is asked again, after a pause
that doubles or that the server names, and of another server where there is one; a server that fails again and again
is left alone for a while. What a server will not take though it answers others (400, 413, 422: a prompt longer than its
context) costs that request alone. What will not pass by itself (401, 404, ...) ends all work with one message.

The key comes from the environment alone and stands in no message, file or log.
"""

from __future__ import annotations

import email.utils
import json
import os
import random
import threading
import time
import urllib.parse
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NoReturn

from cotmill.backends.model import REFUSED, Completion, Finished, ModelRefused, ModelUnreachable, Request, unheard
from cotmill.backends.model_answers import NotAnAnswer, objects_to_schema, payload, read, said
from cotmill.backends.model_connections import Connections, NoReply, Reply
from cotmill.backends.model_pool import Pool, Server
from cotmill.base.stage import CotmillError

__all__ = ["KEY", "HttpModel", "Patience", "base_url"]

KEY = "COTMILL_API_KEY"  # environment variable; unset or empty: no key is sent
PASSING = frozenset({408, 409, 425, 429})  # 5xx pass too
STRAINED = frozenset({408, 429, 503, 504})  # fewer at a time may help
UNTAKEN = frozenset({400, 413, 422})  # about this request, not about all
UNHEARD = 3  # attempts while nothing was ever heard of any server: it is the address that is wrong
HOPELESS = 8  # requests not taken from the first on, until it is the settings that are wrong
MOST_BYTES = 64 << 20  # of an answer
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
    """`in_flight` is how many requests are under way at a time at each server, where nothing is wrong with it."""

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
        urls = list(dict.fromkeys(map(base_url, endpoints)))
        if not urls:
            raise CotmillError("no endpoint is given")
        self._model, self._patience, self._structured = model, patience, structured
        self._secrets = [form for form in (key, json.dumps(key)[1:-1], urllib.parse.quote(key)) if form]
        self._pool = Pool(urls, in_flight)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._connections = Connections(headers, connect_s=patience.connect_s, call_s=patience.call_s, most=MOST_BYTES)
        self._most = in_flight * len(urls)
        self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="model")
        self._halt = threading.Event()  # of the call under way
        self._jitter = random.Random()
        self._heard = False  # of any server
        self._answered, self._untaken, self._counting = False, 0, threading.Lock()

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        halt = self._halt = threading.Event()
        waiting = deque(enumerate(requests))
        completions: dict[int, Completion] = {}

        def work() -> None:
            while waiting and not halt.is_set():
                try:
                    number, request = waiting.popleft()
                except IndexError:  # another thread was faster
                    return
                following: Request | None = request
                while following is not None and not halt.is_set():
                    completions[number] = self._answer(following, halt)
                    following = finished(number, completions[number])

        futures = [self._threads.submit(work) for _ in range(min(self._most, len(requests)))]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()
            if halt.is_set():
                raise ModelUnreachable("the model was closed while it was asked")
            return [completions[number] for number in range(len(requests))]
        finally:
            halt.set()
            self._pool.wake()
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Also ends what is still under way after a failure, or in another thread."""
        self._halt.set()
        self._pool.wake()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._connections.close()

    def _answer(self, request: Request, halt: threading.Event) -> Completion:
        trouble, last = "", None
        for attempt in range(self._patience.attempts):
            if attempt and halt.wait(self._backoff(attempt - 1)):
                break
            if (lease := self._pool.take(last, halt)) is None:
                break
            last = lease.server
            try:
                found = self._ask(last, request)
            except _PassingError as error:
                trouble, heard = str(error), self._heard
                pause = min(error.pause, self._patience.longest_pause_s)
                self._pool.failed(
                    lease, strained=error.strained, asked=pause, usual=self._backoff(last.rests if heard else 0)
                )
                if self._pool.gone(self._patience.attempts) or (not heard and attempt + 1 >= UNHEARD):
                    break
            else:
                self._pool.worked(lease)
                return found
            finally:
                self._pool.give_back(lease)
        attempts = f"{attempt + 1} attempts" if attempt else "one attempt"
        advice = "when it answers again, the same command goes on" if self._heard else "is a server running there?"
        raise ModelUnreachable(f"no usable answer after {attempts}; the last: {trouble}; {advice}")

    def _backoff(self, failures: int) -> float:
        """Of many that wait, no two come back at once."""
        longest = min(self._patience.longest_pause_s, self._patience.pause_s * 2.0 ** min(failures, 30))
        return longest * self._jitter.uniform(0.5, 1.0)

    def _ask(self, server: Server, request: Request) -> Completion:
        """One answer. Raises _PassingError where another may succeed, ModelRefused where none will."""
        url = f"{server.url}/completions" if isinstance(request.prompt, str) else f"{server.url}/chat/completions"
        began = time.monotonic()
        structured = self._structured and server.structured and request.schema is not None
        reply = self._post(url, payload(self._model, request, structured=structured))
        if structured and objects_to_schema(reply.status, reply.body):
            began = time.monotonic()
            reply = self._post(url, payload(self._model, request, structured=False))
            if reply.status == 200:  # it was the schema, then, and not the request
                server.structured = False
        if reply.status in UNTAKEN:
            return self._not_taken(url, reply, time.monotonic() - began)
        if reply.status != 200:
            self._failed(url, reply)
        try:
            found = read(reply.body, request, time.monotonic() - began)
        except NotAnAnswer:
            raise _PassingError(f"{url}: not an answer: {self._clean(said(reply.body))}") from None
        self._answered = True
        return found

    def _post(self, url: str, body: bytes) -> Reply:
        try:
            reply = self._connections.post(url, body)
        except NoReply as error:
            raise _PassingError(f"{url}: {self._clean(str(error))}", strained=True) from None
        self._heard = True
        return reply

    def _failed(self, url: str, reply: Reply) -> NoReturn:
        """Raises what a status other than 200 stands for."""
        status = reply.status
        message = f"{url}: {status} {self._clean(reply.reason)}: {self._clean(said(reply.body))}"
        if status in PASSING or status >= 500:
            raise _PassingError(message, strained=status in STRAINED, pause=_retry_after(reply.retry_after))
        if status in (401, 403):
            message = f"{message.rstrip('.')}; is {KEY} set to the server's key?"
        if status == 404:
            message = f"{message.rstrip('.')}; does the server serve the model {self._model!r} under this URL?"
        raise ModelRefused(message)

    def _not_taken(self, url: str, reply: Reply, seconds: float) -> Completion:
        """Raises ModelRefused where no request was ever answered: then no request will be."""
        words = self._clean(said(reply.body)) or self._clean(reply.reason)
        with self._counting:
            self._untaken += 1
            hopeless = not self._answered and self._untaken >= HOPELESS
        if hopeless:
            raise ModelRefused(f"{url}: none of the first {HOPELESS} requests is taken; {reply.status}: {words}")
        return Completion(words, REFUSED, None, seconds=seconds)

    def _clean(self, text: str) -> str:
        """On one line, shortened, and without the key, which some servers repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return "".join(letter for letter in " ".join(text.split())[:QUOTED] if letter.isprintable())


class _PassingError(Exception):
    """What may go well the next time; `pause` is for how many seconds the server asks."""

    def __init__(self, message: str, *, strained: bool = False, pause: float = 0.0) -> None:
        super().__init__(message)
        self.strained, self.pause = strained, pause


def base_url(url: str) -> str:
    """Ends in /v1. Raises CotmillError for what is no base URL, which tells nothing that may be a secret."""
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise CotmillError("an endpoint holds characters that no URL has; write it as http://host:8000/v1")
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        raise CotmillError("an endpoint is no URL; write it as http://host:8000/v1") from None
    if parts.username is not None or parts.password is not None:
        raise CotmillError(f"the endpoint at {host} names a user or a password; put the key into {KEY}")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        shown = host or url.rpartition("@")[2].partition("?")[0].partition("#")[0]
        raise CotmillError(f"the endpoint {shown!r} is no base URL; write it as http://host:8000/v1")
    plain = url.rstrip("/")
    return plain if plain.endswith("/v1") else f"{plain}/v1"


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
