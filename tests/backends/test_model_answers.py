"""What of a server's JSON is the answer, the reasoning, the usage; and what is no answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cotmill.backends.model import REFUSED, Completion, Request, Sampling, Turn, Usage
from cotmill.backends.model_answers import NotAnAnswer, objects_to_schema, payload, read, said

CHAT, TEXT = (Request(prompt, Sampling(max_tokens=9)) for prompt in ((Turn("user", "Why?"),), "def "))
USAGE = {"prompt_tokens": 3, "completion_tokens": 7}


def chat(content: Any = "x", finish: Any = "stop", usage: Any = USAGE, **message: Any) -> Any:
    return {"choices": [{"message": {"content": content, **message}, "finish_reason": finish}], "usage": usage}


def text(written: Any = "x", finish: Any = "stop", usage: Any = USAGE) -> Any:
    return {"choices": [{"text": written, "finish_reason": finish}], "usage": usage}


def got(answer: Any, request: Request = CHAT) -> Completion:
    return read(answer if isinstance(answer, bytes) else json.dumps(answer).encode(), request, 0.5)


REASONING = {
    "of its own": (chat("4", reasoning_content="2 and 2"), ("4", "2 and 2")),
    "of its own, by its newer name": (chat("4", reasoning="2 and 2"), ("4", "2 and 2")),
    "of its own, empty": (chat("4", reasoning_content="", reasoning=None), ("4", "")),
    "of its own, no text": (chat("4", reasoning={"effort": "high"}), ("4", "")),
    "all that there is": (chat(None, "length", reasoning_content="2 and"), ("", "2 and")),
    "all that there is, ended": (chat(None, reasoning="2 and"), ("", "2 and")),
    "in tags": (chat("<think>\n2 and 2\n</think>\n\n4\n"), ("4\n", "2 and 2")),
    "in tags, behind space": (chat("\n <think>2</think>4"), ("4", "2")),
    "in tags, empty": (chat("<think>\n\n</think>\n\n4"), ("4", "")),
    "behind a lost opening": (chat("2 and 2</think>\n4"), ("4", "2 and 2")),
    "without an end": (chat("<think>2 and 2 and", "length"), ("", "2 and 2 and")),
    "without an end, though it stopped": (chat("<think>2 and 2"), ("", "2 and 2")),
    "both ways": (chat("<think>b</think>4", reasoning_content="a"), ("4", "a\nb")),
    "as a subject": (chat("Write <think>a</think> first."), ("Write <think>a</think> first.", "")),
    "twice closed": (chat("<think>a</think>b</think>"), ("b</think>", "a")),
    "none": (chat("  4 "), ("  4 ", "")),
}


@pytest.mark.parametrize("case", REASONING)
def test_reasoning_is_kept_apart(case: str) -> None:
    answer, expected = REASONING[case]
    found = got(answer)
    assert (found.text, found.reasoning) == expected


def test_what_goes_on_with_a_text_is_left_whole() -> None:
    assert got(text("<think>a</think>b"), TEXT) == Completion("<think>a</think>b", "stop", Usage(3, 7))


FINISH = {
    "stop": (chat(finish="stop"), "stop"),
    "another word for it": (chat(finish="eos_token"), "stop"),
    "length": (chat(finish="length"), "length"),
    "the context is full": (chat(finish="model_length"), "length"),
    "its own": (chat(finish="content_filter"), "content_filter"),
    "its own, without a text": (chat(None, "content_filter"), "content_filter"),
    "ours": (chat(finish=REFUSED), "refusal"),
    "an essay": (chat(finish="because " * 99), ("because " * 99)[:40]),
    "none": (chat(finish=None), "stop"),
    "empty": (chat(finish=""), "stop"),
    "none, as many tokens as allowed": (chat(finish=None, usage={**USAGE, "completion_tokens": 9}), "length"),
    "none, and no usage": (chat(finish=None, usage=None), "stop"),
    "missing": ({"choices": [{"message": {"content": "x"}}]}, "stop"),
}


@pytest.mark.parametrize("case", FINISH)
def test_why_it_ended(case: str) -> None:
    answer, expected = FINISH[case]
    assert got(answer).finish == expected


COUNTS = {
    "whole": (USAGE, Usage(3, 7)),
    "written as numbers with a point": ({"prompt_tokens": 3.0, "completion_tokens": 7.0}, Usage(3, 7)),
    "nothing": (None, None),
    "an empty object": ({}, None),
    "half": ({"prompt_tokens": 3}, None),
    "null": ({"prompt_tokens": 3, "completion_tokens": None}, None),
    "not a number": ({"prompt_tokens": 3, "completion_tokens": float("nan")}, None),
    "infinite": ({"prompt_tokens": float("inf"), "completion_tokens": 7}, None),
    "negative": ({"prompt_tokens": 3, "completion_tokens": -1}, None),
    "broken": ({"prompt_tokens": 3, "completion_tokens": 7.5}, None),
    "true": ({"prompt_tokens": True, "completion_tokens": 7}, None),
    "text": ({"prompt_tokens": "3", "completion_tokens": 7}, None),
    "too large": ({"prompt_tokens": 3, "completion_tokens": 10**30}, None),
    "a list": ([3, 7], None),
}


@pytest.mark.parametrize("case", COUNTS)
def test_tokens_are_whole_numbers_or_not_known(case: str) -> None:
    told, expected = COUNTS[case]
    assert got(chat(usage=told)).usage == expected


NO_ANSWER = {
    "nothing": b"",
    "space": b" \n",
    "half": b'{"choices": [{"message": {"conte',
    "HTML": b"<!DOCTYPE html><html><body>It works!</body></html>",
    "events": b'data: {"choices": [{"delta": {"content": "x"}}]}\n\ndata: [DONE]\n',
    "a deep hole": b"[" * 100_000,
    "a number": b"7",
    "null": b"null",
    "a list": [chat()],
    "an error": {"error": {"message": "upstream is away", "code": 502}},
    "no choices": {"choices": []},
    "choices that are none": {"choices": None},
    "a choice that is none": {"choices": [None]},
    "no message": {"choices": [{"finish_reason": "stop"}]},
    "a message that is text": {"choices": [{"message": "x", "finish_reason": "stop"}]},
    "no content": {"choices": [{"message": {}, "finish_reason": "stop"}]},
    "content null": chat(None),
    "content in parts": chat([{"type": "text", "text": "x"}]),
    "a reason that is no word": chat(finish=1),
    "broken off by the server": chat(finish="abort"),
    "broken off behind the server": chat(finish="error"),
    "an answer to the other question": text(),
}


@pytest.mark.parametrize("case", NO_ANSWER)
def test_what_is_no_answer(case: str) -> None:
    with pytest.raises(NotAnAnswer):
        got(NO_ANSWER[case])


def test_a_refusal_of_the_model_s_own_is_its_text() -> None:
    assert got(chat(None, refusal="I will not.")).text == "I will not."


WRITABLE = {
    "half a character": (json.dumps(chat("a\ud83d b", reasoning="\ude00")).encode(), ("a\ufffd b", "\ufffd")),
    "both halves": (json.dumps(chat("\U0001f600")).encode(), ("\U0001f600", "")),
    "not UTF-8": (json.dumps(chat("aXb")).encode().replace(b"X", b"\xff"), ("a\ufffdb", "")),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(chat("x")).encode(), ("x", "")),
}


@pytest.mark.parametrize("case", WRITABLE)
def test_texts_can_be_written(case: str) -> None:
    body, expected = WRITABLE[case]
    found = got(body)
    assert (found.text, found.reasoning) == expected


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=9)
    | st.sampled_from(["<think>", "</think>", "stop", "length"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["choices", "message", "content", "text", "finish_reason", "usage", "reasoning", "error"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.one_of(anything, st.builds(chat, anything, anything, anything, reasoning=anything)), st.booleans())
@example({"error": {"message": {}}}, True)
def test_any_json_is_an_answer_that_can_be_written_or_none(answer: Any, chatted: bool) -> None:
    try:
        found = got(answer, CHAT if chatted else TEXT)
    except NotAnAnswer:
        pass
    else:
        (found.text + found.reasoning + found.finish).encode()
        assert found.finish != REFUSED
        assert found.usage is None or min(found.usage.prompt, found.usage.completion) >= 0
    assert isinstance(said(json.dumps(answer).encode()), str)


SAID = {
    "OpenAI": ({"error": {"message": "too long", "code": 400}}, "too long"),
    "older vLLM": ({"object": "error", "message": "too long"}, "too long"),
    "llama.cpp": ({"error": {"code": 400, "message": "too long", "type": "exceed_context_size_error"}}, "too long"),
    "FastAPI": ({"detail": "too long"}, "too long"),
    "a word": ({"error": "too long"}, "too long"),
    "a list": ({"detail": [{"msg": "too long"}]}, '{"detail": [{"msg": "too long"}]}'),
    "no JSON": (b"too long", "too long"),
    "no UTF-8": (b"too \xff", "too \ufffd"),
}


@pytest.mark.parametrize("case", SAID)
def test_what_a_server_says(case: str) -> None:
    body, expected = SAID[case]
    assert said(body if isinstance(body, bytes) else json.dumps(body).encode()) == expected


def test_a_schema_is_asked_for_where_it_may_be() -> None:
    schema = {"type": "object"}
    request = Request("x", schema=schema)
    with_it = json.loads(payload("m", request, structured=True))
    wanted = {"name": "answer", "schema": schema, "strict": True}
    assert with_it.pop("response_format") == {"type": "json_schema", "json_schema": wanted}
    assert with_it == json.loads(payload("m", request, structured=False))
    assert with_it == json.loads(payload("m", Request("x"), structured=True))


@pytest.mark.parametrize(
    ("status", "words", "whether"),
    [
        (400, "Unknown parameter: response_format", True),
        (422, "json_schema is not supported", True),
        (500, "failed to compile GRAMMAR", True),
        (501, "structured outputs need a backend", True),
        (400, "guided_json cannot be used", True),
        (400, "the prompt is too long", False),
        (429, "response_format", False),
        (200, "response_format", False),
    ],
)
def test_whether_a_server_objects_to_the_schema(status: int, words: str, whether: bool) -> None:
    assert objects_to_schema(status, words.encode()) is whether


def test_half_a_character_can_be_asked() -> None:
    assert json.loads(payload("m", Request("a\ud800"), structured=False))["prompt"] == "a\ud800"
