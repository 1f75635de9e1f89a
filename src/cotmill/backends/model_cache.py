"""A journal around a model: no call is paid twice, whatever stops the work.

An answer is appended to the folder (model_calls.py) before the thread that received it sends its next request, and is
flushed to disk before `complete` returns it. Asked again, in this process or a later one, for what it has, the journal
answers by itself, and a killed job sends again at most what was in flight. What is the same call follows from all
that could make the answer another: key, prompt, sampling parameters and the model's name.

Without a model behind it a folder is replayed: what it lacks is one error.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotmill.backends.model import REFUSED, Completion, Finished, Model, ModelRefused, Request, Usage, unheard
from cotmill.backends.model_calls import CallFolder, every_line

__all__ = ["Journal", "Spent", "spent"]

VERSION = 3  # of what names a call; another one uses no older answer


class Journal:
    """`name` is the model's: answers of another are not used, whoever serves it."""

    def __init__(self, folder: Path, name: str, model: Model | None) -> None:
        self._folder, self._name, self._model = folder, name, model
        self._calls = CallFolder(folder)

    def complete(self, requests: Sequence[Request], finished: Finished = unheard) -> list[Completion]:
        """Raises what the model raises, ModelRefused where there is none and the folder lacks an answer, and
        MachineryError where an answer cannot be kept. What was answered until then is kept."""
        self._calls.refresh()
        answers: dict[int, Completion] = {}
        refused: dict[bytes, Completion] = {}  # not kept: it cost nothing, and another server may take it

        def reached(number: int, request: Request | None) -> _Call | None:
            """Goes on with a conversation as far as answers are there; the first call that needs the model."""
            while request is not None:
                name = _name(self._name, request)
                answer = refused.get(name) or self._find(name)
                if answer is None:
                    return _Call(number, name, request)
                answers[number] = answer
                request = finished(number, answer)
            return None

        def answered(call: _Call, answer: Completion) -> _Call | None:
            if answer.finish == REFUSED:
                refused[call.name] = answer
            else:
                self._calls.append(call.name, _fields(call.request.key, self._name, answer))
            answers[call.number] = answer
            return reached(call.number, finished(call.number, answer))

        waiting = [call for number, request in enumerate(requests) if (call := reached(number, request))]
        while waiting:
            twins = self._ask(waiting, len(requests), answered)
            waiting = [call for twin in twins if (call := reached(twin.number, twin.request))]
        return [answers[number] for number in range(len(requests))]

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._calls.close()

    def _find(self, name: bytes) -> Completion | None:
        found = self._calls.find(name)
        return None if found is None else _completion(found)

    def _ask(
        self, calls: Sequence[_Call], of: int, answered: Callable[[_Call, Completion], _Call | None]
    ) -> list[_Call]:
        """Conversations, gone on with from these calls; returned are those that came to a call of another's."""
        current: dict[bytes, _Call] = {}
        twins = [call for call in calls if current.setdefault(call.name, call) is not call]
        asked, places, lock = set(current), list(current.values()), threading.Lock()
        if self._model is None:
            raise ModelRefused(
                f"{self._folder} has no answer of {self._name!r} to {len(asked)} of {of} calls, the first with key "
                f"{places[0].request.key!r}, and there is no model to ask"
            )

        def keep(place: int, completion: Completion) -> Request | None:
            following = answered(places[place], completion)
            if following is None:
                return None
            with lock:
                if following.name in asked:  # its answer is under way, or came a moment ago
                    twins.append(following)
                    return None
                asked.add(following.name)
            places[place] = following
            return following.request

        self._calls.claim()  # before anything is paid
        try:
            self._model.complete([call.request for call in places], keep)
        finally:
            self._calls.sync()
        return twins


@dataclass(frozen=True, slots=True)
class _Call:
    """Where a conversation has come to."""

    number: int  # of the conversation
    name: bytes  # under which the answer is kept
    request: Request


@dataclass(slots=True)
class Spent:
    """What calls took. `seconds` is the sum over calls, many of which run at a time."""

    calls: int = 0
    prompt: int = 0  # tokens
    completion: int = 0  # tokens
    uncounted: int = 0  # calls for which the server told no tokens
    seconds: float = 0.0


def spent(folder: Path) -> dict[tuple[str, str], Spent]:
    """By stage (the part of the key before its first slash) and model, over everything that the folder keeps."""
    found: dict[tuple[str, str], Spent] = {}
    for line in every_line(folder):
        total = found.setdefault((line["key"].partition("/")[0], line["model"]), Spent())
        total.calls += 1
        total.prompt += line["prompt_tokens"] or 0
        total.completion += line["completion_tokens"] or 0
        total.uncounted += line["prompt_tokens"] is None
        total.seconds += line["seconds"]
    return found


def _name(model: str, request: Request) -> bytes:
    """128 bits of all that could make the answer another."""
    prompt, sampling = request.prompt, request.sampling
    turns = prompt if isinstance(prompt, str) else [[turn.role, turn.content] for turn in prompt]
    drawn = [sampling.temperature, sampling.top_p, sampling.max_tokens, sampling.seed]
    asked = [VERSION, model, request.key, turns, drawn, request.schema]
    return hashlib.blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=16).digest()


def _fields(key: str, model: str, completion: Completion) -> dict[str, Any]:
    usage = completion.usage
    return {
        "key": key, "model": model, "text": completion.text, "finish": completion.finish,
        "prompt_tokens": usage and usage.prompt, "completion_tokens": usage and usage.completion,
        "seconds": round(completion.seconds, 6),
    } | ({"reasoning": completion.reasoning} if completion.reasoning else {})  # fmt: skip


def _completion(kept: dict[str, Any]) -> Completion:
    prompt, completion = kept["prompt_tokens"], kept["completion_tokens"]
    usage = None if prompt is None else Usage(prompt, completion)
    return Completion(kept["text"], kept["finish"], usage, kept.get("reasoning", ""), kept["seconds"])
