"""A model behind HTTP: what may pass is asked again, what will not ends at once, and the key is seen nowhere."""

from __future__ import annotations

import base64
import json
import logging
import random
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

import pytest

from backends.served import KEY as SECRET
from backends.served import Answer, Script, Server, reply, text
from cotmill.backends import model_http
from cotmill.backends.model import REFUSED, Completion, ModelRefused, ModelUnreachable, Request, Sampling, Turn, Usage
from cotmill.backends.model_http import KEY, QUOTED, HttpModel, Patience
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
    "a choice that was broken off": text("x", "abort"),
    "an error that says all is well": Answer({"error": {"message": "no GPU left"}}),
    "a wrong content type": Answer(b"data: {}", headers={"Content-Type": "text/event-stream"}),
    "squeezed": Answer(b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"}),
    "nothing at all": Answer(drop=True),
    "a reset": Answer(reset=True),
    "no status line": Answer(reason="no\nstatus"),
    "a head without an end": Answer(endless_head=True),
    "too slow": text("late", delay=0.6),
    "drop by drop": text("late", drip=0.05),
}


@pytest.mark.parametrize("fault", PASSING)
def test_what_may_pass_is_asked_again(serve: Serve, fault: str) -> None:
    server = serve(lambda number, body: PASSING[fault] if number < 2 else echo(number, body))
    patience = Patience(call_s=0.3, attempts=5, pause_s=0.01, longest_pause_s=1.0)
    assert ask(server.url, patience=patience)[0].text == "text 0"
    assert len(server.asked) == 3


@pytest.mark.parametrize(("fault", "attempts"), [("busy", 5), ("no choices", 5), ("half a body", 3)])
def test_what_does_not_pass_is_the_machinery_s_fault(serve: Serve, fault: str, attempts: int) -> None:
    """After so many attempts, fewer where no whole answer ever came, with the last trouble in the message."""
    server = serve(lambda number, body: PASSING[fault])
    with pytest.raises(
        ModelUnreachable, match=f"no usable answer after {attempts} attempts; the last: http://127"
    ) as error:
        ask(server.url)
    assert isinstance(error.value, MachineryError)
    assert ("the same command goes on" in str(error.value)) is (fault != "half a body")  # of that nothing was heard
    assert len(server.asked) == attempts


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, KEY), (403, KEY), (404, "serve the model 'm'"), (402, "bad request"), (307, "307")],
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


def test_a_server_that_is_well_again_works_again(serve: Serve) -> None:
    server = serve(lambda number, body: Answer({}, 500) if number < 6 else text("x", delay=0.01))
    other = serve(lambda number, body: text("x", delay=0.01))
    ask(server.url, other.url, count=200, in_flight=4, patience=Patience(pause_s=0.005, longest_pause_s=0.05))
    assert len(server.asked) > 40


UNTAKEN = Answer({"error": {"message": "the prompt is\ntoo long\u001b[31m"}}, 413)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_not_taken_costs_itself_alone(serve: Serve, status: int) -> None:
    """Others are answered; it is not asked again, and says what the server says, on one line."""
    untaken = Answer({"error": {"message": "the prompt is\ntoo long\u001b[31m"}}, status)
    server = serve(lambda number, body: untaken if body["seed"] % 10 == 3 else echo(number, body))
    found = ask(server.url, count=200)
    assert len(server.asked) == 200
    for number, completion in enumerate(found):
        refused = Completion("the prompt is too long[31m", REFUSED, None)
        assert completion == (refused if number % 10 == 3 else Completion(f"text {number}", "stop", Usage(1, 7)))


def test_where_no_request_is_taken_the_settings_are_wrong(serve: Serve) -> None:
    """With the server's words; seven could all be too long."""
    server = serve(lambda number, body: UNTAKEN)
    assert {completion.finish for completion in ask(server.url, count=7)} == {REFUSED}
    with pytest.raises(ModelRefused, match="none of the first 8 requests is taken; 413: the prompt is too long"):
        ask(server.url, count=100, in_flight=4)
    assert len(server.asked) <= 7 + 8 + 4


def test_after_an_answer_the_settings_are_right(serve: Serve) -> None:
    """However many are refused."""
    server = serve(lambda number, body: echo(number, body) if number == 0 else UNTAKEN)
    assert [completion.finish for completion in ask(server.url, count=40, in_flight=1)].count(REFUSED) == 39


SCHEMA = {"type": "object", "properties": {"verdict": {"type": "string"}}}


def verdicts(url: str, count: int, *, structured: bool = True) -> list[Completion]:
    model = HttpModel([url], "m", in_flight=1, patience=QUICK, structured=structured)
    try:
        return model.complete([Request("", Sampling(seed=number), schema=SCHEMA) for number in range(count)])
    finally:
        model.close()


@pytest.mark.parametrize("status", [400, 422, 500, 501])
def test_a_server_that_knows_no_schema_is_asked_without(serve: Serve, status: int) -> None:
    """At once, and from then on; a schema that is not wanted is never sent."""
    unknown = Answer({"error": "unknown field response_format"}, status)
    server = serve(lambda number, body: unknown if "response_format" in body else echo(number, body))
    began = time.monotonic()
    assert [completion.text for completion in verdicts(server.url, 5)] == [f"text {number}" for number in range(5)]
    assert time.monotonic() - began < 2
    assert ["response_format" in body for _, _, body in server.asked] == [True] + [False] * 5
    verdicts(server.url, 1, structured=False)
    assert "response_format" not in server.asked[-1][2]


def test_a_server_that_knows_schemas_gets_them(serve: Serve) -> None:
    """Also after it refused one request that speaks of a schema, for another reason."""
    long = Answer({"error": "too long: ...json_schema..."}, 400)
    server = serve(lambda number, body: long if body["seed"] == 1 else echo(number, body))
    assert [completion.finish for completion in verdicts(server.url, 3)] == ["stop", REFUSED, "stop"]
    assert ["response_format" in body for _, _, body in server.asked] == [True, True, False, True]


def test_a_slow_server_holds_nobody_up(serve: Serve) -> None:
    """Only what it has itself: all else is answered while it sleeps."""
    slow, good = serve(lambda number, body: text("x", delay=1.5)), serve(lambda number, body: text("x", delay=0.005))
    times = list[float]()
    model = HttpModel([slow.url, good.url], "m", in_flight=4, patience=QUICK)
    began = time.monotonic()

    def finished(number: int, completion: Completion) -> None:
        times.append(time.monotonic() - began)

    model.complete([Request("", Sampling(seed=number)) for number in range(200)], finished)
    model.close()
    assert len(slow.asked) <= 8
    assert sum(each < 1.2 for each in times) >= 196
    assert good.busiest == 4


@pytest.mark.parametrize("fault", [Answer({}, 429), Answer({}, 503), Answer(reset=True), Answer(drop=True)])
def test_a_strained_server_is_given_less(serve: Serve, fault: Answer) -> None:
    """It takes four at a time. Far fewer requests are in vain than without adaptation, and the answers are the same."""
    failed = 0

    def script(number: int, body: dict[str, Any]) -> Answer:
        nonlocal failed
        if server.busy > 4:
            failed += 1
            return fault
        return text(f"text {body['seed']}", delay=0.02)

    server = serve(script)
    patience = Patience(attempts=50, pause_s=0.01, longest_pause_s=0.02)
    found = ask(server.url, count=300, in_flight=32, patience=patience)
    assert [completion.text for completion in found] == [f"text {number}" for number in range(300)]
    assert failed < 150


def test_faults_of_every_kind_change_no_answer(serve: Serve) -> None:
    """A fifth of all requests go wrong in one of six ways, and one of two servers dies midway."""
    kinds = [Answer({}, 429, headers={"Retry-After": "0.01"})] * 10 + [Answer({}, 500)] * 5 + [Answer(reset=True)]
    kinds += [text("cut", cut=5)] * 2 + [text("late", delay=0.4)] * 2
    chance, lock = random.Random(3), threading.Lock()

    def script(number: int, body: dict[str, Any]) -> Answer:
        with lock:
            drawn = chance.randrange(100)
        return kinds[drawn] if drawn < len(kinds) else echo(number, body)

    good = serve(script)
    dying = serve(lambda number, body: script(number, body) if number < 100 else Answer(drop=True))
    patience = Patience(call_s=0.2, attempts=12, pause_s=0.01, longest_pause_s=0.2)
    found = ask(good.url, dying.url, count=600, in_flight=8, patience=patience)
    assert [completion.text for completion in found] == [f"text {number}" for number in range(600)]
    assert {body["seed"] for server in (good, dying) for _, _, body in server.asked} == set(range(600))


def test_a_connection_is_used_again(serve: Serve) -> None:
    server = serve(echo)
    ask(server.url, count=40, in_flight=2)
    assert server.connections <= 2


def test_a_body_without_end(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_http, "MOST_BYTES", 1000)
    server = serve(lambda number, body: text("x" * 5000) if number == 0 else echo(number, body))
    assert ask(server.url)[0].text == "text 0"
    assert len(server.asked) == 2


def test_what_is_under_way_ends_with_the_model(serve: Serve) -> None:
    """No thread is left behind that waits for a server that hangs."""
    server = serve(lambda number, body: Answer({}, 401) if body["seed"] == 0 else text("late", delay=3))
    model = HttpModel([server.url], "m", in_flight=4, patience=Patience(call_s=60))
    with pytest.raises(ModelRefused):
        model.complete([Request("", Sampling(seed=number)) for number in (1, 2, 3, 0)])
    model.close()
    began = time.monotonic()
    model._threads.shutdown(wait=True)
    assert time.monotonic() - began < 1


def test_who_closes_ends_the_call_of_another_thread(serve: Serve) -> None:
    """It tries no more, though its patience would last for minutes."""
    server = serve(lambda number, body: Answer({}, 503))
    model = HttpModel([server.url], "m", in_flight=2, patience=Patience(attempts=100, pause_s=60))
    raised: list[BaseException] = []

    def call() -> None:
        try:
            model.complete([Request("", Sampling(seed=number)) for number in range(9)])
        except ModelUnreachable as error:
            raised.append(error)

    asking = threading.Thread(target=call, daemon=True)
    asking.start()
    while not server.asked:
        time.sleep(0.01)
    model.close()
    asking.join(2)
    assert len(raised) == 1
    model._threads.shutdown(wait=True)
    assert len(server.asked) <= 4


def test_what_is_asked_next(serve: Serve) -> None:
    """Conversations of several requests, side by side: each request follows from the answer before."""
    server = serve(lambda number, body: text(body["prompt"] + "."))

    def finished(number: int, completion: Completion) -> Request | None:
        return Request(completion.text) if completion.text.count(".") < number % 4 + 1 else None

    model = HttpModel([server.url], "m", in_flight=4, patience=QUICK)
    found = model.complete([Request(str(number)) for number in range(30)], finished)
    model.close()
    assert [completion.text for completion in found] == [f"{n}{'.' * (n % 4 + 1)}" for n in range(30)]


def test_an_environment_s_proxy_is_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its password; not for hosts that the environment excepts."""
    proxy, direct = serve(echo), serve(echo)
    monkeypatch.setenv("http_proxy", f"http://me:p%40ss@{proxy.url.removeprefix('http://')}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert ask("http://nowhere.invalid:8000")[0].text == ask(direct.url)[0].text == "text 0"
    ((path, headers, _),) = proxy.asked
    assert path == "http://nowhere.invalid:8000/v1/completions"
    assert base64.b64decode(headers["Proxy-Authorization"].split()[1]) == b"me:p@ss"
    assert len(direct.asked) == 1
    monkeypatch.setenv("http_proxy", "socks5://me:secret@host")
    with pytest.raises(CotmillError, match="proxy") as error:
        ask("http://nowhere.invalid:8000")
    assert "secret" not in str(error.value)


REPEATS = {"error": {"message": f"wrong key {SECRET}"}}
FAULTS = {f"status {status}": Answer(REPEATS, status) for status in (307, 400, 401, 403, 404, 413, 422, 429, 500)} | {
    "a reason": Answer({}, 401, reason=f"Bearer {SECRET}"),
    "a page": Answer(f"<html>{SECRET}".encode(), 502),
    "no answer": Answer(REPEATS),
    "a part of one": Answer(f"{'x' * (QUOTED - 5)}{SECRET}".encode()),
    "no HTTP": Answer(reason=f"ok\n{SECRET}"),
    "cut": Answer(REPEATS, cut=3),
    "drop": Answer(drop=True),
    "reset": Answer(reset=True),
    "hang": Answer(REPEATS, delay=0.5),
    "closed": None,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_shown_nowhere(serve: Serve, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    """Though the server repeats it: no message, traceback with all variables, error behind an error, log or repr."""
    answer = FAULTS[fault]
    url = "http://127.0.0.1:1" if answer is None else serve(lambda number, body: answer).url
    caplog.set_level(logging.DEBUG)
    model = HttpModel([url], "m", in_flight=2, patience=Patience(call_s=0.2, attempts=2, pause_s=0.01))
    told = repr(model)
    try:
        told += repr(model.complete([Request("", Sampling(seed=number)) for number in range(10)]))
        raise AssertionError
    except (CotmillError, ModelUnreachable) as error:
        behind: BaseException | None = error
        while behind is not None:
            told += repr(behind) + "".join(
                traceback.TracebackException.from_exception(behind, capture_locals=True).format()
            )
            behind = behind.__cause__ or behind.__context__
    finally:
        model.close()
    assert SECRET not in told + caplog.text
    assert SECRET[: len(SECRET) // 2] not in told


def test_a_key_is_recognised_in_other_forms(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON and as URLs write it."""
    key = 'a"b\\c/d+e%f-0123456789'
    monkeypatch.setenv(KEY, key)
    server = serve(lambda number, body: Answer(f"{json.dumps(key)} {quote(key)}!".encode(), 401))
    with pytest.raises(ModelRefused, match=r'"\[key\]" \[key\]!'):
        ask(server.url)


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


@pytest.mark.parametrize("url", ["localhost:8000", "127.0.0.1:8000/v1", "host/v1", "me:secret@localhost:8000?k=secret"])
def test_an_endpoint_without_a_scheme_is_named(url: str) -> None:
    with pytest.raises(CotmillError, match=r"endpoint '(localhost|127|host).*; write it as http://") as error:
        HttpModel([url], "m")
    assert "secret" not in str(error.value)


def test_no_endpoint_at_all() -> None:
    with pytest.raises(CotmillError, match="no endpoint"):
        HttpModel([], "m")


def test_an_address_that_nobody_serves_is_told_within_seconds() -> None:
    """However many requests wait: no rest of a server that was never heard of is long."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(ModelUnreachable, match="Connection refused; is a server running there"):
        ask(f"http://127.0.0.1:{port}", count=40, patience=Patience(attempts=8))
    assert time.monotonic() - began < 60  # it took minutes when each request had attempts of its own
