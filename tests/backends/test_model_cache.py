"""The journal: what was answered is there after any kill, nothing is asked twice, and what is not the same is not used."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.calling import IN_FLIGHT, requests
from backends.served import KEY as SECRET
from backends.served import Answer, Server, text
from cotmill.backends import model_calls
from cotmill.backends.model import REFUSED, Completion, Finished, ModelRefused, Request, Sampling, Turn, Usage, unheard
from cotmill.backends.model_cache import Journal, Spent, spent
from cotmill.backends.model_http import KEY, HttpModel, Patience
from cotmill.base.stage import CotmillError, MachineryError

ASK = Request("Why?", Sampling(0.7, 0.9, 64, 5), "explain/a/0")


class Counting:
    """Never says the same twice; counts what it was asked."""

    def __init__(self, say: Callable[[int], str] = "text {}".format) -> None:
        self.asked: list[Request] = []
        self._say = say

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        made = []
        for number, request in enumerate(requests):
            following: Request | None = request
            while following is not None:
                self.asked.append(following)
                answer = Completion(self._say(len(self.asked)), "stop", Usage(3, len(self.asked)), seconds=0.25)
                following = finished(number, answer)
            made.append(answer)
        return made

    def close(self) -> None:
        self.asked = []


def texts(journal: Journal, asked: Sequence[Request]) -> list[str]:
    return [completion.text for completion in journal.complete(asked)]


def kept(folder: Path) -> list[dict[str, Any]]:
    """Every line of every file is JSON."""
    return [json.loads(line) for path in sorted(folder.glob("*")) for line in path.read_bytes().splitlines()]


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    """Not by the same journal, nor by a later one; text, finish, usage and seconds are what they were."""
    model = Counting()
    journal = Journal(tmp_path, "m", model)
    found = journal.complete(requests(0, 3))
    assert journal.complete(requests(1, 2)) == found[1:]
    assert len(model.asked) == 3
    journal.close()
    again = Journal(tmp_path, "m", None).complete(requests(0, 3))
    assert again == found == [Completion(f"text {n}", "stop", Usage(3, n)) for n in (1, 2, 3)]
    assert [completion.seconds for completion in again] == [0.25] * 3


def test_one_call_for_requests_that_are_the_same(tmp_path: Path) -> None:
    """Each hears of its answer."""
    model, heard = Counting(), []
    journal = Journal(tmp_path, "m", model)
    asked = [ASK, replace(ASK, key="explain/b/0"), ASK]
    found = journal.complete(asked, lambda number, completion: heard.append((number, completion.text)))
    assert [completion.text for completion in found] == ["text 1", "text 2", "text 1"]
    assert sorted(heard) == [(0, "text 1"), (1, "text 2"), (2, "text 1")]
    heard.clear()
    journal.complete(asked, lambda number, completion: heard.append((number, completion.text)))
    assert sorted(heard) == [(0, "text 1"), (1, "text 2"), (2, "text 1")]
    assert len(model.asked) == 2


def test_what_is_returned_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushed after the last write of each batch; a batch of which nothing is written costs no flush."""
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_size))
    journal = Journal(tmp_path, "m", Counting())
    for first in (0, 7, 14):
        journal.complete(requests(first, 7))
        assert flushed[-1] == (tmp_path / "calls-0000.jsonl").stat().st_size
    before = len(flushed)
    journal.complete(requests(0, 21))
    assert len(flushed) == before < 8


CHANGED = {
    "key": replace(ASK, key="explain/a/1"),
    "prompt": replace(ASK, prompt="Why? "),
    "chat": replace(ASK, prompt=(Turn("user", "Why?"),)),
    "role": replace(ASK, prompt=(Turn("system", "Why?"),)),
    "turns": replace(ASK, prompt=(Turn("user", "Wh"), Turn("user", "y?"))),
    "temperature": replace(ASK, sampling=replace(ASK.sampling, temperature=0.8)),
    "top_p": replace(ASK, sampling=replace(ASK.sampling, top_p=0.95)),
    "max_tokens": replace(ASK, sampling=replace(ASK.sampling, max_tokens=65)),
    "seed": replace(ASK, sampling=replace(ASK.sampling, seed=6)),
    "no seed": replace(ASK, sampling=replace(ASK.sampling, seed=None)),
    "schema": replace(ASK, schema={"type": "object"}),
    "another schema": replace(ASK, schema={"type": "string"}),
}


def test_what_is_not_the_same_is_another_call(tmp_path: Path) -> None:
    """Key, prompt, roles, each sampling parameter, schema: all, and the first, have answers of their own."""
    model = Counting()
    asked = [ASK, *CHANGED.values()]
    found = texts(Journal(tmp_path, "m", model), asked)
    assert len(set(found)) == len(asked) == len(model.asked)


def test_another_model_s_answers_are_not_used(tmp_path: Path) -> None:
    texts(Journal(tmp_path, "m", Counting()), [ASK])
    other = Counting("other {}".format)
    assert texts(Journal(tmp_path, "m2", other), [ASK]) == ["other 1"]


def test_replay_without_a_model(tmp_path: Path) -> None:
    """What it lacks is one error that says how much and which; nothing is made, not even the folder."""
    with pytest.raises(ModelRefused, match="no answer of 'm' to 1 of 1 calls"):
        Journal(tmp_path / "none", "m", None).complete([ASK])
    assert not (tmp_path / "none").exists()
    texts(Journal(tmp_path / "J", "m", Counting()), requests(0, 3))
    before = kept(tmp_path / "J")
    replayed = Journal(tmp_path / "J", "m", None)
    assert texts(replayed, requests(0, 3)) == ["text 1", "text 2", "text 3"]
    with pytest.raises(ModelRefused, match=r"to 2 of 5 calls, the first with key 'test/3'") as error:
        replayed.complete(requests(0, 5))
    assert not isinstance(error.value, MachineryError)  # no use in trying again
    assert kept(tmp_path / "J") == before


def test_what_was_spent(tmp_path: Path) -> None:
    """By stage and model; also where the server counts no tokens."""
    texts(Journal(tmp_path, "m", Counting()), [ASK, CHANGED["key"], *requests(0, 1)])
    calls = model_calls.CallFolder(tmp_path)
    calls.append(
        bytes(16), {"key": "judge/x", "model": "n", "prompt_tokens": None, "completion_tokens": None, "seconds": 2}
    )
    calls.close()
    assert spent(tmp_path) == {
        ("explain", "m"): Spent(2, 6, 3, 0, 0.5), ("test", "m"): Spent(1, 3, 3, 0, 0.25), ("judge", "n"): Spent(1, 0, 0, 1, 2)
    }  # fmt: skip


# Conversations


class Interleaved:
    """The same answer to the same call; conversations are gone on with in any order, all of them in flight."""

    def __init__(self, order: random.Random, refused: set[str]) -> None:
        self.asked = Counter[str]()
        self._order, self._refused = order, refused

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        under_way = list(enumerate(requests))
        self.asked.update(request.key for request in requests)
        answers: dict[int, Completion] = {}
        while under_way:
            number, request = under_way.pop(self._order.randrange(len(under_way)))
            finish = REFUSED if request.key in self._refused else "stop"
            answers[number] = Completion(f"{finish} {request.prompt}", finish, None)
            if (following := finished(number, answers[number])) is not None:
                self.asked[following.key] += 1
                under_way.append((number, following))
        return [answers[number] for number in range(len(requests))]

    def close(self) -> None:
        self.asked.clear()


CALLS = [Request(f"call {number}", Sampling(seed=number), f"t/{number}") for number in range(8)]
plans = st.lists(st.lists(st.sampled_from(CALLS), min_size=1, max_size=5), max_size=7)


def talk(model: Any, plan: list[list[Request]]) -> tuple[list[Completion], dict[int, list[str]]]:
    """What each conversation comes to, and what it heard. An answer that was refused leads elsewhere."""
    heard: dict[int, list[str]] = {number: [] for number in range(len(plan))}
    asked = {number: [calls[0]] for number, calls in enumerate(plan)}

    def finished(number: int, completion: Completion) -> Request | None:
        assert completion.text.endswith(str(asked[number][-1].prompt))  # the answer to its own question
        heard[number].append(completion.text)
        left = plan[number][len(asked[number]) :]
        if not left or (completion.finish == REFUSED and number % 2):
            return None
        asked[number].append(left[0])
        return left[0]

    return model.complete([calls[0] for calls in plan], finished), heard


@settings(max_examples=150, deadline=None)
@given(plans, st.sets(st.sampled_from(CALLS)), st.sets(st.sampled_from([call.key for call in CALLS])), st.randoms())
def test_conversations_are_the_same_with_a_journal(
    plan: list[list[Request]], before: set[Request], refused: set[str], order: random.Random
) -> None:
    """Whatever of them is kept already, whatever they share: same ends, same turns, and no call is made twice."""
    plain, model = Interleaved(order, refused), Interleaved(order, refused)
    expected = talk(plain, plan)
    with tempfile.TemporaryDirectory() as name, mock.patch.object(os, "fsync"):
        journal = Journal(Path(name), "m", model)
        journal.complete(sorted(before, key=lambda call: call.key))
        have = {call.key for call in before} - refused
        model.close()
        assert talk(journal, plan) == expected
        assert set(model.asked) == set(plain.asked) - have
        assert set(model.asked.values()) <= {1}
        assert {line["key"] for line in kept(Path(name))} == (set(plain.asked) | have) - refused
        assert len(kept(Path(name))) == len({line["key"] for line in kept(Path(name))})
        journal.close()
        if not refused & set(plain.asked):
            replayed = Journal(Path(name), "m", None)
            assert talk(replayed, plan) == expected
            replayed.close()


def test_twins_are_asked_once_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty conversations that come to the same calls, eight in flight, in real threads."""
    for name in (KEY, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server(lambda number, body: text(f"stop {body['prompt']}", delay=0.002))
    plan = [[CALLS[number % 3], *(CALLS[(number * step) % 8] for step in range(1, 5))] for number in range(40)]
    try:
        journal = Journal(tmp_path, "m", HttpModel([server.url], "m", in_flight=8))
        ends, heard = talk(journal, plan)
        assert heard == talk(Interleaved(random.Random(1), set()), plan)[1]
        assert [completion.text for completion in ends] == [heard[number][-1] for number in range(40)]
        assert sorted(body["seed"] for _, _, body in server.asked) == list(range(8))
        journal.close()
    finally:
        server.close()


def test_a_refusal_is_not_kept(tmp_path: Path) -> None:
    """It is heard by all who asked, once; a later batch asks again, and the server may have been changed."""
    refusing = Interleaved(random.Random(1), {ASK.key})
    journal = Journal(tmp_path, "m", refusing)
    assert [completion.finish for completion in journal.complete([ASK, ASK, ASK])] == [REFUSED] * 3
    assert refusing.asked == {ASK.key: 1}
    assert not kept(tmp_path)
    assert journal.complete([ASK])[0].finish == REFUSED
    assert refusing.asked == {ASK.key: 2}
    journal.close()
    assert texts(Journal(tmp_path, "m", Counting()), [ASK]) == ["text 1"]


def test_reasoning_is_kept(tmp_path: Path) -> None:
    class Thinking(Counting):
        def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
            found = Completion("4", "stop", Usage(1, 2), "2 and 2")
            finished(0, found)
            return [found]

    journal = Journal(tmp_path, "m", Thinking())
    found = journal.complete([ASK])
    journal.close()
    assert Journal(tmp_path, "m", None).complete([ASK]) == found
    assert kept(tmp_path)[0]["reasoning"] == "2 and 2"


# Kills, simulated: the file is cut at any byte, or garbage follows

cuts = st.floats(0, 1)
anything = st.text(st.characters(codec=None), max_size=20)  # lone surrogates too


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_whole_is_there_and_nothing_is_doubled(data: st.DataObject) -> None:
    """Batches between kills. Every line that the cut left whole is answered by the same text; no other is."""
    with tempfile.TemporaryDirectory() as name, mock.patch.object(os, "fsync"):
        folder, path = Path(name), Path(name) / "calls-0000.jsonl"
        said = data.draw(st.lists(anything, min_size=40, max_size=40))
        model = Counting(lambda number: f"{number}:{said[number % 40]}")
        answers: dict[int, tuple[str, int]] = {}  # number -> its text, where its line ends
        for _ in range(data.draw(st.integers(1, 5))):
            journal = Journal(folder, "m", model)
            batch = data.draw(st.lists(st.integers(0, 15), max_size=8))
            before = len(model.asked)
            found = texts(journal, [requests(number, 1)[0] for number in batch])
            assert len(model.asked) - before == len(set(batch) - set(answers))
            for number, answer in zip(batch, found, strict=True):
                if number in answers:
                    assert answers[number][0] == answer
                answers.setdefault(number, (answer, 0))
            os_kill(journal)
            if not path.exists():
                continue
            ends, place = {}, 0
            for line in path.read_bytes().split(b"\n")[:-1]:  # a tail may be there still, where nothing was written
                place += len(line) + 1
                ends[int(json.loads(line)["key"].partition("/")[2])] = place
            assert set(ends) == set(answers)
            cut = data.draw(st.integers(0, path.stat().st_size), label="cut")
            os.truncate(path, cut)
            answers = {number: (answer, ends[number]) for number, (answer, _) in answers.items() if ends[number] <= cut}
            with path.open("ab") as file:
                file.write(data.draw(st.sampled_from([b"", b"\0" * 9, b'{"sum":"00000000","call":"', b"garbage"])))
            replayed = Journal(folder, "m", None)
            for number in range(16):
                if number in answers:
                    assert texts(replayed, requests(number, 1)) == [answers[number][0]]
                else:
                    with pytest.raises(ModelRefused):
                        replayed.complete(requests(number, 1))
            replayed.close()


def os_kill(journal: Journal) -> None:
    """What the kernel does for a process that was killed: files are closed, nothing is written."""
    for file in journal._calls._files:
        os.close(file.handle)


@given(st.binary(max_size=60), st.binary(max_size=60), cuts)
@settings(max_examples=60, deadline=None)
def test_damage_is_no_answer(before: bytes, after: bytes, where: float) -> None:
    """One flipped bit anywhere in a line makes it none; lines around it and around garbage hold."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "calls-0000.jsonl"
        journal = Journal(Path(name), "m", Counting())
        texts(journal, requests(0, 3))
        journal.close()
        lines = path.read_bytes().splitlines(keepends=True)
        broken = bytearray(lines[1])
        broken[int(where * (len(broken) - 1.001))] ^= 1
        path.write_bytes(before + b"\n" + lines[0] + bytes(broken) + lines[2] + after)
        journal = Journal(Path(name), "m", None)
        assert texts(journal, [*requests(0, 1), *requests(2, 1)]) == ["text 1", "text 3"]
        with pytest.raises(ModelRefused):
            journal.complete(requests(1, 1))
        journal.close()


def test_a_torn_tail_is_cut_off_before_more_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "m", Counting())
    texts(journal, requests(0, 3))
    journal.close()
    path = tmp_path / "calls-0000.jsonl"
    os.truncate(path, path.stat().st_size - 5)
    model = Counting("new {}".format)
    journal = Journal(tmp_path, "m", model)
    assert texts(journal, requests(0, 4)) == ["text 1", "text 2", "new 1", "new 2"]
    journal.close()
    assert [line["text"] for line in kept(tmp_path)] == ["text 1", "text 2", "new 1", "new 2"]


def test_an_index_grows(tmp_path: Path) -> None:
    """Beyond its first size, with names that agree in the bits that it keeps, and 24 to 48 bytes for each."""
    calls = model_calls.CallFolder(tmp_path)
    names = [number.to_bytes(8, "big") + bytes([which]) * 8 for number in range(1500) for which in (1, 2)]
    for name in names:
        calls.append(name, {"text": name.hex()})
    for folder in (calls, model_calls.CallFolder(tmp_path)):
        assert all(found["text"] == name.hex() for name in names if (found := folder.find(name)))
        assert sum(folder.find(name) is not None for name in names) == len(names)
        assert folder.find(b"x" * 16) is None
        assert folder.find(bytes(8) + b"x" * 8) is None
        slots = folder._index._names.buffer_info()[1]
        assert 24 <= 16 * slots / len(names) <= 48
        folder.close()


# Full disks


@pytest.fixture
def full() -> Iterator[Callable[[int], None]]:
    """No file grows beyond so many bytes: the kernel writes what fits, then refuses."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1, 50, 300])
def test_a_full_disk(tmp_path: Path, full: Callable[[int], None], room: int) -> None:
    """One clear error; nothing more is paid for; all that was answered before is there, and when there is room the rest."""
    model = Counting()
    journal = Journal(tmp_path, "m", model)
    texts(journal, requests(0, 5))
    path = tmp_path / "calls-0000.jsonl"
    full(path.stat().st_size + room)
    with pytest.raises(MachineryError, match=r"can no longer be kept .* make room and run the same again") as error:
        journal.complete(requests(0, 20))
    assert str(tmp_path) in str(error.value)
    asked = len(model.asked)
    with pytest.raises(MachineryError):
        journal.complete(requests(5, 15))
    assert len(model.asked) == asked <= 5 + 1 + room // 100
    assert texts(journal, requests(0, 5)) == [f"text {n}" for n in range(1, 6)]
    journal.close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    assert [line["text"] for line in kept(tmp_path)] == [f"text {n}" for n in range(1, asked)]
    later = Journal(tmp_path, "m", Counting("later {}".format))
    assert texts(later, requests(0, 20))[: asked - 1] == [f"text {n}" for n in range(1, asked)]


@pytest.mark.parametrize("call", ["write", "fsync", "ftruncate"])
def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Wherever the file system says so: a call that fails to be kept is no answer."""

    def refuse(*arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    journal = Journal(tmp_path, "m", Counting())
    with monkeypatch.context() as patched:
        patched.setattr(os, call, refuse)
        with pytest.raises(MachineryError, match="No space left on device"):
            journal.complete([ASK])
    journal.close()


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    """It is known before a call is sent."""
    (tmp_path / "J").write_text("a file")
    model = Counting()
    with pytest.raises(MachineryError, match="J: answers of the model can no longer be kept"):
        Journal(tmp_path / "J", "m", model).complete([ASK])
    assert not model.asked


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    """One message, not a traceback."""
    (tmp_path / "calls-0000.jsonl").mkdir()
    with pytest.raises(MachineryError, match=r"kept answers cannot be read \(Is a directory\)"):
        Journal(tmp_path, "m", None)


# Real processes and kills


def start(folder: Path, server: Server, first: int, count: int, turns: int = 1) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("calling.py")
    arguments = [str(folder), server.url, str(first), str(count), str(turns)]
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")} | {KEY: SECRET}
    return subprocess.Popen([sys.executable, str(script), *arguments], stdout=subprocess.PIPE, text=True, env=clean)


def acknowledged(output: str) -> list[str]:
    """Texts of whole lines that a process printed."""
    return [text for line in output.splitlines(keepends=True) if line.endswith("\n") for text in json.loads(line)]


def unique(number: int, body: dict[str, Any]) -> Answer:
    """Slow, and never twice the same."""
    return text(f"answer {number} to {body['seed']}", delay=0.02)


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """SIGKILL six times: nothing acknowledged is lost or changes, nothing is kept twice, what is sent again was in flight."""
    server, folder, known, chance = Server(unique), tmp_path / "J", dict[int, str](), random.Random(6)
    try:
        for kill in range(7):
            process = start(folder, server, 0, 400)
            if kill < 6:
                wanted = len(server.asked) + chance.randrange(1, 90)
                while len(server.asked) < wanted and process.poll() is None:
                    time.sleep(0.001)
                process.kill()
            output, _ = process.communicate(timeout=60)
            for number, said in enumerate(acknowledged(output)):
                assert known.setdefault(number, said) == said
        lines = kept(folder)
    finally:
        server.close()
    assert process.returncode == 0 and len(known) == 400
    assert len({line["call"] for line in lines}) == len(lines) == 400
    sent = Counter(body["seed"] for _, _, body in server.asked)
    assert 0 < sum(sent.values()) - 400 <= 6 * IN_FLIGHT
    assert {line["key"]: line["text"] for line in lines} == {f"test/{number}": said for number, said in known.items()}
    assert SECRET not in "".join(path.read_text() for path in folder.iterdir())
    assert server.asked[0][1]["Authorization"] == f"Bearer {SECRET}"


def test_killed_amid_conversations(tmp_path: Path) -> None:
    """The same where each answer leads to the next request: what was said before the kill is gone on with."""
    server, folder, known, chance, turns = Server(unique), tmp_path / "J", dict[int, str](), random.Random(9), 3
    try:
        for kill in range(6):
            process = start(folder, server, 0, 100, turns)
            if kill < 5:
                wanted = len(server.asked) + chance.randrange(1, 70)
                while len(server.asked) < wanted and process.poll() is None:
                    time.sleep(0.001)
                process.kill()
            output, _ = process.communicate(timeout=60)
            for number, said in enumerate(acknowledged(output)):
                assert known.setdefault(number, said) == said
        lines = {line["key"]: line["text"] for line in kept(folder)}
    finally:
        server.close()
    assert process.returncode == 0 and len(known) == 100
    assert len(kept(folder)) == len(lines) == 100 * turns
    assert 0 < len(server.asked) - 100 * turns <= 5 * IN_FLIGHT
    assert known == {number: lines[f"test/{number}/{turns - 1}"] for number in range(100)}
    prompts = {body["prompt"] for _, _, body in server.asked}
    for number in range(100):  # each follows from the kept answer before it
        assert {lines[f"test/{number}"], lines[f"test/{number}/1"]} <= prompts


def test_processes_that_write_at_once(tmp_path: Path) -> None:
    """Each has a file of its own while it lives; a later one reads all, and takes the first over."""
    halves, both = set[bool](), threading.Event()

    def together(number: int, body: dict[str, Any]) -> Answer:
        halves.add(body["seed"] < 120)
        if len(halves) == 2:
            both.set()
        both.wait(30)
        return unique(number, body)

    server, folder = Server(together), tmp_path / "J"
    try:
        processes = [start(folder, server, 0, 120), start(folder, server, 120, 120)]
        said = [text for process in processes for text in acknowledged(process.communicate(timeout=60)[0])]
        assert len(server.asked) == 240
        late = start(folder, server, 0, 250)
        assert acknowledged(late.communicate(timeout=60)[0])[:240] == said
        assert len(server.asked) == 250
    finally:
        server.close()
    assert sorted(path.name for path in folder.iterdir()) == ["calls-0000.jsonl", "calls-0001.jsonl"]
    assert len({line["call"] for line in kept(folder)}) == len(kept(folder)) == 250


def test_what_others_wrote_since_is_used(tmp_path: Path) -> None:
    """Though it was open before; a line of which only half is there yet is read when it is whole."""
    one, other = (Journal(tmp_path, "m", Counting()) for _ in range(2))
    texts(one, requests(0, 2))
    assert texts(other, requests(2, 1)) == ["text 1"]
    path = tmp_path / "calls-0000.jsonl"
    whole = path.read_bytes()
    texts(one, requests(3, 1))
    last = path.read_bytes()[len(whole) :]
    os.truncate(path, len(whole) + 30)
    assert texts(other, requests(0, 2)) == ["text 1", "text 2"]
    with path.open("ab") as file:
        file.write(last[30:])
    assert texts(other, requests(3, 1)) == ["text 3"]
    one.close()
    other.close()


def test_a_refusal_keeps_what_was_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model fails in the middle of a batch."""
    for name in (KEY, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server(lambda number, body: Answer({}, 401) if number == 20 else unique(number, body))
    patience = Patience(attempts=2, pause_s=0.01)
    try:
        journal = Journal(tmp_path, "m", HttpModel([server.url], "m", in_flight=4, patience=patience))
        with pytest.raises(CotmillError, match="401"):
            journal.complete(requests(0, 60))
        assert len(texts(journal, requests(0, 60))) == 60
        assert 60 < len(server.asked) <= 61 + 4
        journal.close()
    finally:
        server.close()


def test_closed_is_closed(tmp_path: Path) -> None:
    """An answer that comes too late raises, and is written nowhere."""
    calls = model_calls.CallFolder(tmp_path)
    calls.append(bytes(16), {})
    calls.close()
    with pytest.raises(MachineryError, match="is closed"):
        calls.append(bytes(16), {})
    assert len(kept(tmp_path)) == 1
