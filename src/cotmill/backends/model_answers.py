"""What goes over the wire: a request as JSON, and what of a server's JSON is the answer, the reasoning, the usage."""

from __future__ import annotations

import json
import re
from typing import Any

from cotmill.backends.model import REFUSED, Completion, Request, Usage

__all__ = ["NotAnAnswer", "objects_to_schema", "payload", "read", "said"]

CUT_OFF = frozenset({"length", "model_length", "max_tokens", "MAX_TOKENS"})  # the last three: Mistral, Claude, Gemini
CAME_TO_AN_END = frozenset({"stop", "eos", "eos_token", "end_turn", "stop_sequence"})
BROKEN_OFF = frozenset({"abort", "error"})  # by vLLM when it goes down, by OpenRouter when who is behind it fails
THINK, THOUGHT = "<think>", "</think>"
SURROGATE = re.compile("[\ud800-\udfff]")
SCHEMA_WORDS = re.compile("response_?format|json_?schema|grammar|guided|structured", re.IGNORECASE)
MOST_TOKENS = 1 << 53  # more is no count
LONGEST_WORD = 40  # characters of a finish reason of the server's own


class NotAnAnswer(Exception):
    """The body is no completion, or one that broke off: asked again, the server may do better."""


def payload(model: str, request: Request, *, structured: bool) -> bytes:
    """The body that asks for a text; `structured`: with the request's schema, where it has one."""
    sampling = request.sampling
    asked: dict[str, Any] = {
        "model": model, "temperature": sampling.temperature, "top_p": sampling.top_p, "max_tokens": sampling.max_tokens,
    }  # fmt: skip
    if sampling.seed is not None:
        asked["seed"] = sampling.seed
    if structured and request.schema is not None:
        schema = {"name": "answer", "schema": request.schema, "strict": True}
        asked["response_format"] = {"type": "json_schema", "json_schema": schema}
    if isinstance(request.prompt, str):
        asked["prompt"] = request.prompt
    else:
        asked["messages"] = [{"role": turn.role, "content": turn.content} for turn in request.prompt]
    return json.dumps(asked).encode()


def read(body: bytes, request: Request, seconds: float) -> Completion:
    """The first choice, however many there are. Raises NotAnAnswer."""
    try:
        answer = json.loads(body.decode("utf-8-sig", "replace"))
        choice = answer["choices"][0]
        usage = _usage(answer.get("usage"))
        finish = _finish(choice.get("finish_reason"), usage, request.sampling.max_tokens)
        if isinstance(request.prompt, str):
            reasoning, text = "", choice["text"]  # what goes on with a text is that text's next part, whatever it holds
        else:
            reasoning, text = _apart(choice["message"], finish)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise NotAnAnswer from None
    if not isinstance(text, str):
        raise NotAnAnswer
    return Completion(_writable(text), finish, usage, _writable(reasoning), seconds)


def said(body: bytes) -> str:
    """What a server that gives no answer says: the message in its JSON, or all of it."""
    text = body.decode("utf-8-sig", "replace")
    try:
        found = json.loads(text)
        for name in ("error", "message", "detail"):
            if isinstance(found, dict):
                found = found.get(name) or found
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, str) else text


def objects_to_schema(status: int, body: bytes) -> bool:
    """Whether it is the `response_format` that the server does not like."""
    return status in (400, 422, 500, 501) and SCHEMA_WORDS.search(body.decode("utf-8", "replace")) is not None


def _apart(message: dict[str, Any], finish: str) -> tuple[str, str | None]:
    """What a model thought, and what it answers: None where there is no answer."""
    named = message.get("reasoning_content") or message.get("reasoning")
    reasoning = named if isinstance(named, str) else ""
    text = message.get("content")
    if text is None:
        text = message.get("refusal")  # OpenAI's, where a schema is demanded and the model will not
    if text is None:  # all tokens went into reasoning, or something else explains it, such as a content filter
        return reasoning, "" if reasoning or finish != "stop" else None
    before, closing, after = text.partition(THOUGHT)
    opening = before.lstrip().startswith(THINK)
    if opening or (closing and THINK not in before):  # templates that end in <think> leave the model the closing tag
        thought = before.lstrip().removeprefix(THINK).strip()
        return "\n".join(filter(None, (reasoning, thought))), after.lstrip()
    return reasoning, text


def _finish(word: Any, usage: Usage | None, most: int) -> str:
    """A server that gives no reason sent a whole answer all the same; whether that was cut off its tokens tell. Raises
    TypeError for what is no word, ValueError for an answer that broke off."""
    if word in (None, ""):
        return "length" if usage is not None and usage.completion >= most else "stop"
    if not isinstance(word, str):
        raise TypeError
    if word in BROKEN_OFF:
        raise ValueError
    if word in CUT_OFF:
        return "length"
    if word in CAME_TO_AN_END:
        return "stop"
    return "refusal" if word == REFUSED else _writable(word[:LONGEST_WORD])


def _usage(told: Any) -> Usage | None:
    """None where one of both is no count."""
    if not isinstance(told, dict):
        return None
    prompt, completion = _count(told.get("prompt_tokens")), _count(told.get("completion_tokens"))
    return None if prompt is None or completion is None else Usage(prompt, completion)


def _count(told: Any) -> int | None:
    """A whole number from 0 on, also where it is written as 7.0; nothing else, such as NaN, -1, true."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told < MOST_TOKENS:
        return None
    return int(told) if told == int(told) else None


def _writable(text: str) -> str:
    """Halves of characters, which JSON can hold and UTF-8 cannot, become replacement characters."""
    return text if text.isascii() else SURROGATE.sub("\ufffd", text)
