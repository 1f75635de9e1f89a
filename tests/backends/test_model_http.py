"""A model behind HTTP: what may pass is asked again, what will not ends at once, and the key is seen nowhere."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import pytest

from backends.served import KEY as SECRET
from backends.served import Answer, Script, Server, reply, text
from cotmill.backends.model import Completion, ModelRefused, ModelUnreachable, Request, Sampling, Turn, Usage
from cotmill.backends.model_http import KEY, TOLERATED, HttpModel, Patience, _Server
from cotmill.base.stage import CotmillError, MachineryError

QUICK = Patience(call_s=5.0, connect_s=2.0, attempts=5, pause_s=0.01, longest_pause_s=1.0)
Serve = Callable[[Script], Server]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(KEY, SECRET)


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(script: Script) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def ask(
    *urls: str, count: int = 1, patience: Patience = QUICK, in_flight: int = 8, prompt: Any = ""
) -> list[Completion]:
    model = HttpModel(urls, "m", in_flight=in_flight, patience=patience)
    try:
        return model.complete([Request(prompt, Sampling(0.9, 0.95, 64, number)) for number in range(count)])
    finally:
        model.close()


def echo(number: int, body: dict[str, Any]) -> Answer:
    return text(f"text {body['seed']}")


def test_a_text_is_gone_on_with(serve: Serve) -> None:
    """What goes over the wire, and what comes back: text, finish reason, usage."""
    server = serve(lambda number, body: text("x = 1", "length"))
    assert ask(server.url) == [Completion("x = 1", "length", Usage(1, 7))]
    ((path, headers, body),) = server.asked
    assert path == "/v1/completions"
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert body == {"model": "m", "prompt": "", "temperature": 0.9, "top_p": 0.95, "max_tokens": 64, "seed": 0}


def test_a_chat_is_answered(serve: Serve) -> None:
    server = serve(lambda number, body: reply("Yes."))
    assert ask(f"{server.url}/v1/", prompt=(Turn("user", "Well?"),)) == [Completion("Yes.", "stop", None)]
    ((path, _, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert body["messages"] == [{"role": "user", "content": "Well?"}]


def test_without_a_key_none_is_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY)
    server = serve(echo)
    ask(server.url)
    assert "Authorization" not in server.asked[0][1]


def test_answers_come_in_the_order_of_the_requests_and_not_too_many_at_a_time(serve: Serve) -> None:
    """Whichever is finished first."""
    server = serve(lambda number, body: text(f"text {body['seed']}", delay=0.03 if body["seed"] % 3 == 0 else 0.0))
    found = ask(server.url, count=40, in_flight=5)
    assert [completion.text for completion in found] == [f"text {number}" for number in range(40)]
    assert 2 <= server.busiest <= 5


PASSING = {
    "busy": Answer({"error": "slow down"}, 429),
    "busy, with a time": Answer({}, 429, headers={"Retry-After": "0.05"}),
    "busy, until a date": Answer({}, 503, headers={"Retry-After": formatdate(0, usegmt=True)}),
    "busy, with nonsense": Answer({}, 429, headers={"Retry-After": "nan"}),
    "broken": Answer({}, 500),
    "a gateway's page": Answer(b"<html>502</html>", 502),
    "an empty body": Answer(b""),
    "half a body": Answer({"choices": [{"text": "x", "finish_reason": "stop"}]}, cut=10),
    "half of some JSON": Answer(b'{"choices": [{"te'),
    "no JSON": Answer(b"<html>all is well</html>"),
    "JSON of another kind": Answer(["choices"]),
    "no choices": Answer({"choices": []}),
    "a choice without text": Answer({"choices": [{"text": None, "finish_reason": "stop"}]}),
    "a choice that did not finish": text("x", None),
    "nothing at all": Answer(drop=True),
    "too slow": text("late", delay=0.6),
    "drop by drop": text("late", drip=0.05),
}


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_pass_is_asked_again(serve: Serve, fault: str) -> None:
    server = serve(lambda number, body: PASSING[fault] if number < 2 else echo(number, body))
    patience = Patience(call_s=0.3, attempts=5, pause_s=0.01, longest_pause_s=1.0)
    assert ask(server.url, patience=patience)[0].text == "text 0"
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", ["busy", "half a body", "no choices"])
def test_what_does_not_pass_is_the_machinery_s_fault(serve: Serve, fault: str) -> None:
    """After so many attempts, with the last trouble in the message."""
    server = serve(lambda number, body: PASSING[fault])
    with pytest.raises(ModelUnreachable, match=r"no usable answer after 5 attempts; the last: http://127") as error:
        ask(server.url)
    assert isinstance(error.value, MachineryError)
    assert len(server.asked) == 5


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, KEY), (403, KEY), (404, "serve the model 'm'"), (400, "bad request"), (422, "422"), (307, "307")],
)
def test_what_will_not_pass_ends_at_once(serve: Serve, status: int, words: str) -> None:
    """With what the server says; no second call."""
    server = serve(lambda number, body: Answer({"error": "this is a bad request"}, status))
    with pytest.raises(ModelRefused, match=words) as error:
        ask(server.url)
    assert not isinstance(error.value, MachineryError)
    assert len(server.asked) == 1


def test_one_refusal_ends_the_others(serve: Serve) -> None:
    """Requests that wait for their turn are not made."""
    server = serve(lambda number, body: Answer({}, 401) if number == 0 else text("x", delay=0.1))
    with pytest.raises(ModelRefused):
        ask(server.url, count=200, in_flight=2)
    assert len(server.asked) < 10


def test_after_a_refusal_nothing_is_asked_again(serve: Serve) -> None:
    """Not even what might pass."""
    server = serve(lambda number, body: Answer({}, 401 if body["seed"] == 5 else 500, delay=0.1 * (body["seed"] == 5)))
    model = HttpModel([server.url], "m", patience=Patience(attempts=200, pause_s=0.01, longest_pause_s=0.02))
    with pytest.raises(ModelRefused):
        model.complete([Request("", Sampling(seed=number)) for number in range(6)])
    time.sleep(0.2)
    asked = len(server.asked)
    time.sleep(0.2)
    assert len(server.asked) == asked
    model.close()


def test_a_pause_that_the_server_names_is_kept(serve: Serve) -> None:
    server = serve(
        lambda number, body: Answer({}, 429, headers={"Retry-After": "0.4"}) if number == 0 else echo(number, body)
    )
    began = time.monotonic()
    ask(server.url)
    assert 0.4 <= time.monotonic() - began < 3


def test_no_pause_is_endless(serve: Serve) -> None:
    server = serve(
        lambda number, body: Answer({}, 429, headers={"Retry-After": "1e9"}) if number == 0 else echo(number, body)
    )
    began = time.monotonic()
    ask(server.url, patience=Patience(pause_s=0.01, longest_pause_s=0.2))
    assert time.monotonic() - began < 3


def test_several_servers_are_one_pool(serve: Serve) -> None:
    """All work; each answers its share."""
    servers = [serve(lambda number, body: text(f"text {body['seed']}", delay=0.01)) for _ in range(3)]
    found = ask(*(server.url for server in servers), count=60, in_flight=6)
    assert [completion.text for completion in found] == [f"text {number}" for number in range(60)]
    assert min(len(server.asked) for server in servers) >= 10


def test_a_dead_server_is_left_alone(serve: Serve) -> None:
    """What it would have answered the other one does; it is asked rarely."""
    good, bad = serve(echo), serve(lambda number, body: Answer({}, 500))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    patience = Patience(attempts=8, pause_s=0.05, longest_pause_s=5.0)
    found = ask(closed, bad.url, good.url, count=100, in_flight=4, patience=patience)
    assert [completion.text for completion in found] == [f"text {number}" for number in range(100)]
    assert len(bad.asked) < 20


def test_a_server_that_failed_too_often_gets_one_request_at_a_time() -> None:
    server = _Server("http://host/v1", failures=TOLERATED)
    server.in_flight = 7
    assert server.able(0.0)
    server.failures += 1
    assert not server.able(0.0)
    server.in_flight = 0
    assert server.able(0.0)
    server.rests_until = 1.0
    assert not server.able(0.5)


def test_a_server_that_is_well_again_works_again(serve: Serve) -> None:
    server = serve(lambda number, body: Answer({}, 500) if number < 6 else text("x", delay=0.01))
    other = serve(lambda number, body: text("x", delay=0.01))
    ask(server.url, other.url, count=200, in_flight=4, patience=Patience(pause_s=0.005, longest_pause_s=0.05))
    assert len(server.asked) > 40


@pytest.mark.parametrize("status", [401, 400, 500])
def test_the_key_is_in_no_message(serve: Serve, status: int) -> None:
    """Though the server repeats it."""
    server = serve(lambda number, body: Answer({"error": f"wrong key {SECRET}"}, status))
    with pytest.raises(CotmillError) as error:
        ask(server.url)
    assert SECRET not in "".join(traceback.format_exception(error.value)) + repr(error.value)
    assert "[key]" in str(error.value)


def test_a_key_that_cannot_be_one_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("two words", "line\nend", "g\u00e4h"):
        monkeypatch.setenv(KEY, wrong)
        with pytest.raises(CotmillError, match=KEY) as error:
            HttpModel(["http://localhost"], "m")
        assert wrong not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://host",
        "http://",
        "http://me:secret@host/v1",
        "http://host/v1?k=secret",
        "http://host:port",
    ],
)
def test_what_is_no_endpoint(url: str) -> None:
    with pytest.raises(CotmillError) as error:
        HttpModel([url], "m")
    assert "secret" not in str(error.value)


def test_no_endpoint_at_all() -> None:
    with pytest.raises(CotmillError, match="no endpoint"):
        HttpModel([], "m")
