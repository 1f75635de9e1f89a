"""Texts for problems: a model read from disk and a served one, by the same tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.served import Answer, Server
from cotmill.backends.model import ModelRefused
from cotmill.backends.model_http import KEY
from cotmill.base.stage import CotmillError
from cotmill.student.writers import Writer, local, served
from student.writing import PROBLEMS, checkpoint

LONG = "How many? " * 2000  # no context holds it
Make = Callable[[], Writer]
Serve = Callable[..., Server]
Reach = Callable[..., Writer]


def answered(written: str, finish: str, tokens: int, **more: Any) -> Answer:
    choice = {"message": {"role": "assistant", "content": written}, "finish_reason": finish}
    return Answer({"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": tokens}}, **more)


def talker(number: int, body: dict[str, Any]) -> Answer:
    """Says what follows from the problem, and from the seed where it is asked to draw."""
    problem = body["messages"][0]["content"]
    if len(problem) > 1000:
        return Answer({"error": {"message": "the prompt is too long"}}, 400)
    drawn = [problem, body["seed"] if body["temperature"] else 0]
    words = hashlib.sha256(json.dumps(drawn).encode()).hexdigest()
    tokens = min(20 + int(words[0], 16), body["max_tokens"])
    return answered(
        words[:tokens], "stop" if tokens < body["max_tokens"] else "length", tokens, delay=0.001 * (number % 5)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoint(tmp_path_factory.mktemp("model"))


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    for name in (KEY, "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    servers: list[Server] = []

    def begin(script: Callable[[int, dict[str, Any]], Answer] = talker) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


@pytest.fixture
def reach(tmp_path: Path) -> Iterator[Reach]:
    """A served writer that is closed in the end; each without the memory of the others unless `calls` is theirs."""
    writers: list[Writer] = []

    def served_by(server: Server, calls: str = "", **more: Any) -> Writer:
        writers.append(served([server.url], "student", tmp_path / (calls or f"calls-{len(writers)}"), **more))
        return writers[-1]

    yield served_by
    for writer in writers:
        writer.close()


@pytest.fixture(params=[pytest.param("local", marks=pytest.mark.extra), "served"])
def make(request: pytest.FixtureRequest) -> Make:
    """How a writer of the same model is made."""
    if request.param == "local":
        folder = request.getfixturevalue("folder")
        return lambda: local(str(folder))
    reach, server = request.getfixturevalue("reach"), request.getfixturevalue("serve")()
    return lambda: reach(server)


def test_texts_stand_in_the_order_of_the_problems(make: Make) -> None:
    """So many for each; whoever is asked together with whom, in whatever order."""
    writer = make()
    found = list(writer.write(PROBLEMS, samples=3, temperature=1.0, max_tokens=40))
    assert [len(texts) for texts in found] == [3] * len(PROBLEMS)
    turned = list(writer.write(PROBLEMS[::-1], samples=3, temperature=1.0, max_tokens=40))
    assert turned[::-1] == found
    assert list(writer.write(PROBLEMS[1:2], samples=3, temperature=1.0, max_tokens=40)) == found[1:2]


def test_chance_is_the_seeds(make: Make) -> None:
    """The same seed, the same texts, also from a writer that was just made; another, others. No two samples agree, and
    the first ones of four are the two of two. What is greedy knows no seed."""
    one, other = make(), make()
    first = list(one.write(PROBLEMS, samples=2, temperature=1.0, max_tokens=40))
    assert list(other.write(PROBLEMS, samples=2, temperature=1.0, max_tokens=40)) == first
    assert all(texts[0] != texts[1] for texts in first)
    four = list(one.write(PROBLEMS, samples=4, temperature=1.0, max_tokens=40))
    assert [texts[:2] for texts in four] == first
    assert list(one.write(PROBLEMS, samples=2, temperature=1.0, max_tokens=40, seed=1)) != first
    greedy = list(one.write(PROBLEMS, samples=2, max_tokens=40))
    assert greedy == list(other.write(PROBLEMS, samples=2, max_tokens=40, seed=1))
    assert all(texts[0] == texts[1] for texts in greedy)
    assert one.id == other.id


def test_what_is_too_long_is_no_error(make: Make) -> None:
    """A problem that no context holds has an empty text that did not end; the others are as they were."""
    writer = make()
    alone = list(writer.write(PROBLEMS[:2], max_tokens=40))
    among = list(writer.write([PROBLEMS[0], LONG, PROBLEMS[1], LONG], max_tokens=40))
    assert [among[0], among[2]] == alone
    assert [(texts[0].text, texts[0].tokens, texts[0].ended) for texts in among[1::2]] == [("", 0, False)] * 2
    assert list(writer.write([])) == []


def test_a_text_is_cut_where_it_may_go_no_further(make: Make) -> None:
    """`ended` is the model's own end and nothing else; tokens are those that it wrote."""
    whole = [texts[0] for texts in make().write(PROBLEMS, max_tokens=10_000)]
    short = [texts[0] for texts in make().write(PROBLEMS, max_tokens=7)]
    assert any(text.ended for text in whole)
    for full, cut in zip(whole, short, strict=True):
        assert cut.tokens <= 7
        assert cut.ended == (full.ended and full.tokens <= 7)
        assert not cut.ended or cut == full


@pytest.mark.extra
def test_greedy_texts_are_those_of_transformers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `generate` writes them for each prompt alone: fillings, rows that leave the batch and the growing cache
    change nothing, however many are written at a time."""
    import torch
    import transformers

    from cotmill.student import decode

    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    problems = [f"{problem} {number}" for number in range(8) for problem in PROBLEMS]
    wanted = []
    for problem in problems:
        chat = [{"role": "user", "content": problem}]
        prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        with torch.inference_mode():
            found = model.generate(**prompt, do_sample=False, max_new_tokens=150)[0, prompt["input_ids"].shape[1] :]
        wanted.append((tokenizer.decode(found, skip_special_tokens=True), len(found)))
    assert 5 < sum(tokens < 150 for _, tokens in wanted) < 36  # some end early, some are cut
    texts = [(each.text, each.tokens) for (each,) in local(str(folder)).write(problems, max_tokens=150)]
    assert texts == wanted
    monkeypatch.setattr(decode, "CPU_BYTES", 200_000)  # a few texts at a time
    assert [(each.text, each.tokens) for (each,) in local(str(folder)).write(problems, max_tokens=150)] == wanted


@pytest.mark.extra
def test_the_context_is_kept_to(tmp_path: Path) -> None:
    """A text ends at the last position that the model knows, whatever stands beside it in the batch."""
    writer = local(str(checkpoint(tmp_path / "short", context=64)))
    lengths = [len(prompt) for prompt in writer._prompts(PROBLEMS)]  # type: ignore[attr-defined]
    found = [texts[0] for texts in writer.write(PROBLEMS, max_tokens=1000)]
    for length, written in zip(lengths, found, strict=True):
        assert written.tokens <= 64 - length
        assert written.ended or written.tokens == 64 - length
    assert not all(written.ended for written in found)


@pytest.mark.extra
def test_models_are_told_apart(folder: Path, tmp_path: Path) -> None:
    """By the folder's name and what is in it; other weights of the same size are another model."""
    same, other = checkpoint(tmp_path / "same" / folder.name), checkpoint(tmp_path / "other" / folder.name, seed=1)
    assert local(str(same)).id == local(str(folder)).id
    assert local(str(other)).id != local(str(folder)).id
    assert local(str(folder)).id.startswith(f"{folder.name}@")


@pytest.mark.extra
def test_weights_of_the_older_form_tell_models_apart(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    ids = set()
    for add in (0, 1):
        folder = checkpoint(tmp_path / str(add) / "model")
        weights = load_file(folder / "model.safetensors")
        (folder / "model.safetensors").unlink()
        torch.save({name: weight + add for name, weight in weights.items()}, folder / "pytorch_model.bin")
        ids.add(local(str(folder)).id)
    assert len(ids) == 2


@pytest.mark.extra
def test_what_is_no_model_is_one_message(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CotmillError, match="nothing-here"):
        local(str(tmp_path / "nothing-here"))
    broken = checkpoint(tmp_path / "broken")
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CotmillError, match="no model can be read from"):
        local(str(broken))


def test_without_the_extra_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotmill.backends.needs.find_spec", lambda name: None)
    with pytest.raises(CotmillError, match=r"pip install 'cotmill\[train\]'"):
        local("anything")


def test_a_served_model_is_asked_for_nothing_twice(serve: Serve, reach: Reach) -> None:
    """What was answered before a stop is there, also where nobody had taken it; another seed is another question."""
    server = serve()

    def write(**more: Any) -> list[Any]:
        writer = reach(server, "calls")
        found = list(writer.write(PROBLEMS, samples=2, temperature=1.0, **more))
        writer.close()
        return found

    writer = reach(server, "calls", in_flight=1)
    first = next(iter(writer.write(PROBLEMS, samples=2, temperature=1.0)))
    writer.close()
    assert 2 <= len(server.asked) <= 2 * len(PROBLEMS)
    found = write()
    assert found[0] == first
    assert len(server.asked) <= 2 * len(PROBLEMS) + 1  # one was under way
    asked = len(server.asked)
    assert write() == found
    assert len(server.asked) == asked
    write(seed=1)
    assert len(server.asked) == asked + 2 * len(PROBLEMS)


def test_texts_come_while_later_ones_are_written(serve: Serve, reach: Reach) -> None:
    """The first are there although the last never comes: nobody waits for the slowest to see the others."""

    def script(number: int, body: dict[str, Any]) -> Answer:
        return (
            talker(number, body) if "Say nothing" not in body["messages"][0]["content"] else Answer(drop=True, delay=1)
        )

    texts = reach(serve(script)).write(PROBLEMS)
    assert [next(texts)[0].ended for _ in PROBLEMS[:-1]] == [True] * 4


def test_a_server_that_refuses_all_is_one_message(serve: Serve, reach: Reach) -> None:
    server = serve(lambda number, body: Answer({"error": "no such model"}, 404))
    with pytest.raises(ModelRefused, match="no such model"):
        list(reach(server).write(PROBLEMS))


def test_thoughts_are_no_part_of_the_text(serve: Serve, reach: Reach) -> None:
    server = serve(lambda number, body: answered("<think>2 + 3 is 6, no, 5</think>\nAnswer: 5", "stop", 20))
    ((found,),) = reach(server).write(PROBLEMS[:1])
    assert (found.text, found.tokens) == ("Answer: 5", 20)
