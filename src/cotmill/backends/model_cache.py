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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cotmill.backends.model import REFUSED, Completion, Finished, Model, ModelRefused, Request, Usage, unheard
from cotmill.backends.model_calls import CallFolder, every_line

__all__ = ["Journal", "Spent", "spent"]

VERSION = 2  # of what names a call; another one uses no older answer


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

        def kept(number: int, request: Request | None) -> Request | None:
            """Goes on with a conversation for as long as answers are kept; the first request that needs the model."""
            while request is not None and (found := self._calls.find(_name(self._name, request))) is not None:
                answers[number] = _completion(found)
                request = finished(number, answers[number])
            return request

        missing = dict(enumerate(requests))
        while missing := {n: left for n, request in missing.items() if (left := kept(n, request)) is not None}:
            once = {_name(self._name, request): number for number, request in reversed(missing.items())}
            self._ask({number: missing[number] for number in sorted(once.values())}, answers, finished, kept)
            for number in once.values():
                del missing[number]
        return [answers[number] for number in range(len(requests))]

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
        self._calls.close()

    def _ask(
        self,
        asked: dict[int, Request],
        answers: dict[int, Completion],
        finished: Finished,
        kept: Callable[[int, Request | None], Request | None],
    ) -> None:
        """Conversations, told apart by number, from these requests to their ends."""
        numbers, current = list(asked), list(asked.values())
        if self._model is None:
            raise ModelRefused(
                f"{self._folder} has no answer of {self._name!r} to {len(asked)} calls, the first with key "
                f"{current[0].key!r}, and there is no model to ask"
            )

        def keep(place: int, completion: Completion) -> Request | None:
            number, request = numbers[place], current[place]
            if completion.finish != REFUSED:  # it cost nothing, and another server may take it
                self._calls.append(_name(self._name, request), _fields(request.key, self._name, completion))
            answers[number] = completion
            following = kept(number, finished(number, completion))
            if following is not None:
                current[place] = following
            return following

        self._calls.claim()  # before anything is paid
        try:
            self._model.complete(current[:], keep)
        finally:
            self._calls.sync()


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
    asked = [VERSION, model, request.key, request.prompt, asdict(request.sampling), request.schema]
    if not isinstance(request.prompt, str):
        asked[3] = [[turn.role, turn.content] for turn in request.prompt]
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
